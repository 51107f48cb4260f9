"""The table of one entity with its preview: looking, editing, saving the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mappings.choices import transform_choices
from mappings.drafting import EditedMeanwhile, open_draft, save_draft
from mappings.models import Direction, Entity
from mappings.packs import known_targets
from mappings.roles import ROLES, is_role
from shops.models import Shop
from shops.pages.lists import is_only_shop
from shops.pages.numbers import whole_number
from sync.columns import columns_for
from sync.workbench.pages.access import EDIT, LOOK, allowed, check_entity, direction_of, page
from sync.workbench.pages.conflicts import Conflict, conflict_of
from sync.workbench.pages.edits import Edits, read_edits, stored_edits
from sync.workbench.pages.state import State, badge_of, sentence_of
from sync.workbench.pages.table import EMPTY, TableRow
from sync.workbench.pages.trial import WAYS, WAYS_OF_ENTITY, Trial, ask, find_preview, try_out


@dataclass(frozen=True)
class Tab:
    """One entity in the row of tabs."""

    name: str
    address: str
    is_current: bool
    is_changed: bool


def start(request: HttpRequest) -> HttpResponse:
    """Lead to the first shop; to the list of shops where there is none."""
    if not request.user.has_perm(LOOK):
        raise PermissionDenied
    shop = Shop.objects.order_by("-active", "name").only("pk").first()
    return HttpResponseRedirect(reverse("workbench:shop", args=[shop.pk]) if shop else reverse("admin:shops_shop_changelist"))


@allowed(LOOK)
def first_table(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Lead to the first table of the shop."""
    return HttpResponseRedirect(reverse("workbench:table", args=[shop.pk, Entity.PRODUCT]))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(LOOK)
def table(request: HttpRequest, shop: Shop, entity: str) -> HttpResponse:
    """Show the table; carry out what a button of its form asks for."""
    direction = direction_of(request)
    check_entity(entity)
    if request.method != "POST":
        edits = stored_edits(shop, entity, direction)
        return _show(request, shop, edits, try_out(find_preview(shop, entity, request.GET), edits))
    command = request.POST.get("do", "preview")
    if command == "save":
        return _save(request, shop, entity, direction)
    edits = read_edits(request, shop, entity, direction, command)
    asked = ask(request, shop, entity) if command == "fetch" else find_preview(shop, entity, request.POST)
    return _show(request, shop, edits, try_out(asked, edits, request.POST.get("record", "")))


def _save(request: HttpRequest, shop: Shop, entity: str, direction: str) -> HttpResponse:
    """Keep the table in the draft; where somebody was quicker, say who, and overwrite nothing."""
    if not request.user.has_perm(EDIT):
        raise PermissionDenied
    edits = read_edits(request, shop, entity, direction)
    try:
        _keep(request, shop, edits)
    except EditedMeanwhile as error:
        edits = read_edits(request, shop, entity, direction)
        conflict = conflict_of(error, edits)
        return _show(request, shop, edits, try_out(find_preview(shop, entity, request.POST), edits), conflict)
    if edits.is_wrong:
        messages.warning(request, _("The draft is saved. Before it can be activated, what is marked as wrong must be put right."))
    else:
        messages.success(request, _("The draft is saved. Nothing has changed yet for the records that pass."))
    return HttpResponseRedirect(address_of(shop, entity, direction, preview=request.POST.get("preview", "")))


def _keep(request: HttpRequest, shop: Shop, edits: Edits) -> None:
    revision, base = (whole_number(request.POST.get(name, "")) or 0 for name in ("revision", "base"))
    state = edits.state
    if base != state.base and not (state.draft and state.revision != revision):
        # The mappings in force were changed while there was no draft: the rows on the page were read from older ones.
        raise EditedMeanwhile("", None, None)
    if revision == 0 and state.draft is None:
        revision = open_draft(shop, request.user).revision
    save_draft(shop, revision=revision, content=edits.content, user=request.user)


def address_of(shop: Shop, entity: str, direction: str = Direction.TO_BLUEJET, *, preview: str = "") -> str:
    """Return the address of a table."""
    said = {"direction": direction if direction != Direction.TO_BLUEJET else "", "preview": whole_number(preview) or ""}
    return reverse("workbench:table", args=[shop.pk, entity], query={name: value for name, value in said.items() if value} or None)


def _show(request: HttpRequest, shop: Shop, edits: Edits, trial: Trial, conflict: Conflict | None = None) -> HttpResponse:
    state, entity, direction = edits.state, edits.entity, edits.direction
    query = {"direction": direction} if direction != Direction.TO_BLUEJET else None
    ways = WAYS_OF_ENTITY[entity]
    for row in edits.table:
        row.is_open = row.is_open or row.is_wrong
    return page(
        request,
        "portal/workbench.html",
        shop,
        _("Mapping workbench"),
        shops=[] if is_only_shop() else list(Shop.objects.order_by("name")),
        tabs=_tabs(shop, state, entity, direction),
        entity=entity,
        address=address_of(shop, entity, direction),
        preview_address=reverse("workbench:preview", args=[shop.pk, entity], query=query),
        fetch_address=reverse("workbench:fetch", args=[shop.pk, entity]),
        badge=badge_of(state),
        state=sentence_of(state),
        moved=_moved(state),
        conflict=conflict,
        is_unsaved=request.method == "POST",
        has_draft=state.draft is not None,
        revision=state.revision,
        base=state.base,
        table=edits.table,
        other_problems=edits.other_problems,
        blank=TableRow("0", dict(EMPTY), is_open=True),
        can_preview=direction == Direction.TO_BLUEJET,
        preview=trial,
        ways=[(way, WAYS[way]) for way in ways],
        by=request.POST.get("by") or request.GET.get("by") or ways[0],
        value=request.POST.get("value") or request.GET.get("value") or "",
        transforms=transform_choices(),
        roles=ROLES.items(),
        **_known(shop, edits),
    )


def _tabs(shop: Shop, state: State, entity: str, direction: str) -> list[Tab]:
    places = state.places(shop.bluejet.dialect)
    both_ways = any(way != Direction.TO_BLUEJET for _entity, way in places)
    found = []
    for place in dict.fromkeys([*places, (entity, direction)]):
        name = str(Entity(place[0]).label)
        name = f"{name} {Direction(place[1]).label}" if both_ways else name
        found.append(Tab(name, address_of(shop, *place), place == (entity, direction), state.is_changed(place)))
    return found


def _moved(state: State) -> str:
    if state.draft is None or not state.has_moved:
        return ""
    return _("Version %(number)s has come into force since this draft was begun. Bring the draft up to date before you activate it.") % {
        "number": state.active.number
    }


def _known(shop: Shop, edits: Edits) -> dict[str, Any]:
    """Return what the fields offer while one writes."""
    columns = columns_for(shop.pk, edits.entity)
    defaults = known_targets(shop.bluejet.dialect, edits.entity)
    roles = dict.fromkeys(name for name in (*defaults, *ROLES) if is_role(name))
    plain = columns if columns is not None else dict.fromkeys(defaults, "")
    return {"known_targets": [*plain.items(), *((name, ROLES[name]) for name in roles if name not in plain)]}
