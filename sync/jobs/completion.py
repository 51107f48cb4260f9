"""Tell the inbox what became of an event: completed when every job it asked for has reached it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from sync.flow import Outcome
from sync.models import EventJob, SyncJob
from sync.storable import storable_text
from webhooks.models import WebhookEvent
from webhooks.processing import FLOW_HELD, LEFT_OUT_WHEN_SWITCHED_ON

Status = WebhookEvent.Status


def complete_events(job: SyncJob) -> None:
    """Complete the events whose jobs are now all reached."""
    reached = EventJob.objects.filter(job=job, wanted__lte=job.wanted).values_list("event_id", flat=True)
    open_events = WebhookEvent.objects.filter(pk__in=list(reached), status__in=[Status.PROCESSING, Status.FAILED])
    for event_id in open_events.values_list("pk", flat=True):
        complete_event(event_id)


def complete_event(event_id: int) -> None:
    """Complete one event if nothing it asked for is outstanding."""
    if _outstanding().filter(event_id=event_id).exists():
        return
    WebhookEvent.objects.filter(pk=event_id, status__in=[Status.PROCESSING, Status.FAILED]).update(
        status=Status.COMPLETED, processed_at=timezone.now(), error=""
    )


def fail_events(job: SyncJob, outcome: Outcome) -> None:
    """Show on the job's events why it stopped; a person or a mapping lets it go on."""
    sentence = storable_text(" ".join(issue.sentence() for issue in outcome.issues if issue.is_error))
    asked = EventJob.objects.filter(job=job, wanted__gt=job.done).values_list("event_id", flat=True)
    WebhookEvent.objects.filter(pk__in=list(asked), status=Status.PROCESSING).update(status=Status.FAILED, error=sentence)


def answered_events() -> QuerySet[WebhookEvent]:
    """Return open events whose jobs have all reached them."""
    asked = EventJob.objects.filter(event=OuterRef("pk"))
    outstanding = _outstanding().filter(event=OuterRef("pk"))
    return WebhookEvent.objects.filter(Exists(asked), ~Exists(outstanding), status=Status.PROCESSING)


def hold_events(job: SyncJob) -> None:
    """Say on the job's events that it is held: they are not answered, and nobody has to put anything right."""
    asked = EventJob.objects.filter(job=job, wanted__gt=job.done).values_list("event_id", flat=True)
    held = WebhookEvent.objects.filter(pk__in=list(asked), status__in=[Status.PROCESSING, Status.FAILED])
    held.update(status=Status.PROCESSING, error=FLOW_HELD)


def go_on_with_events(job_ids: Collection[int]) -> None:
    """Take back what was said of the events whose jobs are let go."""
    asked = EventJob.objects.filter(job_id__in=job_ids).values_list("event_id", flat=True)
    WebhookEvent.objects.filter(pk__in=list(asked), status=Status.PROCESSING, error=FLOW_HELD).update(error="")


def close_events(job_ids: Collection[int]) -> None:
    """Close the events of jobs that a person left out, and say so; one that asked for more stays open until that is done."""
    asked = EventJob.objects.filter(job_id__in=job_ids).values_list("event_id", flat=True)
    left = answered_events().filter(pk__in=list(asked)).values_list("pk", flat=True)
    closed = WebhookEvent.objects.filter(pk__in=list(left), status=Status.PROCESSING)
    closed.update(status=Status.IGNORED, error=LEFT_OUT_WHEN_SWITCHED_ON, processed_at=timezone.now())


def _outstanding() -> QuerySet[EventJob]:
    return EventJob.objects.filter(job__done__lt=F("wanted"))
