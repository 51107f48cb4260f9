"""After an activation: send the records that it affects once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shops.models import FlowSetting, Shop
from sync.flows import FLOWS
from sync.jobs.ask import Ask, ask
from sync.models import SampleRecord

AT_ONCE = 500


def jobs_of(shop: Shop, keys: Mapping[str, Sequence[str]]) -> list[Ask]:
    """Return the jobs that bring these samples, each once; those of a flow that is off are left out."""
    running = FlowSetting.objects.filter(shop=shop).exclude(mode=FlowSetting.Mode.OFF).values_list("flow", flat=True)
    flows = set(running)
    found: set[tuple[str, str]] = set()
    for entity, wanted in keys.items():
        for start in range(0, len(wanted), AT_ONCE):
            samples = SampleRecord.objects.filter(shop=shop, entity=entity, key__in=wanted[start : start + AT_ONCE])
            found.update(samples.order_by().values_list("flow", "job_key"))
    return [Ask(flow, key, FLOWS[flow].priority) for flow, key in sorted(found) if flow in flows]


def apply_to_affected(shop: Shop, keys: Mapping[str, Sequence[str]], by: str) -> int:
    """Ask the jobs of these samples (keys by entity, as `Impact.keys` has them); return how many jobs."""
    return len(ask(shop, jobs_of(shop, keys), asked_by=by))
