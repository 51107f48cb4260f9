"""What a shop's stock amount means: found out by reading, kept with the shop, and told to people."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from clients.shoptet.client import ShoptetClient
from shops.models import FlowName, Shop
from sync.flows.stock.meaning import Finding, Why, find_meaning
from sync.models import SyncRun
from sync.runs import AlreadyRunning, start_run

Meaning = Shop.StockAmount


@dataclass(frozen=True)
class Checked:
    """What a check came to: whether it decided, whether it fits the setting, and a sentence that says so."""

    decided: bool
    agrees: bool
    sentence: str


def check_meaning(shop: Shop, client: ShoptetClient) -> Checked:
    """Ask Shoptet, changing nothing there; keep the answer where nobody has chosen yet. Raises PartnerError."""
    found = find_meaning(client)
    if found.meaning == Meaning.UNKNOWN:
        return Checked(False, True, " ".join((_why(found), _keeps(shop))))
    if shop.stock_amount == Meaning.UNKNOWN:
        return Checked(True, True, " ".join((_why(found), change_meaning(shop, found.meaning))))
    agrees = shop.stock_amount == found.meaning
    return Checked(True, agrees, " ".join((_why(found), _agreement(shop, agrees=agrees))))


def change_meaning(shop: Shop, meaning: str) -> str:
    """Set what the amount means, and have every stock card looked at by it; return what to tell of that."""
    with transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(stock_amount=meaning)
        shop.stock_amount = meaning
        return look_at_all_stock(shop)


def look_at_all_stock(shop: Shop) -> str:
    """Begin a run over all stock and say so; one that is under way may have written some cards by the old setting already."""
    try:
        start_run(shop, FlowName.STOCK_TO_BLUEJET, trigger=_("the meaning of the stock's amount"), mode=SyncRun.Mode.FULL)
    except AlreadyRunning:
        return _("A run over the stock is under way; start a full one when it is done, so that every card is written by the new setting.")
    return _("A run over all stock has begun; it writes the cards by the new setting.")


def assumption_warnings(shop: Shop) -> list[str]:
    """Return what people have to know as long as nobody has found it out."""
    if shop.stock_amount != Meaning.UNKNOWN:
        return []
    sentence = _(
        "It was not checked yet whether a stock's amount in this shop is what may be ordered or what lies on the shelf; "
        "it is taken for what may be ordered. If that is wrong, BlueJet's stock is too high by what open orders hold."
    )
    return [sentence]


def _why(found: Finding) -> str:
    orders = ", ".join(found.orders[:5])
    sentences = {
        Why.MOVED: _("Open orders have lowered the amount already (%(orders)s), so it is what may be ordered."),
        Why.STILL: _("Open orders have not moved the amount (%(orders)s), so it is what lies on the shelf."),
        Why.NO_ORDERS: _("No open order holds goods, so it cannot be told. Place an order in the shop and ask again."),
        Why.TOO_FEW: _("Too few open orders say anything (%(orders)s). Ask again when there are more."),
        Why.MIXED: _("Open orders contradict one another (%(orders)s): some have lowered the amount, some have not. Ask Shoptet."),
    }
    return sentences[found.why] % {"orders": orders}


def _keeps(shop: Shop) -> str:
    return _("The setting stays: %(setting)s.") % {"setting": shop.get_stock_amount_display()}


def _agreement(shop: Shop, *, agrees: bool) -> str:
    if agrees:
        return _("The shop is set so.")
    return _(
        "The shop is set to “%(setting)s”, which somebody chose, so it stays. If that was not meant, change it on the shop's page."
    ) % {"setting": shop.get_stock_amount_display()}
