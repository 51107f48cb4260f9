"""Read once what BlueJet holds, so that a bulk run does not search record by record."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import partial

from clients.bluejet import BlueJetRow
from clients.bluejet.values import text
from sync.flow import Context, Flow
from sync.isolation import apart, savepoint
from sync.models import SyncRun, TargetIndex
from sync.push.natural import natural_columns, natural_key
from sync.storable import storable_text

logger = logging.getLogger(__name__)
BATCH = 1000
# Stands in an entry's `field` to say that the index lacks records of this kind.
INCOMPLETE = "incomplete"


def build_index(ctx: Context, run: SyncRun, flow: Flow) -> bool:
    """Store id, external id and natural key of every record of the flow's kinds; return whether the index is whole.

    With a row that could not be read it is not: what is not in it may still be there, and would be made twice.
    """
    TargetIndex.objects.filter(run=run).delete()
    for kind in indexed_kinds(ctx, flow):
        batch: list[TargetIndex] = []
        for row in _rows(ctx, kind):
            batch += _entries(ctx, run, row)
            if len(batch) >= BATCH:
                _insist(ctx)
                apart(_store, batch, _leave_out)
                batch = []
        _insist(ctx)
        apart(_store, batch, _leave_out)
    return not any(ctx.bluejet.unreadable[kind] for kind in indexed_kinds(ctx, flow))


def _insist(ctx: Context) -> None:
    """An entry that two planners make would look like two records."""
    if ctx.claim is not None:
        ctx.claim.insist()


def indexed_kinds(ctx: Context, flow: Flow) -> list[str]:
    """Return the kinds that this dialect knows."""
    return [kind for kind in flow.index_kinds if kind in ctx.bluejet.evidences]


def trusted_kinds(ctx: Context, run: SyncRun, flow: Flow) -> list[str]:
    """Return the kinds of which the index holds everything: what is missing there is surely missing in BlueJet."""
    doubtful = set(TargetIndex.objects.filter(run=run, field=INCOMPLETE).values_list("kind", flat=True))
    return [kind for kind in indexed_kinds(ctx, flow) if kind not in doubtful]


def _rows(ctx: Context, kind: str) -> Iterator[BlueJetRow]:
    evidence = ctx.bluejet.evidences[kind]
    columns = natural_columns(ctx, kind)
    for page in ctx.bluejet.pages(kind, fields=[name for name in (evidence.key, evidence.external_id, *columns) if name]):
        yield from page


def _entries(ctx: Context, run: SyncRun, row: BlueJetRow) -> list[TargetIndex]:
    """Return the marks that the record is found by, as the index holds them."""
    entries: list[TargetIndex] = []
    apart(lambda rows: entries.extend(_marks(ctx, run, rows[0])), [row], lambda row, error: _distrust(run, row.kind, row.id, error))
    return entries


def _marks(ctx: Context, run: SyncRun, row: BlueJetRow) -> list[TargetIndex]:
    external_id = storable_text(text(row.fields.get(ctx.bluejet.evidences[row.kind].external_id)))[:255]
    natural = storable_text(natural_key(row.fields, natural_columns(ctx, row.kind)))[:255]
    entry = partial(TargetIndex, run=run, kind=row.kind, bluejet_id=row.id, external_id=external_id)
    return [entry(field=field, value=value) for field, value in (("external_id", external_id), ("natural", natural)) if value]


def _store(rows: Sequence[TargetIndex]) -> None:
    with savepoint():
        TargetIndex.objects.bulk_create(rows)


def _leave_out(row: TargetIndex, error: Exception) -> None:
    _distrust(row.run, row.kind, row.bluejet_id, error)


def _distrust(run: SyncRun, kind: str, bluejet_id: str, error: Exception) -> None:
    """Leave a record out, and have every record of its kind searched for in BlueJet itself: else the run would make it a second time."""
    logger.warning("BlueJet's %s %r cannot be indexed, so the run searches record by record", kind, bluejet_id, exc_info=error)
    TargetIndex.objects.create(run=run, kind=kind, field=INCOMPLETE, value=kind)
