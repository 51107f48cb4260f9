"""What follows when staff make a shop the owner of what the shops of its BlueJet account share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from shops.models import FlowName, Shop
from sync.models import Kind, RecordLink, SyncRun
from sync.runs import AlreadyRunning, start_run

WRITTEN: Mapping[str, tuple[str, str]] = {
    "owns_products": (Kind.PRODUCT, FlowName.PRODUCT_TO_BLUEJET),
    "owns_stock": (Kind.STOCK_CARD, FlowName.STOCK_TO_BLUEJET),
}


def take_over(shop: Shop, gained: Iterable[str]) -> list[str]:
    """Look anew at everything that the shop owns from now on, since the former owner may have written it; return what to tell."""
    return [_look_at_all(shop, *WRITTEN[name]) for name in gained]


def _look_at_all(shop: Shop, kind: str, flow: str) -> str:
    RecordLink.objects.filter(shop=shop, kind=kind).update(draft_hash="", sent={}, seen={})
    named = {"flow": FlowName(flow).label}
    try:
        start_run(shop, flow, trigger=_("the shop became the owner"), mode=SyncRun.Mode.FULL)
    except AlreadyRunning:
        return _("A run over %(flow)s is under way; start a full one when it is done, since this shop owns them now.") % named
    return _("A run over %(flow)s has begun, since this shop owns them now.") % named
