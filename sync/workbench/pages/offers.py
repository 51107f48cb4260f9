"""Default rows that have changed with the portal where the shop's people had edited theirs: each is taken over or left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mappings.contents import FIELD_KEY
from mappings.differences import compare_rows
from mappings.drafting import EditedMeanwhile
from mappings.offers import NoSuchOffer, Offer, leave, offers_of, take_over
from mappings.wording import ShownDifference, shown_difference
from shops.models import Shop
from sync.workbench.pages.access import EDIT, LOOK, allowed, page
from sync.workbench.pages.state import State, state_of

DECISIONS = ("take", "leave")


@dataclass(frozen=True)
class ShownOffer:
    """One offer in words: what the shop's row says, and what the default says."""

    name: str
    difference: ShownDifference
    address: str
    is_gone: bool


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(LOOK)
def offers(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show the offers; carry out what a button decides."""
    if request.method == "POST":
        if not request.user.has_perm(EDIT):
            raise PermissionDenied
        return _decide(request, shop)
    state = state_of(shop)
    shown = [_shown(shop, state, offer) for offer in offers_of(shop)]
    return page(
        request, "portal/workbench_offers.html", shop, _("Default rows that have changed"), offers=shown, has_draft=bool(state.draft)
    )


def _shown(shop: Shop, state: State, offer: Offer) -> ShownOffer:
    key = (offer.entity, offer.direction, offer.target)
    mine = [row for row in state.content.get("fields", ()) if (row["entity"], row["direction"], row["target"]) == key]
    default = [{"position": 0, **offer.row}] if offer.row else []
    found = [shown_difference(one) for one in compare_rows("field", FIELD_KEY, mine, default)]
    same = ShownDifference("", f"{offer.entity} → {offer.target}", "", "")
    address = reverse("workbench:table", args=[shop.pk, offer.entity])
    return ShownOffer(offer.name, found[0] if found else same, address, is_gone=offer.row is None)


def _decide(request: HttpRequest, shop: Shop) -> HttpResponse:
    decision, name = request.POST.get("do", ""), request.POST.get("offer", "")
    here = HttpResponseRedirect(reverse("workbench:offers", args=[shop.pk]))
    steps: dict[str, Any] = {"take": lambda: take_over(shop, name, request.user), "leave": lambda: leave(shop, name)}
    if decision not in steps:
        return here
    try:
        steps[decision]()
    except NoSuchOffer:
        messages.info(request, _("Somebody has decided on this row meanwhile."))
    except EditedMeanwhile:
        messages.warning(request, _("Somebody saved the draft at the same moment. Try it once more."))
    else:
        said = {
            "take": _("The default row is in the draft. It takes effect when the draft is activated."),
            "leave": _("Your row stays as it is."),
        }
        messages.success(request, said[decision])
    return here
