"""What needs a person now, for the first page: bounded queries only, since the tables grow without end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mappings.models import FieldMapping
from mappings.offers import offers_of
from shops.deprecations import deprecation_warnings
from shops.missing_sections import missing_section_notes
from shops.models import Shop
from shops.ownership import ownership_warnings
from shops.partial_updates import reset_warnings
from sync.admin.addresses import add_value, held_address, list_of_events, list_of_jobs, right_to_add
from sync.admin.sentences import describe_breaker, findings
from sync.admin.stalled_words import stalled_notes
from sync.admin.unmapped import table_name, with_waiting
from sync.breakers import REFUSING
from sync.issue_texts import TEXTS
from sync.jobs.held import asking, held_jobs
from sync.models import Breaker, SyncJob, SyncRun, UnmappedValue
from webhooks.models import WebhookEvent, WebhookRegistration

MOST = 1000
MOST_REASONS = 8
MOST_VALUES = 8
NO_REASON = ""
# What a person does about these is asked for elsewhere on the page.
UNMAPPED = "unmapped_"


@dataclass(frozen=True)
class Row:
    """One line of the page: how many, what, and where to look at them."""

    count: str
    what: str
    address: str
    detail: str = ""
    button: str = ""
    button_address: str = ""
    button_needs: str = ""


@dataclass(frozen=True)
class Step:
    """What to do next where the portal is not set up yet."""

    title: str
    text: str
    address: str
    button: str


def bounded(count: int) -> str:
    """Write a count that was not taken further than `MOST`."""
    return f"{MOST:n}+" if count > MOST else str(count)


def overview() -> dict[str, Any]:
    """Return what the first page shows."""
    stopped = list(SyncJob.objects.needs_attention().only("issues", "flow", "key", "state", "shop_id").order_by("-id")[: MOST + 1])
    shops = list(Shop.objects.order_by("name")[:20])
    return {
        "stalled": stalled_notes(),
        "deprecations": deprecation_warnings(),
        "missing_sections": missing_section_notes(),
        "resets": reset_warnings(),
        "owners": ownership_warnings(),
        "breakers": [describe_breaker(one) for one in Breaker.objects.filter(opened_at__isnull=False).exclude(**REFUSING)],
        "stopped": bounded(len(stopped)) if stopped else "",
        "reasons": held_rows() + reasons(stopped) + offered_rows(shops),
        "unmapped": unmapped(),
        "failed_events": _failed_events(),
        "runs": list(SyncRun.objects.filter(state__in=SyncRun.ACTIVE).select_related("shop")),
        "traffic": traffic(),
        "steps": steps(shops),
        "has_shops": bool(shops),
    }


def reasons(stopped: list[SyncJob]) -> list[Row]:
    """Group the stopped jobs by what stops them, the most frequent first; what a missing mapping stops is listed by its value."""
    grouped: dict[tuple[str, str], list[SyncJob]] = defaultdict(list)
    for job in stopped:
        issues = findings(job)
        code, cause = (issues[0].code, str(issues[0].params.get("cause", ""))) if issues else (NO_REASON, "")
        if not code.startswith(UNMAPPED):
            grouped[code, cause].append(job)
    ordered = sorted(grouped.items(), key=lambda one: -len(one[1]))
    return [_reason(code, cause, jobs) for (code, cause), jobs in ordered[:MOST_REASONS]]


def _reason(code: str, cause: str, jobs: list[SyncJob]) -> Row:
    if code not in TEXTS:
        return Row(bounded(len(jobs)), _("Stopped without a known reason."), list_of_jobs(question="attention"))
    said = {findings(job)[0].sentence() for job in jobs[:50]}
    newest = findings(jobs[0])[0]
    detail = newest.remedy() if len(said) == 1 else _("This is the newest; the others are alike. %(remedy)s") % {"remedy": newest.remedy()}
    return Row(bounded(len(jobs)), newest.sentence(), list_of_jobs(reason=f"{code}:{cause}" if cause else code), detail)


def held_rows() -> list[Row]:
    """Ask about what came while a flow was not live, as long as nobody has said what becomes of it."""
    return [
        Row(
            bounded(held_jobs(setting)[: MOST + 1].count()),
            _("records of %(shop)s are held: they came while this flow was not live – %(flow)s.")
            % {"shop": setting.shop, "flow": setting.get_flow_display()},
            held_address(setting.shop_id),
            _("The flow is live now. Say what goes over to BlueJet."),
        )
        for setting in asking().select_related("shop")
    ]


def offered_rows(shops: list[Shop]) -> list[Row]:
    """Say where default rows have changed that a shop's people had edited."""
    counted = ((shop, len(offers_of(shop))) for shop in shops)
    return [
        Row(
            str(count),
            _("default rows of %(shop)s have changed; yours were edited, so nothing was changed.") % {"shop": shop},
            reverse("workbench:offers", args=[shop.pk]),
            _("Look at them, and take each over or leave it."),
        )
        for shop, count in counted
        if count
    ]


def unmapped() -> list[Row]:
    """List the values without a counterpart, those first that most jobs wait for."""
    values = with_waiting(UnmappedValue.objects.select_related("shop")).order_by("-waiting_jobs", "table", "value")[:MOST_VALUES]
    return [
        Row(
            str(value.waiting_jobs),
            str(value),
            list_of_jobs(awaits=f"{value.table}:{value.value}", shop__id__exact=value.shop_id),
            _("is missing in: %(table)s") % {"table": table_name(value.table)},
            _("Map it"),
            add_value(value.shop_id, value.table, value.value, value.label),
            right_to_add(value.table),
        )
        for value in values
    ]


def _failed_events() -> Row | None:
    """Count the events that could not be taken up at all; those whose jobs stopped are counted with the jobs."""
    failed = WebhookEvent.objects.filter(status=WebhookEvent.Status.FAILED, asked__isnull=True).order_by()[: MOST + 1].count()
    if not failed:
        return None
    return Row(bounded(failed), _("events could not be read or taken up"), list_of_events(question="alone"))


def traffic() -> list[Row]:
    """Count what is on its way."""
    on_the_way: tuple[tuple[str, SyncJob.State], ...] = (
        (_("in the queue"), SyncJob.State.QUEUED),
        (_("being worked on"), SyncJob.State.RUNNING),
        (_("waiting, and going on by themselves"), SyncJob.State.WAITING),
    )
    held = (_("held, since their flow is not live or nobody has let them go"), SyncJob.State.HELD)
    on_the_way += (held,) if SyncJob.objects.held().exists() else ()
    counts = [SyncJob.objects.filter(state=state).order_by()[: MOST + 1].count() for _label, state in on_the_way]
    rows = [Row(bounded(count), label, list_of_jobs(state__exact=state)) for count, (label, state) in zip(counts, on_the_way, strict=True)]
    return [*_pending_events(), *rows]


def _pending_events() -> list[Row]:
    """Count what Shoptet announced and nobody took up yet; usually that is a matter of a moment, and no row."""
    pending = WebhookEvent.objects.filter(status=WebhookEvent.Status.PENDING).order_by()[: MOST + 1].count()
    return [Row(bounded(pending), _("announced by Shoptet, not yet taken up"), list_of_events(status__exact="pending"))] if pending else []


def steps(shops: list[Shop]) -> list[Step]:
    """Say what to do next where something is not set up yet; empty once everything is."""
    if not shops:
        return _first_steps()
    found = []
    for shop in shops:
        if not FieldMapping.objects.filter(shop=shop, active=True).exists():
            found.append(
                Step(
                    _("Fill in the mappings of %(shop)s") % {"shop": shop},
                    _("The default rows say which field of BlueJet is filled from where."),
                    reverse("admin:mappings_fieldmapping_changelist"),
                    _("Open the field mappings"),
                )
            )
        if not shop.webhook_key or not WebhookRegistration.objects.filter(shop=shop).exclude(url="").exists():
            found.append(
                Step(
                    _("Register the webhooks of %(shop)s") % {"shop": shop},
                    _("Until then the portal learns of changes only from the daily runs."),
                    reverse("admin:shops_shop_webhooks", args=[shop.pk]),
                    _("Open the webhooks"),
                )
            )
    return found


def _first_steps() -> list[Step]:
    return [
        Step(
            _("Add the BlueJet account"),
            _("The address of your BlueJet and the token that its administrator gave you."),
            reverse("admin:shops_bluejetaccount_add"),
            _("Add a BlueJet account"),
        ),
        Step(
            _("Add the shop"),
            _("The number of the e-shop and its private API token, from Shoptet's administration under Connections → API."),
            reverse("admin:shops_shop_add"),
            _("Add a shop"),
        ),
        Step(
            _("Test the connection and register the webhooks"),
            _("Both are buttons on the shop's page. Then start the first run."),
            reverse("admin:shops_shop_changelist"),
            _("Open the shops"),
        ),
    ]
