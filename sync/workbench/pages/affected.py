"""After an activation: the offer to send the records that it affects now, instead of when they change next."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mappings.models import Entity, MappingVersion
from shops.models import Shop
from sync.workbench.apply import apply_to_affected, pass_over_all
from sync.workbench.impact import Impact
from sync.workbench.pages.access import SEND, START, allowed, page

REMEMBERED = "affected_by_mappings"


def remember_affected(request: HttpRequest, version: MappingVersion, impact: Impact) -> bool:
    """Keep for this person which records the version affects; return whether there are any."""
    beyond = [one.entity for one in impact.entities if one.keys and one.known > one.sampled]
    request.session[REMEMBERED] = {"version": version.pk, "keys": impact.keys, "beyond": beyond}
    return impact.changes_anything


@allowed(SEND)
def apply(request: HttpRequest, shop: Shop, number: int) -> HttpResponse:
    """Ask whether they are to be sent now; then ask their jobs."""
    version = MappingVersion.objects.filter(shop=shop, number=number).only("pk").first()
    remembered = request.session.get(REMEMBERED, {})
    keys = remembered.get("keys", {}) if version and remembered.get("version") == version.pk else {}
    beyond = remembered.get("beyond", []) if request.user.has_perm(START) else []
    back = reverse("workbench:shop", args=[shop.pk])
    if not keys:
        return HttpResponseRedirect(back)
    if request.method != "POST":
        counts = [(Entity(entity).label, len(found)) for entity, found in keys.items()]
        total = sum(count for _label, count in counts)
        return page(
            request,
            "portal/workbench_apply.html",
            shop,
            _("Send the affected records now?"),
            number=number,
            counts=counts,
            beyond=beyond,
            total=total,
            back=back,
        )
    del request.session[REMEMBERED]
    by = request.user.get_full_name() or request.user.get_username()
    asked = apply_to_affected(shop, keys, by=by)
    _say_what_goes(request, asked, sum(len(found) for found in keys.values()))
    if beyond and "all" in request.POST and pass_over_all(shop, beyond, by=by):
        messages.success(request, _("A full pass over the rest has started; what BlueJet already holds as it should be is left alone."))
    return HttpResponseRedirect(back)


def _say_what_goes(request: HttpRequest, asked: int, records: int) -> None:
    if not asked:
        messages.warning(request, _("Nothing was sent: the flows that bring these records are switched off."))
        return
    sentence = ngettext("They are on their way, in %(count)d job.", "They are on their way, in %(count)d jobs.", asked) % {"count": asked}
    if asked < records:
        sentence += " " + _("A product goes with all its variants in one.")
    messages.success(request, sentence)
