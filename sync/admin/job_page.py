"""What the page of one job shows: how it stands, what to do, what was tried, and what it hangs together with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mappings.choices import MODEL_OF_TABLE
from shops.pages.moments import moment
from sync.admin.addresses import add_value, list_of_events, place_of, right_of, right_to_add
from sync.admin.attempt_words import error_in_words
from sync.admin.drafts import NAMED, name_in, shown_drafts, what_is_missing
from sync.admin.event_words import words_of_events
from sync.admin.sentences import asker_in_words, describe_job, findings, job_badge, name_of_partner, record_name
from sync.admin.standing import KINDS, Holding, bare_key, standings
from sync.admin.vocabulary import words_of_attempt
from sync.models import RecordLink, SyncAttempt, SyncJob, UnmappedValue, WaitingJob

MOST_ROWS = 20


@dataclass(frozen=True)
class Finding:
    """An issue with its two sentences and the page where it is put right."""

    happened: str
    remedy: str
    is_error: bool
    place: str
    needs: str


@dataclass(frozen=True)
class Awaited:
    """Something that a job waits for, in words, with the page where it can be looked at."""

    text: str
    address: str
    is_fulfilled: bool
    needs: str = "sync.view_syncjob"
    is_correction: bool = False


@dataclass(frozen=True)
class Tried:
    """One attempt, with what is said of it."""

    attempt: SyncAttempt
    badge: SafeString
    error: str


def job_page(job: SyncJob) -> dict[str, Any]:
    """Return the context of the job's page."""
    position = standings([job])[job.pk]
    awaited = [_awaited(one) for one in job.waits_for.order_by("-id")[:MOST_ROWS]]
    issues = [Finding(one.sentence(), one.remedy(), one.is_error, place_of(one, job), right_of(one)) for one in findings(job)]
    return {
        "title": record_name(job.flow, job.key),
        "name": name_in(job.draft) if job.flow in NAMED else "",
        "badge": job_badge(job, position),
        "lead": describe_job(job, position),
        "findings": issues,
        "is_being_tried": job.state in (SyncJob.State.QUEUED, SyncJob.State.RUNNING),
        "is_held_deletion": any(stored.get("code") == "held_delete" for stored in job.issues),
        "facts": _facts(job),
        "drafts": shown_drafts(job.draft),
        "missing_in_drafts": what_is_missing(job.draft),
        "links": [link for link in links_of(job)[:MOST_ROWS] if link.bluejet_id or position.holding is not Holding.NOTHING],
        "awaited": [one for one in awaited if not one.is_correction],
        "corrections": [one for one in awaited if one.is_correction],
        "asking_events": _asking_events(job),
        "all_events": list_of_events(asked__job=job.pk),
        "attempts": list(_tried(job, {issue.happened for issue in issues})),
    }


def links_of(job: SyncJob) -> QuerySet[RecordLink]:
    """Return what is known in BlueJet of the record that the job is about."""
    key = bare_key(job)
    links = RecordLink.objects.filter(Q(key=key) | Q(parent_key=key), shop=job.shop_id, kind__in=KINDS.get(job.flow, ()))
    return links.defer("sent", "lines").order_by("kind", "key")


def _facts(job: SyncJob) -> list[tuple[str, Any]]:
    is_open = job.state in SyncJob.OPEN
    return [
        (_("shop"), job.shop),
        (_("flow"), job.get_flow_display()),
        (_("key"), job.key),
        (_("asked by"), asker_in_words(job.asked_by)),
        (_("next try"), moment(job.next_try_at) if is_open else ""),
        (_("waits since"), moment(job.waits_since) if job.waits_since else ""),
        (_("held back by"), name_of_partner(job.blocked_by) if job.blocked_by else ""),
        (_("failed tries"), job.tries or ""),
        (_("times asked"), job.wanted),
        (_("last asked"), moment(job.asked_at) if job.asked_at else ""),
        (_("first asked"), moment(job.created_at)),
        (_("last change"), moment(job.changed_at)),
    ]


def _asking_events(job: SyncJob) -> Any:
    asks = job.asked_by_events.select_related("event").defer("event__payload", "event__raw_body")
    shown = list(asks.order_by("-event_id")[:MOST_ROWS])
    words = words_of_events([ask.event for ask in shown])
    return [(ask.event, words[ask.event_id].badge()) for ask in shown]


def _tried(job: SyncJob, said: set[str]) -> Iterator[Tried]:
    """Yield the attempts, the newest first; what the findings or a newer attempt say already is not said again."""
    for number, attempt in enumerate(job.attempts.order_by("-id")[:MOST_ROWS]):
        error = error_in_words(attempt)
        is_news = bool(set(error.splitlines()) - said) and not (number == 0 and said)
        said |= set(error.splitlines())
        yield Tried(attempt, words_of_attempt(attempt).badge(), error if is_news else "")


def _awaited(one: WaitingJob) -> Awaited:
    kind, _colon, rest = one.topic.partition(":")
    name, _colon, key = rest.partition(":")
    fulfilled = one.fulfilled_at is not None
    if kind == "value" and name in MODEL_OF_TABLE:
        return _awaited_value(one, name, key, fulfilled)
    job = SyncJob.objects.filter(shop=one.shop_id, flow=name, key=key).only("pk").first()
    address = reverse("admin:sync_syncjob_change", args=[job.pk]) if job else ""
    return Awaited(record_name(name, key), address, fulfilled)


def _awaited_value(one: WaitingJob, table: str, value: str, fulfilled: bool) -> Awaited:
    model = MODEL_OF_TABLE[table]
    met = UnmappedValue.objects.filter(shop=one.shop_id, table=table, value=value).first()
    row = model._default_manager.filter(shop=one.shop_id, shoptet_id=value).first()
    label = met.label if met else row.shoptet_name if row else ""
    text = _("a row in %(table)s for “%(value)s”") % {"table": model._meta.verbose_name_plural, "value": label or value}
    if row is not None and not fulfilled:
        # Nothing is missing: the record was made by this row, and is looked at again when somebody corrects it.
        address = reverse(f"admin:mappings_{model._meta.model_name}_change", args=[row.pk])
        return Awaited(text, address, True, f"mappings.view_{model._meta.model_name}", is_correction=True)
    return Awaited(text, "" if fulfilled else add_value(one.shop_id, table, value, label), fulfilled, right_to_add(table))
