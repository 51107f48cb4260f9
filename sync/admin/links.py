"""Links: which record of Shoptet is which record of BlueJet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.pages.badges import badge
from shops.pages.moments import moment
from shops.pages.records import RecordAdmin
from sync.admin.standing import FLOW_OF_KIND
from sync.flows.order.numbers import code_of
from sync.flows.product.flow import code_key
from sync.models import RecordLink, SyncJob
from sync.push.lines import LINES


class LinkList(ChangeList):
    """One page of links, each with whether BlueJet still holds its record."""

    def get_results(self, request: HttpRequest) -> None:
        """Look it up once for the page."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        gone = _gone(self.result_list)
        for link in self.result_list:
            link.is_gone = link.pk in gone


@admin.register(RecordLink)
class LinkAdmin(RecordAdmin):
    """The pairs of ids."""

    page_template = "portal/link.html"
    next_step = gettext_lazy("A run brings Shoptet's records to BlueJet and links them.")
    list_display = ("state_shown", "record_shown", "bluejet_id", "natural_key", "shop", "moment_shown")
    list_display_links = ("record_shown",)
    list_filter = ("kind", "shop", "archived", "closed")
    list_select_related = ("shop",)
    search_fields = ("key", "bluejet_id", "natural_key", "parent_key")
    search_help_text = gettext_lazy("An id of either side, a product's code, an e-mail address or a company number.")
    heavy = ("sent", "seen", "sending", "lines")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use the list that knows what was deleted."""
        return LinkList

    def page(self, request: HttpRequest, record: RecordLink) -> dict[str, Any]:
        """Return both ids and what is known of both copies."""
        facts = [
            (_("shop"), record.shop),
            (_("BlueJet account"), record.account),
            (_("Shoptet key"), record.key),
            (_("parent's key"), record.parent_key),
            (_("BlueJet id"), record.bluejet_id),
            (_("natural key"), record.natural_key),
            (_("other mark"), record.identity),
            (_("external id"), record.external_id),
        ]
        history = [
            (_("changed in Shoptet"), moment(record.source_changed_at)),
            (_("read from Shoptet"), moment(record.fetched_at)),
            (_("last written"), moment(record.pushed_at)),
            (_("outcome unknown until"), moment(record.settle_until) if record.settle_until else ""),
            (_("created"), moment(record.created_at)),
            (_("hash of what was sent"), record.draft_hash[:16]),
        ]
        otherwise = [(name, value, record.sent[name]) for name, value in record.seen.items() if name in record.sent and name != LINES]
        record.is_gone = bool(_gone([record]))
        return {"badge": self.state_shown(record), "facts": facts, "history": history, "job": _job_of(record), "otherwise": otherwise}

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, link: RecordLink) -> SafeString:
        """Show how the pair stands."""
        if link.settle_until:
            return badge(_("outcome unknown"), "act")
        if link.is_gone:  # type: ignore[attr-defined]  # looked up once for the page
            return badge(_("deleted in BlueJet"), "act")
        if link.archived:
            return badge(_("archived"), "quiet")
        if link.closed:
            return badge(_("closed"), "quiet")
        return badge(_("linked"), "ok") if link.bluejet_id else badge(_("reserved"), "wait")

    @admin.display(description=gettext_lazy("record"))
    def record_shown(self, link: RecordLink) -> str:
        """Show the record by its key in Shoptet."""
        return str(link)

    @admin.display(description=gettext_lazy("last written"), ordering="id")
    def moment_shown(self, link: RecordLink) -> SafeString | str:
        """Show when it was last written."""
        return moment(link.pushed_at)


def _gone(links: Sequence[RecordLink]) -> set[int]:
    """Return the links whose record was found deleted in BlueJet, and that wait for a person to say what becomes of it."""
    keys = {key for link in links for key in _keys(link)}
    parked = SyncJob.objects.filter(key__in=keys, state=SyncJob.State.PARKED).only("shop_id", "flow", "key", "issues")
    ids = {issue["params"].get("id") for job in parked for issue in job.issues if issue.get("code") == "gone_in_bluejet"}
    return {link.pk for link in links if link.bluejet_id and link.bluejet_id in ids}


def _keys(link: RecordLink) -> list[str]:
    return [key for key in (link.parent_key, link.key, code_of(link), code_key(link.key)) if key]


def _job_of(link: RecordLink) -> dict[str, Any] | None:
    """Return the job that looks after this record, by the key that it would have."""
    flow = FLOW_OF_KIND.get(link.kind, "")
    job = SyncJob.objects.filter(shop=link.shop_id, flow=flow, key__in=_keys(link)).defer("draft", "traceback").first()
    return {"job": job, "address": reverse("admin:sync_syncjob_change", args=[job.pk])} if job else None
