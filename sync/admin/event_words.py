"""What is said of events: what their jobs say, and their own status only where they asked for none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Case, QuerySet, When

from sync.admin.sentences import reason_of
from sync.admin.standing import Standing, is_behind, standings_of_asks, worst
from sync.admin.vocabulary import ALONE, EVENTS, JOBS, Words
from sync.models import EventJob, SyncJob
from webhooks.models import WebhookEvent

# Enough for a page of single events; of mass events with more jobs the unfinished ones are looked at first.
MOST_ASKS = 1000
IS_DONE = Case(When(job__state=SyncJob.State.DONE, then=1), default=0)
NO_REASON = "–"


def words_of_events(events: Sequence[WebhookEvent]) -> dict[int, Words]:
    """Return what is said of each event; four queries for the whole list."""
    asks = list(_asks(events))
    found: dict[int, list[Standing]] = defaultdict(list)
    standings = standings_of_asks(asks)
    for ask in asks:
        found[ask.event_id].append(standings[ask.pk])
    return {event.pk: _words(event, found.get(event.pk, [])) for event in events}


def reasons_of_events(events: Sequence[WebhookEvent]) -> dict[int, str]:
    """Return why an event's job is not done, by event; empty for one whose jobs are, whatever was noted on the event before."""
    reasons: dict[int, str] = {}
    for ask in _asks(events):
        reasons[ask.event_id] = reasons.get(ask.event_id) or ("" if is_behind(ask) else reason_of(ask.job))
    return {event: reason or NO_REASON for event, reason in reasons.items()}


def _asks(events: Sequence[WebhookEvent]) -> QuerySet[EventJob]:
    asks = EventJob.objects.filter(event__in=[event.pk for event in events]).select_related("job")
    return asks.defer("job__draft", "job__traceback").order_by(IS_DONE, "-pk")[:MOST_ASKS]


def _words(event: WebhookEvent, standings: Sequence[Standing]) -> Words:
    if not standings:
        return ALONE.get(event.status, Words(event.get_status_display(), "quiet", ""))
    standing = worst(standings)
    words = JOBS[standing]
    return Words(words.label, words.tone, EVENTS[standing], words.claim)
