"""The page that asks what becomes of what came while a flow was not live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shops.models import FlowSetting, Shop
from shops.pages.confirmation import ask, is_confirmed
from shops.pages.moments import in_words
from sync.admin.addresses import held_address, list_of_jobs
from sync.jobs.held import Held, answer_held, came_before, held_flows

ALL, SINCE, LATER = "all", "since", "later"
WRITTEN = "%Y-%m-%dT%H:%M"


class AnswerForm(forms.Form):
    """What becomes of one flow's held records."""

    what = forms.ChoiceField(
        label="",
        widget=forms.RadioSelect,
        choices=[
            (ALL, gettext_lazy("All of them go over to BlueJet")),
            (SINCE, gettext_lazy("Only those go over that came since the time below; the earlier ones are closed")),
            (LATER, gettext_lazy("Decide later; they stay held")),
        ],
        error_messages={"required": gettext_lazy("Choose what becomes of them.")},
    )
    since = forms.DateTimeField(
        label=gettext_lazy("Came since"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WRITTEN),
    )

    def clean(self) -> dict[str, Any]:
        """A time is needed where it decides, and it lies in the past."""
        data = super().clean() or {}
        if data.get("what") != SINCE or self.errors.get("since"):
            return data
        if not data.get("since"):
            self.add_error("since", _("Say since when."))
        elif data["since"] > timezone.now():
            self.add_error("since", _("This lies in the future."))
        return data


@dataclass(frozen=True)
class Question:
    """One flow's held records as the page shows them, with the form where somebody may answer."""

    held: Held
    form: AnswerForm | None
    address: str

    @property
    def label(self) -> str:
        """Name the flow."""
        return self.held.setting.get_flow_display()

    @property
    def said(self) -> str:
        """Say how many they are and when they came."""
        counted = ngettext("%(count)d record is held.", "%(count)d records are held.", self.held.count) % {"count": self.held.count}
        when = (
            _("It was asked for between %(first)s and %(last)s.")
            if self.held.count == 1
            else _("They came between %(first)s and %(last)s.")
        )
        return f"{counted} {when % {'first': in_words(self.held.first), 'last': in_words(self.held.last)}}"

    @property
    def since(self) -> datetime | None:
        """Return the time that the answer draws the line at."""
        return self.form.cleaned_data["since"] if self.form and self.form.cleaned_data["what"] == SINCE else None


def held_view(page: admin.ModelAdmin, request: HttpRequest, shop: Shop) -> HttpResponse:
    """Show what is held; ask, show what the answer means, and write it down."""
    may_answer = request.user.has_perm("shops.change_flowsetting")
    if request.method != "POST":
        return _page(page, request, shop, _questions(shop, None, may_answer=may_answer))
    if not may_answer:
        raise PermissionDenied
    questions = _questions(shop, request.POST, may_answer=True)
    asked = [one for one in questions if one.form]
    wrong = [one for one in asked if one.form and not one.form.is_valid()]
    if wrong:
        return _page(page, request, shop, questions)
    answered = [one for one in asked if one.form and one.form.cleaned_data["what"] != LATER]
    if answered and not is_confirmed(request):
        return _confirmation(page, request, shop, answered)
    for one in answered:
        _answer(page, request, shop, one)
    return HttpResponseRedirect(reverse("admin:index") if answered else held_address(shop.pk))


def _questions(shop: Shop, data: Any, *, may_answer: bool) -> list[Question]:
    """List what is held; only a flow that is live now, in an active shop, can let go."""
    found = []
    for held in held_flows(FlowSetting.objects.filter(shop=shop)):
        asks = may_answer and shop.active and held.setting.is_live
        form = AnswerForm(data, prefix=held.setting.flow, label_suffix="") if asks else None
        address = list_of_jobs(state__exact="held", flow__exact=held.setting.flow, shop__id__exact=shop.pk)
        found.append(Question(held, form, address))
    return found


def _page(page: admin.ModelAdmin, request: HttpRequest, shop: Shop, questions: Sequence[Question]) -> TemplateResponse:
    context = {
        "opts": page.opts,
        "original": shop,
        "title": _("Held records of %(shop)s") % {"shop": shop},
        "questions": questions,
        "asks": any(one.form for one in questions),
        "only_technicians": any(one.held.setting.is_live for one in questions) and not request.user.has_perm("shops.change_flowsetting"),
    }
    return TemplateResponse(request, "portal/held.html", page.admin_site.each_context(request) | context)


def _confirmation(page: admin.ModelAdmin, request: HttpRequest, shop: Shop, answered: Sequence[Question]) -> TemplateResponse:
    sentences = [format_html("<strong>{}</strong>: {}", one.label, _meaning(one)) for one in answered]
    sentences.append(_("Each record is read from Shoptet anew and goes over behind all that comes now. Nothing is doubled."))
    if any(one.since for one in answered):
        sentences.append(
            _("What is closed is not brought over by itself: a later change in Shoptet, “Send again”, or a pass over everything brings it.")
        )
    hidden = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    extra = {"back": held_address(shop.pk)}
    title, button = _("Let go what was held?"), _("Yes, do so")
    return ask(page, request, title=title, sentences=sentences, button=button, hidden=hidden, extra=extra)


def _meaning(one: Question) -> str:
    """Say what an answer does, with counts."""
    if one.since is None:
        return ngettext("%(count)d record goes over.", "%(count)d records go over.", one.held.count) % {"count": one.held.count}
    early = came_before(one.held.setting, one.since)
    numbers = {"over": one.held.count - early, "closed": early, "time": in_words(one.since)}
    return _("%(over)d go over; %(closed)d are closed, since they came before %(time)s.") % numbers


def _answer(page: admin.ModelAdmin, request: HttpRequest, shop: Shop, one: Question) -> None:
    meaning = _meaning(one)
    answer_held(one.held.setting, since=one.since)
    LogEntry.objects.log_actions(request.user.pk, [shop], CHANGE, change_message=f"{one.label}: {meaning}"[:1000])
    page.message_user(request, f"{one.label}: {meaning}", messages.SUCCESS)
