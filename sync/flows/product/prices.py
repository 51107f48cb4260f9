"""What of a product's prices depends on the day and on the shop: a special offer that is over, a currency that is not said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sync.flow import Context
from sync.flows.shop_money import own_currency


def with_prices_of_today(ctx: Context, record: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """Return the variant without a special offer that is over in the shop's zone, and with the shop's currency where it says none."""
    today = moment.astimezone(ctx.snapshot.time_zone).date()
    changed: dict[str, Any] = {}
    if is_over(record.get("actionPrice"), today):
        changed["actionPrice"] = None
    if not record.get("currency"):
        changed["currency"] = own_currency(ctx)
    return {**record, **changed} if changed else record


def is_over(offer: Any, today: date) -> bool:
    """Tell an offer whose last day has passed; a day that cannot be read ends nothing."""
    last = offer.get("toDate") if isinstance(offer, dict) else None
    try:
        return bool(last) and date.fromisoformat(str(last)[:10]) < today
    except ValueError:
        return False
