"""What the first page and an event's page show of the synchronisation."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from shops.models import BlueJetAccount, Shop
from sync.admin import alarms
from sync.admin.addresses import list_of_jobs
from sync.admin.attempt_words import answered_in_words, sent_in_words
from sync.admin.overview import overview
from sync.admin.sentences import job_badge, reason_of, record_name
from sync.admin.standing import Position, standings
from sync.models import EventJob
from sync.partner_words import trouble_in_words
from webhooks.event_names import event_name
from webhooks.models import WebhookEvent

register = template.Library()
register.filter(sent_in_words)
register.filter(answered_in_words)
register.filter(trouble_in_words)
MOST_JOBS = 50


@register.simple_tag
def attention() -> dict[str, Any]:
    """Return what needs a person now."""
    return overview()


@register.simple_tag
def partner_alarms() -> dict[str, Any]:
    """Return what the first page says of the partners."""
    return alarms.partner_alarms()


@register.simple_tag
def credentials_state(owner: Shop | BlueJetAccount, may_change: bool) -> dict[str, Any]:
    """Return what is known of the credentials of a shop or an account."""
    return alarms.credentials_state(owner, may_change=may_change)


@register.filter
def event_in_words(event: WebhookEvent) -> str:
    """Return what happened, in words."""
    return event_name(event.event_type)


@register.simple_tag
def asked_for(event: WebhookEvent) -> dict[str, Any]:
    """Return the jobs that an event asked for, with their states; a mass event may have thousands."""
    asks = EventJob.objects.filter(event=event).select_related("job").defer("job__draft", "job__traceback").order_by("pk")[: MOST_JOBS + 1]
    found = list(asks)
    places = standings([ask.job for ask in found])
    return {
        "jobs": [_shown(ask, places[ask.job_id]) for ask in found[:MOST_JOBS]],
        "all": list_of_jobs(asked_by_events__event=event.pk) if len(found) > MOST_JOBS else "",
    }


def _shown(ask: EventJob, position: Position) -> dict[str, Any]:
    job = ask.job
    return {
        "name": record_name(job.flow, job.key),
        "address": reverse("admin:sync_syncjob_change", args=[job.pk]),
        "badge": job_badge(job, position),
        "reached": job.done >= ask.wanted,
        "reason": reason_of(job),
    }
