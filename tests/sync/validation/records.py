"""Records and drafts that are right, for tests to break in one place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

GUID = "1b02cb8e-d7b5-11e0-9a5c-feab5ed617ed"


def address(**changes: Any) -> dict[str, Any]:
    return {"fullName": "Jan Novák", "street": "Dlouhá 12", "city": "Brno", "zip": "602 00", "country": "CZ", **changes}


def item(total: str, *, rate: str = "21", without: str | None = None, vat: str | None = None, **changes: Any) -> dict[str, Any]:
    amount = Decimal(total)
    return {
        "id": "1",
        "productId": GUID,
        "code": "RON-24",
        "type": "product",
        "name": "Rondon 24 cm",
        "quantity": Decimal(1),
        "unit": "ks",
        "unitPrice": amount,
        "vatRate": Decimal(rate),
        "total": amount,
        "totalWithoutVat": None if without is None else Decimal(without),
        "vat": None if vat is None else Decimal(vat),
        "vatBreakdown": [],
        **changes,
    }


def order(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    lines = list(items) or [item("121.00")]
    total = sum((line["total"] for line in lines), Decimal(0))
    return {
        "id": "2026000057",
        "number": "2026000057",
        "customerId": GUID,
        "customer": {"email": "jan@example.com", "phone": "+420 777 123 456", "companyId": "27082440"},
        "billingAddress": address(),
        "deliveryAddress": None,
        "addressesEqual": True,
        "items": lines,
        "setComponents": [],
        "total": total,
        "toPay": total,
        "currency": "CZK",
        "exchangeRate": Decimal(1),
        **changes,
    }


def order_draft(**changes: Any) -> dict[str, Any]:
    return {
        "externiidsupl": "shoptet:2026000057",
        "statuscode": "Probíhající",
        "datumvystaveni": "2026-01-12",
        "cenadphprodej": Decimal("121.00"),
        "mena": "CZK",
        **changes,
    }


def line_draft(total: str = "121.00", *, rate: str = "21", **changes: Any) -> dict[str, Any]:
    return {
        "nazev": "Rondon 24 cm",
        "mnozstvi": Decimal(1),
        "jcenadphprodej": Decimal(total),
        "cenadphprodej": Decimal(total),
        "sazbadph": Decimal(rate),
        **changes,
    }


def product_draft(**changes: Any) -> dict[str, Any]:
    return {
        "externiidsupl": "shoptet:RON-24",
        "code": "RON-24",
        "name": "Rondon 24 cm",
        "cenadphprodej": Decimal("149.90"),
        "sazbadph": Decimal(21),
        "zobrazit": True,
        **changes,
    }
