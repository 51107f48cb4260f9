"""What somebody wants to order: the input of order making, read from JSON, a form or the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.shoptet.clock import parse_time
from sandbox.shoptet.seed.settings import COUPONS, DEFAULT_STATUS, DEFAULT_STOCK

Record = dict[str, Any]


class RequestRefused(Exception):
    """The shop cannot do what was asked; the text says why."""


@dataclass(frozen=True)
class Wanted:
    """One line of the basket. `override` replaces parts of the finished item, for what the shop alone would not make."""

    code: str
    amount: Decimal = Decimal(1)
    ratio: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    surcharge: tuple[str, Decimal] | None = None
    override: Record = field(default_factory=dict)


@dataclass(frozen=True)
class OrderRequest:
    """An order to be placed. `customer` is a GUID; without one, `guest` says who buys. `override` replaces parts of the finished order."""

    items: tuple[Wanted, ...]
    customer: str = ""
    guest: Record = field(default_factory=dict)
    currency: str = ""
    exchange_rate: Decimal | None = None
    coupon: str = ""
    gift: str = ""
    volume_discount: Decimal = Decimal(0)
    free_shipping: bool = False
    shipping: str = ""
    payment: str = ""
    paid: bool | None = False
    status: int = DEFAULT_STATUS
    stock: int = DEFAULT_STOCK
    created: datetime | None = None
    delivery_address: Record | None = None
    remark: str | None = None
    eshop_remark: str | None = None
    tracking: str | None = None
    additional: dict[int, str] = field(default_factory=dict)
    external_code: str | None = None
    code: str = ""
    source: int = 1
    extra: tuple[Record, ...] = ()
    override: Record = field(default_factory=dict)


def decimal_of(value: Any, name: str) -> Decimal:
    """Read a number; a decimal comma is understood. Raises RequestRefused."""
    try:
        return Decimal(str(value).replace(",", ".").replace(" ", ""))
    except InvalidOperation as error:
        raise RequestRefused(f"{name}: {value!r} is not a number") from error


def coupon_discount(coupon: str) -> tuple[str, Decimal]:
    """Return ('percent' or 'amount', value) of a coupon: a known code, '15 %' or an amount."""
    if coupon in COUPONS:
        kind, value = COUPONS[coupon]
        return kind, Decimal(value)
    kind = "percent" if "%" in coupon else "amount"
    return kind, decimal_of(coupon.replace("%", ""), "coupon")


def order_request(data: Record) -> OrderRequest:
    """Read the JSON of the control interface. Raises RequestRefused."""
    status = data.get("status")
    created = data.get("creationTime")
    try:
        moment = parse_time(created) if created else None
    except ValueError as error:
        raise RequestRefused(f"creationTime: {error}") from error
    rate = data.get("exchangeRate")
    return OrderRequest(
        items=tuple(_wanted(item) for item in data.get("items") or ()),
        customer=data.get("customer") or "",
        guest=data.get("guest") or {},
        currency=data.get("currency") or "",
        exchange_rate=decimal_of(rate, "exchangeRate") if rate else None,
        coupon=str(data.get("coupon") or ""),
        gift=str(data.get("gift") or ""),
        volume_discount=decimal_of(data.get("volumeDiscount") or 0, "volumeDiscount"),
        free_shipping=bool(data.get("freeShipping")),
        shipping=data.get("shipping") or "",
        payment=data.get("payment") or "",
        paid=data.get("paid", False),
        status=DEFAULT_STATUS if status is None else int(status),
        stock=int(data.get("stock") or DEFAULT_STOCK),
        created=moment,
        delivery_address=data.get("deliveryAddress"),
        remark=data.get("remark"),
        eshop_remark=data.get("eshopRemark"),
        tracking=data.get("trackingNumber"),
        additional={int(index): text for index, text in (data.get("additionalFields") or {}).items()},
        external_code=data.get("externalCode"),
        code=data.get("code") or "",
        source=int(data.get("source") or 1),
        override=data.get("override") or {},
    )


def _wanted(item: Any) -> Wanted:
    if isinstance(item, str):
        return Wanted(item)
    price = item.get("price")
    return Wanted(
        code=str(item.get("code") or ""),
        amount=decimal_of(item.get("amount", 1), "amount"),
        ratio=decimal_of(item.get("ratio", 1), "ratio"),
        unit_price=None if price is None else decimal_of(price, "price"),
        override=item.get("override") or {},
    )
