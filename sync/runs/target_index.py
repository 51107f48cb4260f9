"""Read once what BlueJet holds, so that a bulk run does not search record by record."""

from __future__ import annotations

from collections.abc import Iterator

from clients.bluejet.values import text
from sync.flow import Context, Flow
from sync.models import SyncRun, TargetIndex
from sync.push.natural import natural_columns, natural_key

BATCH = 1000


def build_index(ctx: Context, run: SyncRun, flow: Flow) -> bool:
    """Store id, external id and natural key of every record of the flow's kinds; return whether the index is whole.

    With a row that could not be read it is not: what is not in it may still be there, and would be made twice.
    """
    TargetIndex.objects.filter(run=run).delete()
    for kind in indexed_kinds(ctx, flow):
        batch: list[TargetIndex] = []
        for row in _rows(ctx, run, kind):
            batch.append(row)
            if len(batch) >= BATCH:
                TargetIndex.objects.bulk_create(batch)
                batch = []
        TargetIndex.objects.bulk_create(batch)
    return not any(ctx.bluejet.unreadable[kind] for kind in indexed_kinds(ctx, flow))


def indexed_kinds(ctx: Context, flow: Flow) -> list[str]:
    """Return the kinds that this dialect knows."""
    return [kind for kind in flow.index_kinds if kind in ctx.bluejet.evidences]


def _rows(ctx: Context, run: SyncRun, kind: str) -> Iterator[TargetIndex]:
    evidence = ctx.bluejet.evidences[kind]
    columns = natural_columns(ctx, kind)
    for page in ctx.bluejet.pages(kind, fields=[name for name in (evidence.key, evidence.external_id, *columns) if name]):
        for row in page:
            external_id = text(row.fields.get(evidence.external_id))
            for field, value in (("external_id", external_id), ("natural", natural_key(row.fields, columns))):
                if value:
                    yield TargetIndex(run=run, kind=kind, field=field, value=value[:255], bluejet_id=row.id, external_id=external_id[:255])
