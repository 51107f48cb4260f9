"""Read once what BlueJet holds, so that a bulk run does not search record by record."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from clients.bluejet.values import text
from sync.flow import Context, Flow
from sync.isolation import apart, savepoint
from sync.models import SyncRun, TargetIndex
from sync.push.natural import natural_columns, natural_key
from sync.storable import storable_text

logger = logging.getLogger(__name__)
BATCH = 1000


def build_index(ctx: Context, run: SyncRun, flow: Flow) -> None:
    """Store id, external id and natural key of every record of the flow's kinds."""
    TargetIndex.objects.filter(run=run).delete()
    for kind in indexed_kinds(ctx, flow):
        batch: list[TargetIndex] = []
        for row in _rows(ctx, run, kind):
            batch.append(row)
            if len(batch) >= BATCH:
                apart(_store, batch, _leave_out)
                batch = []
        apart(_store, batch, _leave_out)


def _store(rows: Sequence[TargetIndex]) -> None:
    with savepoint():
        TargetIndex.objects.bulk_create(rows)


def _leave_out(row: TargetIndex, error: Exception) -> None:
    logger.warning(
        "BlueJet's %s %r cannot be indexed; it is not found by its %s in this run", row.kind, row.bluejet_id, row.field, exc_info=error
    )


def indexed_kinds(ctx: Context, flow: Flow) -> list[str]:
    """Return the kinds that this dialect knows."""
    return [kind for kind in flow.index_kinds if kind in ctx.bluejet.evidences]


def _rows(ctx: Context, run: SyncRun, kind: str) -> Iterator[TargetIndex]:
    evidence = ctx.bluejet.evidences[kind]
    columns = natural_columns(ctx, kind)
    for page in ctx.bluejet.pages(kind, fields=[name for name in (evidence.key, evidence.external_id, *columns) if name]):
        for row in page:
            external_id = storable_text(text(row.fields.get(evidence.external_id)))
            for field, value in (("external_id", external_id), ("natural", storable_text(natural_key(row.fields, columns)))):
                if value:
                    yield TargetIndex(run=run, kind=kind, field=field, value=value[:255], bluejet_id=row.id, external_id=external_id[:255])
