"""The fifth step: write down what BlueJet now holds."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from clients.bluejet import Written
from clients.errors import Stopped
from sync.flow import Context, Outcome, Part, Result
from sync.leases import save
from sync.models import RecordLink
from sync.partners import BLUEJET_LABEL
from sync.push.hashing import plain
from sync.storable import storable_json, storable_text

# Everything but whose record it is and who holds it.
KEPT = ("id", "shop_id", "account_id", "kind", "key", "lease", "leased_until", "doubts", "created_at")
RECORDED = [field.attname for field in RecordLink._meta.concrete_fields if field.attname not in KEPT]


def record_written(ctx: Context, part: Part, written: Written, trouble: Outcome | None) -> None:
    """Complete the link; with `trouble` the record exists but is not yet as it should be, so its hash stays empty.

    Raises Stopped where the lease was lost: what is known of the record is its new holder's to write down.
    """
    link = part.held
    # A record found under our own mark that we never noted is our own write whose answer was lost.
    result = Result.CREATED if part.is_own or (not link.bluejet_id and written.action == "inserted") else Result.UPDATED
    link.bluejet_id = written.id
    link.settle_until = None
    link.pushed_at = timezone.now()
    if part.purpose == "copy":
        _record_copy(ctx, part, link, whole=trouble is None)
    else:
        link.sent = storable_json(link.sent | plain(part.fields))
    link.archived = part.purpose == "archive"
    link.closed = link.closed or part.purpose == "close"
    _save(ctx, part, link, result, trouble)


def record_needless(ctx: Context, part: Part, trouble: Outcome | None) -> None:
    """Complete the link of a record that BlueJet holds as it should be: by an earlier write of ours, or though the draft is another one."""
    link = part.held
    link.settle_until = None
    if part.is_own:
        link.pushed_at = timezone.now()
    _record_copy(ctx, part, link, whole=trouble is None)
    _save(ctx, part, link, Result.CREATED if part.is_own else Result.UNCHANGED, trouble)


def _save(ctx: Context, part: Part, link: RecordLink, result: Result, trouble: Outcome | None) -> None:
    # Of a trial it is not known yet what it did to columns that it did not name.
    link.sending = link.sending if part.is_trial else {}
    link.run, link.run_result = ctx.run, result.value if ctx.run else ""
    link.unfinished_until = None
    if not save(ctx, link, RECORDED):
        raise Stopped("another worker took the record over", partner=BLUEJET_LABEL)
    part.outcome = trouble or Outcome(result)


def _record_copy(ctx: Context, part: Part, link: RecordLink, *, whole: bool) -> None:
    link.mapping_version = ctx.snapshot.version
    link.draft_hash = part.draft_hash if whole else ""
    if part.plan is not None:
        link.sent, link.seen = storable_json(part.plan.sent), storable_json(part.plan.seen)
    link.source_changed_at = part.changed_at
    link.fetched_at = part.item.fetched_at
    link.natural_key = storable_text(part.natural_key)[:255]
    link.parent_key = part.parent_key
    link.identity = storable_text(part.identity)[:100]
    link.guid = storable_text(part.guid)[:64] or link.guid
    link.external_id = part.external_id


def record_seen_again(parts: Sequence[Part]) -> None:
    """Move the links' source times forward where nothing else changed, so that an older read cannot win later."""
    seen = [part for part in parts if part.link is not None and part.purpose == "copy"]
    _move_reading_times([part for part in seen if part.changed_at is None and part.held.draft_hash == part.draft_hash])
    for part in seen:
        if part.changed_at is None or part.held.source_changed_at == part.changed_at:
            continue
        older = Q(source_changed_at__isnull=True) | Q(source_changed_at__lt=part.changed_at)
        RecordLink.objects.filter(older, pk=part.held.pk, draft_hash=part.draft_hash).update(
            source_changed_at=part.changed_at, fetched_at=part.item.fetched_at
        )


def _move_reading_times(parts: Sequence[Part]) -> None:
    """Stock has no change time, only the moment when it was read: the whole batch gets its earliest, in one statement."""
    if parts:
        earliest = min(part.item.fetched_at for part in parts)
        RecordLink.objects.filter(pk__in=[part.held.pk for part in parts], fetched_at__lt=earliest).update(fetched_at=earliest)
