"""Tell the inbox what became of an event: completed when every job it asked for has reached it."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from shops.database_trouble import repeat_deadlocked
from sync.flow import Outcome
from sync.models import EventJob, SyncJob
from sync.storable import storable_text
from webhooks.models import WebhookEvent

Status = WebhookEvent.Status


def complete_events(job: SyncJob) -> None:
    """Complete the events whose jobs are now all reached."""
    reached = EventJob.objects.filter(job=job, wanted__lte=job.wanted).values_list("event_id", flat=True)
    open_events = WebhookEvent.objects.filter(pk__in=list(reached), status__in=[Status.PROCESSING, Status.FAILED])
    for event_id in open_events.values_list("pk", flat=True):
        complete_event(event_id)


def complete_event(event_id: int) -> None:
    """Complete one event if nothing it asked for is outstanding."""
    if EventJob.objects.filter(event_id=event_id, job__done__lt=F("wanted")).exists():
        return
    WebhookEvent.objects.filter(pk=event_id, status__in=[Status.PROCESSING, Status.FAILED]).update(
        status=Status.COMPLETED, processed_at=timezone.now(), error=""
    )


def fail_events(job: SyncJob, outcome: Outcome) -> None:
    """Show on the job's events why it stopped; a person or a mapping lets it go on."""
    sentence = storable_text(" ".join(issue.sentence() for issue in outcome.issues if issue.is_error))
    asked = EventJob.objects.filter(job=job, wanted__gt=job.done).values_list("event_id", flat=True)
    told = WebhookEvent.objects.filter(pk__in=list(asked), status=Status.PROCESSING)
    repeat_deadlocked(lambda: told.update(status=Status.FAILED, error=sentence))
