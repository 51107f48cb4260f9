"""Read what moved since the last look, and ask for each moved variant once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from clients.errors import BreakerOpen, Locked, Throttled, Unauthorised
from shops.database_trouble import repeat_deadlocked
from shops.models import FlowName, FlowSetting
from sync.flow import Context
from sync.isolation import DATABASE_TROUBLE
from sync.jobs import Ask, ask
from sync.models.job import Priority

# These say that no stock can be asked now, not that one of them has something wrong.
OF_ALL_STOCKS = (BreakerOpen, Locked, Throttled, Unauthorised, *DATABASE_TROUBLE)


def follow_all(ctx: Context, stock_ids: Iterable[str]) -> list[str]:
    """Read the movements of several stocks; one that cannot be read is told of by its error, when the others have been read."""
    left_out: list[str] = []
    failed: list[Exception] = []
    for stock_id in stock_ids:
        try:
            left_out += follow_movements(ctx, stock_id)
        except OF_ALL_STOCKS:
            raise
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return left_out


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
        last_id = max(_reached(ctx, stock_id, movements, last_id), int(seen_id))
        beyond = [f"movement {movement['id']} is later than the last one" for movement in movements if int(movement["id"]) > last_id]
        left_out = [reason for page in pages for reason in page.bad] + nameless + beyond
    wishes = [_ask(code, seen_id is None) for code in codes]
    repeat_deadlocked(lambda: _keep(ctx, stock_id, wishes, last_id))
    return left_out


def _keep(ctx: Context, stock_id: str, wishes: Sequence[Ask], last_id: int) -> None:
    with transaction.atomic():
        ask(ctx.shop, wishes, asked_by=f"stock:movement {stock_id}")
        _advance(ctx, stock_id, last_id)


def _reached(ctx: Context, stock_id: str, movements: Sequence[Mapping[str, Any]], last_id: int) -> int:
    """Return how far the stock was read: what moved meanwhile is no lie, but a number that no movement has would end all reading."""
    if all(int(movement["id"]) <= last_id for movement in movements):
        return last_id
    return max(last_id, ctx.shoptet.last_movement(stock_id)[0])


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
