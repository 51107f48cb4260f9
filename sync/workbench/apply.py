"""After an activation: send the records that it affects once more."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence

from shops.models import FlowSetting, Shop
from sync.flows import FLOWS
from sync.jobs.ask import Ask, ask
from sync.models import SampleRecord, SyncRun
from sync.runs.control import AlreadyRunning, start_run
from sync.workbench.stages import flows_of, sampled_as

logger = logging.getLogger(__name__)
AT_ONCE = 500


def jobs_of(shop: Shop, keys: Mapping[str, Sequence[str]]) -> list[Ask]:
    """Return the jobs that bring these samples, each once; those of a flow that is off are left out."""
    running = _running_flows(shop)
    found: set[tuple[str, str]] = set()
    for entity, wanted in keys.items():
        for start in range(0, len(wanted), AT_ONCE):
            samples = SampleRecord.objects.filter(shop=shop, entity=entity, key__in=wanted[start : start + AT_ONCE])
            found.update(samples.order_by().values_list("flow", "job_key"))
    return [Ask(flow, key, FLOWS[flow].priority) for flow, key in sorted(found) if flow in running]


def apply_to_affected(shop: Shop, keys: Mapping[str, Sequence[str]], by: str) -> int:
    """Ask the jobs of these samples (keys by entity, as `Impact.keys` has them); return how many jobs."""
    return len(ask(shop, jobs_of(shop, keys), asked_by=by))


def pass_over_all(shop: Shop, entities: Iterable[str], by: str) -> list[SyncRun]:
    """Start a full pass of each flow that makes records of these entities: for a change whose records are more than the samples.

    What BlueJet already holds as it should be is left alone. A flow that is off, or that is being passed over already, is left out.
    """
    running = _running_flows(shop)
    flows = dict.fromkeys(flows_of(sampled_as(entity))[0] for entity in entities)
    started = []
    for flow in flows:
        if flow in running:
            try:
                started.append(start_run(shop, flow, trigger=by, mode=SyncRun.Mode.FULL))
            except AlreadyRunning as error:
                logger.info("%s keeps the mappings that it began with", error.run)
    return started


def _running_flows(shop: Shop) -> set[str]:
    return set(FlowSetting.objects.filter(shop=shop).exclude(mode=FlowSetting.Mode.OFF).values_list("flow", flat=True))
