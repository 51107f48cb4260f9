"""The fifth step: write down what BlueJet now holds."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from clients.bluejet import Written
from sync.flow import Context, Outcome, Part, Result
from sync.models import RecordLink
from sync.push.hashing import plain
from sync.push.lines import LINES, sent_lines
from sync.storable import storable_json, storable_text

# Everything but the lease: where reading back took longer than that lasts, it is another's by now.
RECORDED = [field.name for field in RecordLink._meta.concrete_fields if field.name not in ("id", "lease", "leased_until", "created_at")]


def record_written(ctx: Context, part: Part, written: Written, trouble: Outcome | None) -> None:
    """Complete the link; with `trouble` the record exists but is not yet as it should be, so its hash stays empty."""
    link = part.held
    # A record found under our own mark that we never noted is our own write whose answer was lost.
    result = Result.CREATED if part.is_own or (not link.bluejet_id and written.action == "inserted") else Result.UPDATED
    link.bluejet_id = written.id
    link.settle_until = None
    link.pushed_at = timezone.now()
    if part.purpose == "copy":
        link.mapping_version = ctx.snapshot.version
        _record_copy(part, link, whole=trouble is None)
    link.archived = part.purpose == "archive"
    link.closed = link.closed or part.purpose == "close"
    link.run, link.run_result = ctx.run, result.value if ctx.run else ""
    link.save(update_fields=RECORDED)
    part.outcome = trouble or Outcome(result)


def _record_copy(part: Part, link: RecordLink, *, whole: bool) -> None:
    link.draft_hash = part.draft_hash if whole else ""
    link.seen_hash = link.seen_hash if whole else ""
    link.sent = storable_json(plain(part.fields) | ({LINES: sent_lines(part)} if part.lines else {}))
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
