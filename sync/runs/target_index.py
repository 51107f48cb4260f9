"""Read once what BlueJet holds, so that a bulk run does not search record by record."""

from __future__ import annotations

from collections.abc import Iterator

from sync.flow import Context, Flow
from sync.models import SyncRun, TargetIndex

BATCH = 1000


def build_index(ctx: Context, run: SyncRun, flow: Flow) -> None:
    """Store id, external id and natural key of every record of the flow's kinds."""
    TargetIndex.objects.filter(run=run).delete()
    for kind in indexed_kinds(ctx, flow):
        batch: list[TargetIndex] = []
        for row in _rows(ctx, run, kind):
            batch.append(row)
            if len(batch) >= BATCH:
                TargetIndex.objects.bulk_create(batch)
                batch = []
        TargetIndex.objects.bulk_create(batch)


def indexed_kinds(ctx: Context, flow: Flow) -> list[str]:
    """Return the kinds that this dialect knows."""
    return [kind for kind in flow.index_kinds if kind in ctx.bluejet.evidences]


def _rows(ctx: Context, run: SyncRun, kind: str) -> Iterator[TargetIndex]:
    for entry in ctx.bluejet.index(kind):
        for field, value in (("external_id", entry.external_id), ("natural", entry.natural)):
            if value:
                yield TargetIndex(
                    run=run, kind=kind, field=field, value=value[:255], bluejet_id=entry.id, external_id=(entry.external_id or "")[:255]
                )
