"""Takes events up: claims one, hands it to whoever registered for its type, and finds those that were left lying."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from shops.database_trouble import DATABASE_TROUBLE, is_lost, outlast, passes, repeat_deadlocked, wait_until_there
from shops.heartbeat import Claim, kept_alive
from shops.work_signs import INBOX, SWEEP_EVENTS, note_work
from webhooks.handover import hand_over
from webhooks.models import WebhookEvent
from webhooks.registry import EventHandler, get_handler
from webhooks.storable import storable
from webhooks.topics import is_system

logger = logging.getLogger(__name__)

Status = WebhookEvent.Status

NOBODY_ASKED = "Nothing in the portal acts on this event."
SHOP_INACTIVE = "The shop was switched off when the event came."
FLOW_HELD = "Its flow is not live: it is held until the flow is live and somebody says that it goes over."
FLOW_NEVER_LIVE = "Its flow has never been live; the first pass of the flow brings everything over."
FLOW_OFF_IMPORT = "Its flow is switched off; what was imported is found in Shoptet's list of changes once the flow is on."
LEFT_OUT_WHEN_SWITCHED_ON = "It came while its flow was off; whoever switched the flow on left out what came that early."
NEVER_HANDED_OVER = "No worker that took this event up came back for a day. Process it again once workers are well."
# So long an event is given to one worker after the other before a person has to look.
GIVEN_UP_AFTER = timedelta(hours=24)
LOST_AFTER = timedelta(seconds=20)
# An announced event may wait for a busy worker; announcing it at every sweep would only make the queue longer. While it is young its
# announcement may as well have gone with a killed worker.
SWEEP_AGAIN_AFTER = timedelta(minutes=5)
YOUNG, SWEEP_YOUNG_AGAIN_AFTER = timedelta(minutes=3), timedelta(seconds=30)
MOST_AT_A_SWEEP = 5000


def take_up_all(event_pks: Iterable[int]) -> None:
    """Take several events up; one that fails holds none of the others, and is given back to the sweeper."""
    with _claimed(event_pks) as claim:
        for event_pk in claim.rows:
            try:
                outlast(partial(_take_up, event_pk, claim.token))
            except Exception as error:
                if is_lost(error):
                    raise  # none of the others could be taken up either; the whole message comes again
                logger.exception("Event %s could not be taken up; the sweeper looks at it again.", event_pk)
                # A connection that broke would fail the others, too.
                if not connection.in_atomic_block:
                    connection.close_if_unusable_or_obsolete()


def take_up(event_pk: int) -> None:
    """Hand one pending event to its handler; does nothing if another worker has it.

    The database's trouble is raised; where it passes, the event can be taken up again at once, else the sweeper gives it back.
    """
    with _claimed([event_pk]) as claim:
        for pk in claim.rows:
            try:
                _take_up(pk, claim.token)
            except DATABASE_TROUBLE as error:
                if passes(error):
                    _give_back(claim)
                raise


@contextmanager
def _claimed(event_pks: Iterable[int]) -> Iterator[Claim]:
    """Claim the events that are pending, all before the first is looked at: what a killed worker held is told from what waits."""
    token = uuid.uuid4()
    mine = outlast(lambda: _claim(list(event_pks), token))
    claim = Claim(WebhookEvent, tuple(mine), token, settings.SYNC_CLAIM_SECONDS)
    with kept_alive(*[claim] if mine else []):
        yield claim


def _claim(event_pks: list[int], token: uuid.UUID) -> list[int]:
    now = timezone.now()
    taken_up = {"claimed_at": now, "claim": token, "claimed_until": now + timedelta(seconds=settings.SYNC_CLAIM_SECONDS)}
    asked = WebhookEvent.objects.filter(pk__in=event_pks)
    if asked.filter(status=Status.PENDING).update(status=Status.PROCESSING, handed_over_at=None, **taken_up):
        note_work(INBOX)
    return list(asked.filter(claim=token).order_by("pk").values_list("pk", flat=True))


def _give_back(claim: Claim) -> None:
    """Let events be taken up again at once, instead of when their worker counts as lost."""
    if wait_until_there():
        taken = WebhookEvent.objects.filter(pk__in=claim.rows, claim=claim.token, status=Status.PROCESSING, handed_over_at__isnull=True)
        taken.update(status=Status.PENDING, swept_at=None)


def _take_up(event_pk: int, token: uuid.UUID) -> None:
    claimed = WebhookEvent.objects.filter(pk=event_pk, claim=token).values_list("event_type", "shop__active").first()
    if claimed is None:
        return
    event_type, active = claimed
    handler = get_handler(event_type)
    if handler is None:
        ignore_event(event_pk, NOBODY_ASKED)
    elif not active and not is_system(event_type):
        ignore_event(event_pk, SHOP_INACTIVE)
    else:
        _call(handler, event_pk, event_type, token=token)


def _call(handler: EventHandler, event_pk: int, event_type: str, *, token: uuid.UUID) -> None:
    try:
        with transaction.atomic():
            handler(event_pk)
            # Together with what the handler asked for: after a kill either both are there or neither. And only for our own
            # claim: if the event came again and another worker has it now, that one must hand it over too.
            WebhookEvent.objects.filter(pk=event_pk, claim=token).update(handed_over_at=timezone.now())
    except DATABASE_TROUBLE:
        raise  # not the event's trouble
    except Exception as error:
        logger.exception("Event %s (%s) could not be handed over.", event_pk, event_type)
        fail_event(event_pk, f"{type(error).__name__}: {error}")


def complete_event(event_pk: int, note: str = "") -> bool:
    """Close an event whose jobs have all reached it, or that only had to be noted; one that was opened again meanwhile stays open."""
    return _close(event_pk, Status.COMPLETED, note)


def ignore_event(event_pk: int, reason: str) -> bool:
    """Close an event that asks for nothing, and say why."""
    return _close(event_pk, Status.IGNORED, reason)


def fail_event(event_pk: int, error: str) -> bool:
    """Close an event that could not be handed over, and say why."""
    return _close(event_pk, Status.FAILED, error)


def _close(event_pk: int, status: str, error: str) -> bool:
    taken_up = WebhookEvent.objects.filter(pk=event_pk, status=Status.PROCESSING)
    return bool(taken_up.update(status=status, error=storable(error), processed_at=timezone.now()))


def replay_events(event_pks: Iterable[int]) -> int:
    """Take events up once more at a person's wish, whatever became of them; return how many. Refused bodies stay closed."""
    chosen = WebhookEvent.objects.filter(pk__in=list(event_pks), payload__isnull=False)
    return _open_again(chosen)


def release_held_events(shop_id: int) -> int:
    """Take up what came while the shop was switched off; return how many."""
    return _open_again(WebhookEvent.objects.filter(shop_id=shop_id, status=Status.IGNORED, error=SHOP_INACTIVE))


def sweep_events(older_than: timedelta = LOST_AFTER) -> int:
    """Announce again what was never taken up, and what a killed worker had; return how many."""
    now = timezone.now()
    note_work(SWEEP_EVENTS)
    stuck = WebhookEvent.objects.stuck(now)
    stuck.filter(last_seen_at__lt=now - GIVEN_UP_AFTER).update(status=Status.FAILED, error=NEVER_HANDED_OVER, processed_at=now)
    given_back = list(stuck.order_by("last_seen_at").values_list("pk", flat=True)[:MOST_AT_A_SWEEP])
    repeat_deadlocked(lambda: stuck.filter(pk__in=given_back).update(status=Status.PENDING, swept_at=None, claimed_at=now))
    for pk in given_back:
        hand_over([pk])  # each alone: one that ends its worker must not take the others along again
    is_young = Q(last_seen_at__gt=now - YOUNG, swept_at__lt=now - SWEEP_YOUNG_AGAIN_AFTER)
    not_swept_lately = Q(swept_at__isnull=True) | Q(swept_at__lt=now - SWEEP_AGAIN_AFTER) | is_young
    lost = WebhookEvent.objects.unprocessed(before=now - older_than).filter(not_swept_lately).exclude(pk__in=given_back)
    pks = list(lost.order_by("last_seen_at").values_list("pk", flat=True)[:MOST_AT_A_SWEEP])
    hand_over(pks)
    WebhookEvent.objects.filter(pk__in=[*given_back, *pks]).update(swept_at=now)
    return len(given_back) + len(pks)


def _open_again(events: models.QuerySet[WebhookEvent]) -> int:
    pks = list(events.order_by("pk").values_list("pk", flat=True))
    # `claimed_at` says since when it waits: what it is about may be long ago.
    opened = {"status": Status.PENDING, "claimed_at": timezone.now(), "error": "", "processed_at": None}
    opened |= {"handed_over_at": None, "swept_at": None}
    repeat_deadlocked(lambda: WebhookEvent.objects.filter(pk__in=pks).update(**opened))
    # Robust: a broker that is down only costs time, the sweeper announces what it did not take.
    transaction.on_commit(lambda: hand_over(pks), robust=True)
    return len(pks)
