"""The form that starts a run: what, how much of it, and a confirmation before it begins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.models import FlowName, FlowSetting, Shop
from shops.pages.confirmation import ask, is_confirmed
from shops.pages.moments import in_words
from sync.models import SyncRun
from sync.runs import BEYOND_FEEDS, AlreadyRunning, is_beyond_feeds, start_run

Mode = SyncRun.Mode


class StartForm(forms.Form):
    """What to run."""

    shop = forms.ModelChoiceField(Shop.objects.filter(active=True), label=gettext_lazy("Shop"), empty_label=None)
    flow = forms.ChoiceField(label=gettext_lazy("What to bring over"), choices=FlowName.choices)
    mode = forms.ChoiceField(label=gettext_lazy("How much"), choices=Mode.choices, widget=forms.RadioSelect, initial=Mode.DELTA)
    since = forms.DateTimeField(
        label=gettext_lazy("Since"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Only for a window of time."),
    )
    dry_run = forms.BooleanField(label=gettext_lazy("Dry run: compute everything, write nothing to BlueJet"), required=False, initial=False)

    def clean(self) -> dict[str, Any]:
        """A window needs its beginning, which lies in the past."""
        data = super().clean() or {}
        since = data.get("since")
        if data.get("mode") == Mode.WINDOW and not since:
            self.add_error("since", _("Say since when."))
        elif since and since > timezone.now():
            self.add_error("since", _("This lies in the future."))
        if data.get("flow") and data.get("shop") and not data.get("dry_run") and _is_off(data["shop"], data["flow"]):
            off = _("This flow is switched off for the shop, so nothing would be written. Switch it on first, or choose a dry run.")
            self.add_error("flow", off)
        return data


def _is_off(shop: Shop, flow: str) -> bool:
    return not FlowSetting.objects.filter(shop=shop, flow=flow).exclude(mode=FlowSetting.Mode.OFF).exists()


def start_view(page: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Show the form, then the confirmation, then start the run and lead to its page."""
    if request.method != "POST":
        return _form_page(
            page, request, StartForm(initial={"shop": request.GET.get("shop"), "flow": request.GET.get("flow")}, label_suffix="")
        )
    form = StartForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _form_page(page, request, form)
    if not is_confirmed(request):
        return _confirmation(page, request, form.cleaned_data)
    return _start(page, request, form.cleaned_data)


def _form_page(page: admin.ModelAdmin, request: HttpRequest, form: StartForm) -> TemplateResponse:
    context = {"opts": page.opts, "title": _("Start a run"), "form": form, "has_shops": Shop.objects.filter(active=True).exists()}
    return TemplateResponse(request, "portal/run_start.html", page.admin_site.each_context(request) | context)


def _confirmation(page: admin.ModelAdmin, request: HttpRequest, data: dict[str, Any]) -> TemplateResponse:
    shop, flow, since = data["shop"], FlowName(data["flow"]), data["since"]
    sentences = [
        format_html("<strong>{}</strong> – {}: {}", shop, flow.label, _how_much(data["mode"], since)),
        *_consequences(shop, flow, data),
    ]
    hidden = [("shop", shop.pk), ("flow", flow.value), ("mode", data["mode"])]
    hidden += [("since", timezone.localtime(since).strftime("%Y-%m-%dT%H:%M"))] if since else []
    hidden += [("dry_run", "on")] if data["dry_run"] else []
    return ask(page, request, title=_("Start a run"), sentences=sentences, button=_("Start"), hidden=hidden)


def _how_much(mode: str, since: datetime | None) -> str:
    if mode == Mode.WINDOW and since:
        return _("what changed since %(time)s") % {"time": in_words(since)}
    return str(Mode(mode).label)


def _consequences(shop: Shop, flow: FlowName, data: dict[str, Any]) -> list[str]:
    setting = FlowSetting.objects.filter(shop=shop, flow=flow).first()
    if data["dry_run"]:
        return [_("Nothing will be written to BlueJet.")]
    if setting is None or setting.mode == FlowSetting.Mode.SHADOW:
        return [_("This flow runs in shadow mode: nothing will be written to BlueJet.")]
    if data["mode"] == Mode.WINDOW and is_beyond_feeds(flow, data["since"]):
        return [str(BEYOND_FEEDS)]
    if data["mode"] == Mode.FULL:
        return [_("Every record is read and compared, which takes a while. What BlueJet already holds as it should be is left alone.")]
    return [_("What differs will be written to BlueJet. What it already holds as it should be is left alone.")]


def _start(page: admin.ModelAdmin, request: HttpRequest, data: dict[str, Any]) -> HttpResponse:
    since = data["since"] if data["mode"] == Mode.WINDOW else None
    trigger = request.user.get_full_name() or request.user.get_username()
    try:
        run = start_run(data["shop"], data["flow"], trigger=trigger, mode=data["mode"], since=since, dry_run=data["dry_run"])
    except AlreadyRunning as error:
        run = error.run
        page.message_user(request, _("This flow is being run already; here is that run."), messages.WARNING)
    else:
        page.message_user(request, _("The run has started."), messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:sync_syncrun_change", args=[run.pk]))
