"""The lines of an order as a document needs them: each with one VAT rate, and the rounding as a line of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from sync.validation.line_prices import priced
from sync.validation.reading import amount, money, rows, text, to_cents

ROUNDING = "rounding"
FREE_TYPES = frozenset({"gift"})
ROUNDING_LIMITS = {"HUF": Decimal(5)}
ROUNDING_LIMIT = Decimal(1)
ZERO = Decimal("0.00")


class Share(NamedTuple):
    """The part of a line that belongs to one VAT rate, in cents; what Shoptet did not say is None."""

    rate: Decimal | None
    with_vat: Decimal
    without_vat: Decimal | None
    vat: Decimal | None


def money_items(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """List the items that carry money; a set's components are paid for by the set."""
    return [item for item in rows(record.get("items")) if not _is_component(item)]


def _is_component(item: Mapping[str, Any]) -> bool:
    return item.get("type") == "product-set-item" or bool(item.get("parentSetItemId"))


def line_total(item: Mapping[str, Any]) -> Decimal | None:
    """Return a line's amount with VAT; the line's own total wins over quantity × unit price."""
    total = money(item.get("total"))
    if total is not None:
        return total
    quantity, unit_price = amount(item.get("quantity")), amount(item.get("unitPrice"))
    if quantity is not None and unit_price is not None:
        return to_cents(quantity * unit_price)
    return ZERO if text(item.get("type")) in FREE_TYPES else None


def shares(item: Mapping[str, Any]) -> list[Share]:
    """Spread a line over its VAT rates, highest first; a breakdown that misses the line's total is not followed."""
    total = line_total(item)
    if total is None:
        return []
    spread = _breakdown(item)
    if spread and sum(share.with_vat for share in spread) == total:
        return spread
    return [Share(amount(item.get("vatRate")), total, money(item.get("totalWithoutVat")), money(item.get("vat")))]


def _breakdown(item: Mapping[str, Any]) -> list[Share]:
    parts: list[Share] = []
    for row in rows(item.get("vatBreakdown")):
        rate, with_vat = amount(row.get("vatRate")), money(row.get("withVat"))
        if rate is None or with_vat is None:
            return []
        parts.append(Share(rate, with_vat, money(row.get("withoutVat")), money(row.get("vat"))))
    return sorted(parts, key=lambda part: part.rate or ZERO, reverse=True)


def document_lines(record: Mapping[str, Any], *, with_discount: bool = True) -> list[dict[str, Any]]:
    """List the lines to write: the items, those of several VAT rates once per rate, and the rounding line; each multiplies out.

    `with_discount` where what is written of a line has room for its `discount`; else prices are those after the discount.
    """
    lines = [_priced(line, with_discount) for item in money_items(record) for line in _lines_of(item)]
    rounding = rounding_line(record)
    return [*lines, rounding] if rounding else lines


def _priced(line: dict[str, Any], with_discount: bool) -> dict[str, Any]:
    total = line_total(line)
    return line if total is None else priced(line, total, with_discount=with_discount)


def _lines_of(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = shares(item)
    if not parts:
        return [dict(item)]
    if len(parts) == 1:
        return [{**item, "total": parts[0].with_vat, **_single_rate(item, parts[0])}]
    return [{**item, **_part(item, part)} for part in parts]


def _single_rate(item: Mapping[str, Any], share: Share) -> dict[str, Any]:
    if not item.get("vatBreakdown"):
        return {}
    return {"vatRate": share.rate, "totalWithoutVat": share.without_vat, "vat": share.vat}


def _part(item: Mapping[str, Any], share: Share) -> dict[str, Any]:
    rate = rate_text(share.rate)
    return {
        "id": f"{text(item.get('id'))}:{rate}",
        "name": f"{text(item.get('name'))} ({rate} %)",
        "quantity": Decimal(1),
        "discountRatio": Decimal(1),
        "unitPrice": share.with_vat,
        "unitPriceWithoutVat": share.without_vat,
        "vatRate": share.rate,
        "total": share.with_vat,
        "totalWithoutVat": share.without_vat,
        "vat": share.vat,
    }


def rate_text(rate: Decimal | None) -> str:
    """Write a VAT rate as people do: 21, 12.5, or a dash where it is not known."""
    return "–" if rate is None else f"{rate.normalize():f}"


def rounding_of(record: Mapping[str, Any]) -> Decimal:
    """Return the amount to pay less the total with VAT, in the order's currency."""
    total, to_pay = money(record.get("total")), money(record.get("toPay"))
    return ZERO if total is None or to_pay is None else to_pay - total


def is_rounding(record: Mapping[str, Any]) -> bool:
    """Tell a rounding from a deposit or a part payment: rounding stays below the currency's smallest coin in use."""
    limit = ROUNDING_LIMITS.get(text(record.get("currency")).upper(), ROUNDING_LIMIT)
    return abs(rounding_of(record)) < limit


def rounding_line(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Make the line that leads from the total to the amount to pay, in the shape of an item; none where they agree."""
    value = rounding_of(record)
    if not value or not is_rounding(record):
        return None
    amounts = {"unitPrice": value, "unitPriceWithoutVat": value, "total": value, "totalWithoutVat": value}
    return {**_EMPTY_ITEM, **amounts, "id": ROUNDING, "type": ROUNDING, "name": rounding_name()}


def rounding_name() -> str:
    """Name the rounding line in the portal's own language, whoever asks: the name is part of what is compared."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("Rounding")


_EMPTY_ITEM: dict[str, Any] = {
    **dict.fromkeys(("productId", "code", "variantName", "ean", "unit", "remark", "additionalField", "stockLocation"), ""),
    **dict.fromkeys(("purchasePrice", "parentSetItemId", "weight")),
    "quantity": Decimal(1),
    "discountRatio": Decimal(1),
    "discount": Decimal(0),
    "vatRate": Decimal(0),
    "vat": ZERO,
    "surcharges": [],
    "vatBreakdown": [],
}
