"""Read what moved since the last look, and ask for each moved variant once."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from shops.models import FlowName, FlowSetting
from sync.flow import Context
from sync.jobs import Ask, ask
from sync.models.job import Priority


def follow_movements(ctx: Context, stock_id: str) -> list[str]:
    """Ask for every variant that moved on this stock; their jobs are saved in the cursor's own transaction.

    The last movement is read first: what moves while the list is read is found next time. A row that cannot be read keeps neither
    the others nor the cursor back; return what is wrong with each of these.
    """
    last_id, _ = ctx.shoptet.last_movement(stock_id)
    seen_id = _cursor(ctx).get(stock_id)
    if seen_id is None:
        codes, left_out = _all_codes(ctx, stock_id)
    else:
        pages = list(ctx.shoptet.movements(stock_id, last_id=int(seen_id)))
        movements = [movement for page in pages for movement in page.items]
        codes = sorted({movement["code"] for movement in movements if movement["code"]})
        nameless = [f"movement {movement['id']} names no product" for movement in movements if not movement["code"]]
        left_out = [reason for page in pages for reason in page.bad] + nameless
        last_id = max([int(movement["id"]) for movement in movements] + [last_id, int(seen_id)])
    with transaction.atomic():
        ask(ctx.shop, [_ask(code, seen_id is None) for code in codes], asked_by=f"stock:movement {stock_id}")
        _advance(ctx, stock_id, last_id)
    return left_out


def _ask(code: str, is_first_look: bool) -> Ask:
    return Ask(FlowName.STOCK_TO_BLUEJET, code, Priority.CATALOGUE if is_first_look else Priority.STOCK)


def _all_codes(ctx: Context, stock_id: str) -> tuple[list[str], list[str]]:
    pages = list(ctx.shoptet.supplies(stock_id))
    return sorted({row["code"] for page in pages for row in page.items}), [reason for page in pages for reason in page.bad]


def _setting(ctx: Context) -> FlowSetting:
    return FlowSetting.objects.select_for_update().get(shop=ctx.shop, flow=FlowName.STOCK_TO_BLUEJET)


def _cursor(ctx: Context) -> dict[str, int]:
    setting = FlowSetting.objects.get(shop=ctx.shop, flow=FlowName.STOCK_TO_BLUEJET)
    return dict(setting.cursor.get("movements", {}))


def _advance(ctx: Context, stock_id: str, last_id: int) -> None:
    """Move the cursor forward only, whoever else reads the same stock."""
    setting = _setting(ctx)
    setting.cursor = {**setting.cursor, "movements": later(setting.cursor.get("movements", {}), {stock_id: last_id})}
    setting.save(update_fields=["cursor"])


def later(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    """Return the later movement of either cursor, stock by stock."""
    return {stock: max(int(first.get(stock, 0)), int(second.get(stock, 0))) for stock in {**first, **second}}


def movements_now(ctx: Context) -> dict[str, dict[str, int]]:
    """Return the last movement of every stock; read before the amounts, so that a run leaves nothing between the two."""
    stocks = [str(stock["id"]) for stock in ctx.shoptet.stocks()]
    return {"movements": {stock: ctx.shoptet.last_movement(stock)[0] for stock in stocks}}
