"""End a run, and move the cursor forward if every record has a durable outcome."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from shops.models import FlowSetting
from sync.flows.stock.movements import later
from sync.models import SyncChunk, SyncRun
from sync.storable import storable_text

State = SyncRun.State


def finish_if_done(run_id: int) -> bool:
    """Close the run once no chunk is left; return whether this call closed it."""
    chunks = SyncChunk.objects.filter(run_id=run_id)
    if chunks.filter(state__in=[SyncChunk.State.QUEUED, SyncChunk.State.RUNNING]).exists():
        return False
    broken = chunks.filter(state=SyncChunk.State.FAILED).count()
    with transaction.atomic():
        running = SyncRun.objects.filter(pk=run_id, state=State.RUNNING)
        state, error = (State.FAILED, f"{broken} chunks failed.") if broken else (State.COMPLETED, "")
        if not running.update(state=state, error=error, ended_at=timezone.now()):
            return False
        run = SyncRun.objects.get(pk=run_id)
        if state == State.COMPLETED and not run.dry_run and run.mode != SyncRun.Mode.WINDOW:
            _advance(run)
    run.index.all().delete()
    return True


def fail_run(run: SyncRun, error: str) -> None:
    """End a run that cannot be planned, unless another worker plans it by now."""
    SyncRun.objects.filter(pk=run.pk, state__in=SyncRun.ACTIVE, claim=run.claim).update(
        state=State.FAILED, error=storable_text(error), ended_at=timezone.now()
    )


def _advance(run: SyncRun) -> None:
    """Move the cursor forward, never back."""
    setting = FlowSetting.objects.select_for_update().get(shop=run.shop, flow=run.flow)
    new, old = parse_datetime(run.next_cursor.get("since", "")), parse_datetime(setting.cursor.get("since", ""))
    if new and (old is None or new > old):
        movements = later(setting.cursor.get("movements", {}), run.next_cursor.get("movements", {}))
        setting.cursor = {**setting.cursor, "since": new.isoformat(), **({"movements": movements} if movements else {})}
        setting.save(update_fields=["cursor"])
