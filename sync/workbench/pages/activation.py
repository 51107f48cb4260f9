"""What a draft or an earlier version does to the records that pass, and the step that puts it into force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mappings.contents import BadContent, normal_content
from mappings.draft_problems import problems_of
from mappings.drafting import BaseMoved, EditedMeanwhile, HasProblems, activate, discard_draft, put_back, rebase_draft
from mappings.models import Entity, MappingVersion
from mappings.wording import shown_differences
from shops.models import Shop
from shops.pages.numbers import whole_number
from sync.workbench.impact import Impact, impact_of
from sync.workbench.pages.access import ACTIVATE, EDIT, LOOK, SEND, allowed, page
from sync.workbench.pages.affected import remember_affected
from sync.workbench.pages.effects import describe
from sync.workbench.pages.state import State, name_of, state_of
from sync.workbench.pages.wrong_rows import WrongRow, wrong_rows

LONGEST_COMMENT = 255


@require_safe
@allowed(LOOK)
def effect(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show what the draft does, before anybody activates it."""
    state = state_of(shop)
    if state.draft is None:
        messages.info(request, _("There is no draft: the mappings in force are what you see."))
        return HttpResponseRedirect(reverse("workbench:shop", args=[shop.pk]))
    return _show(
        request,
        shop,
        state,
        state.draft.content,
        title=_("What the draft does"),
        action=reverse("workbench:activate", args=[shop.pk]),
        button=_("Activate"),
        revision=state.draft.revision,
        moved=state.has_moved,
        back=reverse("workbench:shop", args=[shop.pk]),
    )


@require_POST
@allowed(ACTIVATE)
def activate_draft(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Put the draft into force as the person saw it."""
    state = state_of(shop)
    impact = _impact(shop, state.draft.content) if state.draft else None

    def act() -> MappingVersion:
        return activate(shop, revision=_revision(request), user=request.user, comment=_comment(request))

    return _carry_out(request, shop, act, impact, back=reverse("workbench:effect", args=[shop.pk]))


@allowed(ACTIVATE)
def put_version_back(request: HttpRequest, shop: Shop, number: int) -> HttpResponse:
    """Show what putting an earlier version back does; then do it."""
    version = get_object_or_404(MappingVersion, shop=shop, number=number)
    here = reverse("workbench:put_back", args=[shop.pk, number])
    if request.method != "POST":
        return _show(
            request,
            shop,
            state_of(shop),
            version.content,
            title=_("Put version %(number)s back") % {"number": number},
            action=here,
            button=_("Put it back"),
            comment=_("Version %(number)s put back") % {"number": number},
            back=reverse("admin:mappings_mappingversion_change", args=[version.pk]),
        )
    impact = _impact(shop, version.content)
    return _carry_out(request, shop, lambda: put_back(version, user=request.user, comment=_comment(request)), impact, back=here)


@allowed(EDIT)
def discard(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Ask, then throw the draft away."""
    state = state_of(shop)
    if state.draft is None:
        return HttpResponseRedirect(reverse("workbench:shop", args=[shop.pk]))
    if request.method != "POST":
        return page(
            request,
            "portal/workbench_discard.html",
            shop,
            _("Discard the draft?"),
            rows=shown_differences(state.active.content, state.draft.content),
            editor=name_of(state.draft.editor),
            draft=state.draft,
        )
    try:
        discard_draft(shop, revision=_revision(request))
    except EditedMeanwhile as error:
        messages.warning(request, _edited(error))
        return HttpResponseRedirect(reverse("workbench:discard", args=[shop.pk]))
    messages.success(request, _("The draft is gone. The mappings in force are as they were."))
    return HttpResponseRedirect(reverse("workbench:shop", args=[shop.pk]))


@require_POST
@allowed(EDIT)
def rebase(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Bring what came into force meanwhile into the draft; say where both changed the same."""
    conflicts = rebase_draft(shop, request.user)
    for one in conflicts[:20]:
        names = {"name": f"{one.name} {one.column}".strip(), "theirs": one.theirs or "–", "mine": one.mine or "–"}
        messages.warning(request, _("%(name)s: in force is “%(theirs)s”; the draft keeps “%(mine)s”.") % names)
    messages.success(request, _("The draft stands on the mappings in force now."))
    entity = request.POST.get("entity", "")
    address = reverse("workbench:table", args=[shop.pk, entity]) if entity in Entity.values else reverse("workbench:shop", args=[shop.pk])
    return HttpResponseRedirect(address)


def _carry_out(request: HttpRequest, shop: Shop, act: Callable[[], MappingVersion], impact: Impact | None, *, back: str) -> HttpResponse:
    """Make the new version; where that cannot be, say why and change nothing."""
    try:
        version = act()
    except EditedMeanwhile as error:
        messages.warning(request, _edited(error))
    except BaseMoved as error:
        sentence = _("Version %(number)s has come into force meanwhile. Nothing was activated; bring the draft up to date first.")
        messages.warning(request, sentence % {"number": error.version.number})
    except HasProblems as error:
        many = len(error.problems)
        sentence = ngettext("Nothing was activated: %(count)d thing is wrong.", "Nothing was activated: %(count)d things are wrong.", many)
        messages.error(request, sentence % {"count": many})
    except BadContent as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Version %(number)s is in force now.") % {"number": version.number})
        return HttpResponseRedirect(_after(request, shop, version, impact))
    return HttpResponseRedirect(back)


def _after(request: HttpRequest, shop: Shop, version: MappingVersion, impact: Impact | None) -> str:
    if impact is not None and request.user.has_perm(SEND) and remember_affected(request, version, impact):
        return reverse("workbench:apply", args=[shop.pk, version.number])
    return reverse("workbench:shop", args=[shop.pk])


def _show(request: HttpRequest, shop: Shop, state: State, content: Mapping[str, Any], *, title: str, **context: Any) -> HttpResponse:
    wrong = _wrong(shop, content)
    impact = None if wrong else impact_of(shop, content)
    return page(
        request,
        "portal/workbench_effect.html",
        shop,
        title,
        rows=shown_differences(state.active.content, content),
        headings=(_("in force"), _("then")),
        wrong=wrong,
        impact=describe(shop, impact) if impact else None,
        **context,
    )


def _impact(shop: Shop, content: Mapping[str, Any]) -> Impact | None:
    """Measure the effect; None where the content is none, which the step itself then says."""
    try:
        return impact_of(shop, content)
    except BadContent:
        return None


def _wrong(shop: Shop, content: Mapping[str, Any]) -> list[WrongRow]:
    try:
        return wrong_rows(shop, content, problems_of(normal_content(content), shop.bluejet.dialect))
    except BadContent as error:
        return [WrongRow("", "", str(error))]


def _edited(error: EditedMeanwhile) -> str:
    if error.draft is None:
        return _("The draft is not there any more: somebody activated or discarded it.")
    return _("%(name)s saved the draft meanwhile. Look at it once more.") % {"name": error.by or _("Somebody")}


def _revision(request: HttpRequest) -> int:
    return whole_number(request.POST.get("revision", "")) or 0


def _comment(request: HttpRequest) -> str:
    return request.POST.get("comment", "").strip()[:LONGEST_COMMENT]
