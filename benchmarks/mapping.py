"""Measure the map and validate steps: microseconds a record by the default packs, beside json.loads of the same record.

    python -m benchmarks.mapping [--records 2000] [--rounds 5]

No database is touched. A product has a description of 2 kB, ten images and a dozen parameters; an order has five lines, each mapped too,
and becomes an Objednávka, so that its header is mapped twice, as the flow does it. The ratio is that
of both steps together. The best of the rounds is shown, since everything else that a machine does only ever makes it slower.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import django

TARGETS = {"product": 1_000, "order": 3_000}
WIDTH = 15


def main() -> None:
    """Print a table with a row for each dialect and entity."""
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    titles = ("dialect", "record", "map µs", "validate µs", "both µs", "target µs", "json.loads µs", "ratio")
    print("".join(f"{title:>{WIDTH}}" for title in titles))
    for dialect in ("rest", "data"):
        for entity, map_it, validate_it, text in _cases(dialect):
            mapped = _best(map_it, options.records, options.rounds)
            validated = _best(validate_it, options.records, options.rounds)
            parsed = _best(lambda text=text: json.loads(text, parse_float=Decimal), options.records, options.rounds)
            both = mapped + validated
            figures = (f"{mapped:.0f}", f"{validated:.0f}", f"{both:.0f}", f"{TARGETS[entity]}", f"{parsed:.1f}", f"{both / parsed:.1f}")
            print("".join(f"{one:>{WIDTH}}" for one in (dialect, entity, *figures)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _best(work: Callable[[], object], times: int, rounds: int) -> float:
    """Return the microseconds of one call in the best round, of the thread's own time: what else the machine does is not counted."""
    found = []
    for _round in range(rounds):
        begin = time.thread_time()
        for _time in range(times):
            work()
        found.append((time.thread_time() - begin) / times * 1e6)
    return min(found)


Case = tuple[str, Callable[[], object], Callable[[], object], str]
"""An entity, its map step, its validate step, and the record as JSON."""


def _cases(dialect: str) -> list[Case]:
    return [_product_case(dialect), _order_case(dialect)]


def _product_case(dialect: str) -> Case:
    from sync.mapping import map_part
    from sync.validation import validate_product

    ctx, record = _context(dialect), _product()
    part = _part("product", record)

    def map_product() -> None:
        assert not map_part(ctx, part, "product").problems

    def validate() -> None:
        found = validate_product(record, part.fields, dialect=dialect, evidences=ctx.bluejet.evidences)
        assert not any(issue.is_error for issue in found), found

    return "product", map_product, validate, _as_json(record)


def _order_case(dialect: str) -> Case:
    from sync.flows.order.lines import line_fields, map_lines
    from sync.mapping import map_part
    from sync.validation import validate_order

    ctx, record = _context(dialect), _order()
    part = _part("offer", record)
    part.refs = {"productIds": {f"PAN-{n}": _guid(n) for n in range(5)}, "contactId": _guid(10), "companyId": _guid(11)}

    def map_order() -> None:
        part.kind = "offer"
        assert map_part(ctx, part, "order").document == "order"
        part.kind = "order"
        map_part(ctx, part, "order")
        map_lines(ctx, part)
        assert part.outcome is None, part.outcome

    def validate() -> None:
        lines = line_fields(part)
        found = validate_order(record, part.fields, lines, dialect=dialect, kind="order", refs=part.refs, evidences=ctx.bluejet.evidences)
        assert not any(issue.is_error for issue in found), found

    return "order", map_order, validate, _as_json(record)


def _guid(number: int) -> str:
    return f"7be5de40-dcfb-4558-ad48-8848{number:08d}"


def _part(kind: str, record: dict[str, Any]) -> Any:
    from django.utils import timezone

    from sync.flow import Item, Part

    return Part(Item(record["id"], record, None, timezone.now()), kind, record["id"], record)


def _context(dialect: str) -> Any:
    from clients.bluejet import evidences_for
    from shops.models import BlueJetAccount, Shop
    from sync.flow import Context
    from sync.workbench.stages import SilentBlueJet

    silent: Any = SilentBlueJet(dialect, evidences_for(dialect, {}))  # type: ignore[arg-type]
    nobody: Any = None
    return Context(Shop(), BlueJetAccount(dialect=dialect), nobody, silent, _snapshot(dialect), writes=False)


def _as_json(record: dict[str, Any]) -> str:
    return json.dumps(record, default=float, ensure_ascii=False)


def _snapshot(dialect: str) -> Any:
    from mappings.packs import pack_rows
    from mappings.snapshot import MappingSnapshot, compile_rows
    from mappings.tables import Target

    tables = {
        "category": {"cat-1": Target("Nádobí")},
        "status": {"-1": Target("Potvrzená", "", {"document": "order", "cancels": False})},
        "payment": {"6": Target("Převodem")},
        "shipping": {"9": Target("PPL")},
    }
    return MappingSnapshot(1, 1, ZoneInfo("Europe/Prague"), "shoptet", compile_rows(pack_rows(dialect)), tables)


def _product() -> dict[str, Any]:
    return {
        "id": "PAN-1",
        "code": "PAN-1",
        "name": "Pánev nerezová 28 cm",
        "description": "<p>Sendvičové dno, <b>nerez 18/10</b>, vhodné pro indukci.</p><ul><li>do trouby</li></ul>" * 24,
        "shortDescription": "<p>Pánev pro indukci</p>",
        "price": Decimal("1499.00"),
        "priceWithVat": Decimal("1499.00"),
        "priceWithoutVat": Decimal("1238.84"),
        "vatRate": Decimal("21.00"),
        "currency": "CZK",
        "purchasePrice": Decimal("800.00"),
        "commonPrice": Decimal("1799.00"),
        "quantity": Decimal("25.000"),
        "unit": "ks",
        "ean": "8590000000017",
        "weight": Decimal("1.450"),
        "brand": "Gastro",
        "supplier": "Nerez a.s.",
        "categoryId": "cat-1",
        "categoryName": "Pánve",
        "imageUrl": "https://cdn.example.com/pan/0.jpg",
        "images": [f"https://cdn.example.com/pan/{n}.jpg" for n in range(10)],
        "variantParameters": [{"name": "Průměr", "value": "28 cm"}],
        "descriptiveParameters": [{"name": f"Parametr {n}", "value": f"hodnota {n}"} for n in range(11)],
        "visible": True,
        "warranty": "2 roky",
        "url": "https://shop.example.com/panev/",
    }


def _order() -> dict[str, Any]:
    address = {
        "fullName": "Jana Nováková",
        "company": "Bistro s.r.o.",
        "street": "Dlouhá 1",
        "city": "Brno",
        "zip": "602 00",
        "country": "CZ",
    }
    return {
        "id": "2026000123",
        "number": "2026000123",
        "createdAt": "2026-10-24T22:30:00+00:00",
        "status": "-1",
        "statusName": "Nevyřízená",
        "customer": {"firstName": "Jana", "lastName": "Nováková", "email": "jana@example.com", "phone": "+420 601 234 567"},
        "billingAddress": address,
        "deliveryAddress": address,
        "total": Decimal("7495.00"),
        "totalWithoutVat": Decimal("6194.20"),
        "vat": Decimal("1300.80"),
        "toPay": Decimal("7495.00"),
        "rounding": Decimal("0.00"),
        "currency": "CZK",
        "exchangeRate": Decimal("1.00000000"),
        "totalCzk": Decimal("7495.00"),
        "paid": True,
        "payment": {"id": "6", "name": "Převodem"},
        "shipping": {"id": "9", "name": "PPL", "branchName": ""},
        "customerRemark": "zvonit",
        "eshopRemark": "",
        "additionalFields": [{"index": n, "label": f"Pole {n}", "text": f"text {n}"} for n in range(1, 7)],
        "items": [_line(number) for number in range(5)],
    }


def _line(number: int) -> dict[str, Any]:
    return {
        "id": str(number),
        "productId": f"guid-{number}",
        "code": f"PAN-{number}",
        "type": "product",
        "name": "Pánev nerezová 28 cm Barva: černá",
        "quantity": Decimal("1.000"),
        "unit": "ks",
        "unitPrice": Decimal("1499.00"),
        "unitPriceWithoutVat": Decimal("1238.84"),
        "vatRate": Decimal("21.00"),
        "total": Decimal("1499.00"),
        "totalWithoutVat": Decimal("1238.84"),
        "vat": Decimal("260.16"),
        "surcharges": ["gravírování"],
    }


if __name__ == "__main__":
    main()
