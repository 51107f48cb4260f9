"""Puts an order together in the shape of Shoptet's order detail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.shoptet.clock import wire_time
from sandbox.shoptet.identity import guid
from sandbox.shoptet.money import crowns, exchange_text, price_text, sum_of
from sandbox.shoptet.order_request import OrderRequest, RequestRefused
from sandbox.shoptet.seed.products import SHOP_URL
from sandbox.shoptet.seed.settings import ADDITIONAL_FIELDS, PAYMENTS, SHIPPINGS, SOURCES, STATUS_NAMES

Record = dict[str, Any]

ADDRESS = (
    "company",
    "fullName",
    "street",
    "houseNumber",
    "city",
    "district",
    "additional",
    "zip",
    "countryCode",
    "regionName",
    "regionShortcut",
)
COMPANY = ("companyId", "vatId", "vatIdValidationStatus", "taxId")
BRANCHES = (
    ("1234", "Zásilkovna – Brno, Lidická 4", "Lidická 4", "Brno", "60200"),
    ("4321", "Zásilkovna – Praha 2, Anglická 9", "Anglická 9", "Praha 2", "12000"),
)


def method(methods: tuple[Record, ...], wanted: str) -> Record:
    """Return the shipping or payment method with a GUID, code or name; the first one without a wish. Raises RequestRefused."""
    if not wanted:
        return methods[0]
    for row in methods:
        code = row.get("_code") or row.get("paymentType", {}).get("code")
        if wanted in (row["guid"], row["name"], code):
            return row
    raise RequestRefused(f"there is no method {wanted!r}")


def status_record(status: int) -> Record:
    """Return a status as an order shows it. Raises RequestRefused."""
    if status not in STATUS_NAMES:
        raise RequestRefused(f"there is no order status {status}")
    return {"name": STATUS_NAMES[status], "id": status}


def billing_address(source: Record) -> Record:
    """Return an order's billing address from a customer's or a guest's."""
    return {key: source.get(key) for key in ADDRESS + COMPANY} | {"countryCode": source.get("countryCode") or "CZ"}


def delivery_address(source: Record) -> Record:
    """Return an order's delivery address."""
    return {key: source.get(key) for key in ADDRESS} | {"countryCode": source.get("countryCode") or "CZ"}


def total_prices(items: list[Record], currency: str, exchange: Decimal, *, rounds: bool) -> Record:
    """Return the sums of an order; only what is paid in cash is rounded to whole crowns."""
    total = sum((Decimal(item["itemPrice"]["withVat"]) for item in items), Decimal(0))
    base = sum_of([item["itemPrice"] for item in items], "withoutVat")
    to_pay = crowns(total) if rounds and currency == "CZK" else total
    return {
        "vat": price_text(total - base), "toPay": price_text(to_pay), "currencyCode": currency, "withoutVat": price_text(base),
        "withVat": price_text(total), "exchangeRate": exchange_text(exchange), "invoicingExchangeRate": exchange_text(exchange),
        "partialPaymentAmount": "0.00", "partialPaymentType": "percents",
    }  # fmt: skip


class OrderRecord:
    """Builds the record of one order step by step."""

    def __init__(self, request: OrderRequest, code: str, number: int, created: datetime, next_id: Callable[[], int]) -> None:
        self.request, self.code, self.number, self.created, self.next_id = request, code, number, created, next_id
        self.shipping = method(SHIPPINGS, request.shipping)
        self.payment = method(PAYMENTS, request.payment)

    def build(self, items: list[Record], buyer: Record, exchange: Decimal, components: dict[str, list[Record]]) -> Record:
        """Return the record; `buyer` has email, phone, billing, delivery and guid."""
        request, status = self.request, status_record(self.request.status)
        numbered = [{**item, "itemId": self.next_id(), "status": dict(status)} for item in items]
        delivery = (
            delivery_address(request.delivery_address or buyer["delivery"]) if request.delivery_address or buyer["delivery"] else None
        )
        created = wire_time(self.created)
        return {
            "code": self.code, "guid": guid("order", self.number, self.code), "externalCode": request.external_code,
            "creationTime": created,
            "changeTime": created, "email": buyer["email"], "phone": buyer["phone"], "birthDate": None, "clientIPAddress": "192.0.2.17",
            "customerGuid": buyer["guid"], "cashDeskOrder": request.source == 2, "stockId": request.stock,
            "addressesEqual": delivery is None,
            "vatPayer": True, "vatMode": "Normal", "billingMethod": dict(self.payment["_billing"]),
            "paymentMethod": {"guid": self.payment["guid"], "name": self.payment["name"]},
            "shipping": {"guid": self.shipping["guid"], "name": self.shipping["name"]}, "shippingDetails": self._branch(),
            "adminUrl": f"{SHOP_URL}/admin/objednavky-detail/?id={self.number}", "status": status,
            "source": {"name": SOURCES.get(request.source, SOURCES[1]), "id": request.source}, "salesChannelGuid": None,
            "price": total_prices(numbered, request.currency, exchange, rounds=self.payment["_rounds"]), "paid": request.paid,
            "billingAddress": billing_address(buyer["billing"]), "deliveryAddress": delivery, "onlinePaymentLink": None, "language": "cs",
            "referer": None, "paymentMethods": self._methods(numbered, "billing", "paymentMethod", self.payment),
            "shippings": self._methods(numbered, "shipping", "shipping", self.shipping), "items": numbered, "notes": self._notes(),
            "completion": completion(numbered, components), "paymentTransactions": [], **request.override,
        }  # fmt: skip

    def _methods(self, items: list[Record], kind: str, field: str, row: Record) -> list[Record]:
        return [{field: {"guid": row["guid"], "name": row["name"]}, "itemId": item["itemId"]} for item in items if item["itemType"] == kind]

    def _branch(self) -> Record | None:
        if self.shipping["_code"] != "zasilkovna":
            return None
        branch, name, street, city, code = BRANCHES[self.number % 2]
        return {
            "branchId": branch, "shippingCompanyCode": "zasilkovna", "shippingServiceCode": "zasilkovna-pickup", "name": name,
            "note": "<p>Po–Pá 8:00–18:00</p>", "place": None, "street": street, "city": city, "zipCode": code, "countryCode": "CZ",
            "link": None, "latitude": None, "longitude": None, "carrierId": None,
        }  # fmt: skip

    def _notes(self) -> Record:
        request, tracking = self.request, self.shipping["trackingUrl"]
        url = tracking.replace("#PACKAGE_NO#", request.tracking) if tracking and request.tracking else None
        return {
            "customerRemark": request.remark, "eshopRemark": request.eshop_remark, "trackingNumber": request.tracking, "trackingUrl": url,
            "additionalFields": [
                {"index": index, "label": label, "text": request.additional.get(index)} for index, label in enumerate(ADDITIONAL_FIELDS,
                    start=1)
            ],
        }  # fmt: skip


def completion(items: list[Record], components: dict[str, list[Record]]) -> list[Record]:
    """Return the picking list: the goods, and for a set its parts with the set's item id as their parent."""
    rows: list[Record] = []
    for item in items:
        if item["itemType"] not in ("product", "product-set", "gift"):
            continue
        rows.append(
            {
                key: item[key]
                for key in ("productGuid", "code", "itemType", "name", "variantName", "amount", "amountUnit", "itemId", "amountCompleted")
            }
        )
        rows.extend({**part, "parentProductSetItemId": item["itemId"]} for part in components.get(item["code"] or "", ()))
    return rows
