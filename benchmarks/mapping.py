"""Measure the map step: microseconds a record by the default packs, beside json.loads of the same record.

    python -m benchmarks.mapping [--records 2000] [--rounds 5]

No database is touched. A product has a description of 2 kB, ten images and a dozen parameters; an order has five lines, each mapped too.
The best of the rounds is shown, since everything else that a machine does only ever makes it slower.
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
WIDTH = 12


def main() -> None:
    """Print a table with a row for each dialect and entity."""
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print(f"{'dialect':{WIDTH}}{'record':{WIDTH}}{'map µs':>{WIDTH}}{'target µs':>{WIDTH}}{'json.loads µs':>{WIDTH + 4}}{'ratio':>{WIDTH}}")
    for dialect in ("rest", "data"):
        for entity, work, text in _cases(dialect):
            mapped = _best(work, options.records, options.rounds)
            parsed = _best(lambda text=text: json.loads(text, parse_float=Decimal), options.records, options.rounds)
            print(
                f"{dialect:{WIDTH}}{entity:{WIDTH}}{mapped:>{WIDTH}.0f}{TARGETS[entity]:>{WIDTH}}"
                f"{parsed:>{WIDTH + 4}.1f}{mapped / parsed:>{WIDTH}.1f}"
            )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _best(work: Callable[[], object], times: int, rounds: int) -> float:
    """Return the microseconds of one call in the best round."""
    found = []
    for _round in range(rounds):
        begin = time.perf_counter()
        for _time in range(times):
            work()
        found.append((time.perf_counter() - begin) / times * 1e6)
    return min(found)


def _cases(dialect: str) -> list[tuple[str, Callable[[], object], str]]:
    from mappings.engine import map_record

    snapshot = _snapshot(dialect)
    product, order, refs = (
        _product(),
        _order(),
        {"productIds": {f"PAN-{n}": f"id-{n}" for n in range(5)}, "contactId": "c", "companyId": "f"},
    )
    header = {name: value for name, value in order.items() if name != "items"}

    def map_order() -> None:
        draft = map_record(snapshot, "order", order, refs=refs)
        lines = [map_record(snapshot, "order_line", {**item, "order": header}, refs=refs) for item in order["items"]]
        assert not draft.problems and not any(line.problems for line in lines)

    def map_product() -> None:
        assert not map_record(snapshot, "product", product).problems

    return [("product", map_product, _as_json(product)), ("order", map_order, _as_json(order))]


def _as_json(record: dict[str, Any]) -> str:
    return json.dumps(record, default=float, ensure_ascii=False)


def _snapshot(dialect: str) -> Any:
    from mappings.packs import pack_rows
    from mappings.snapshot import MappingSnapshot, compile_rows
    from mappings.tables import Target

    tables = {
        "category": {"cat-1": Target("Nádobí")},
        "status": {"-1": Target("Probíhající", "", {"document": "offer", "cancels": False})},
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
