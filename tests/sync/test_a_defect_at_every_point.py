"""A defect of ours at each point of a record's way in turn: it costs that record alone, and nothing is sent again without end."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

import pytest

from sync import sweepers
from sync.flow import Flow
from sync.flows import FLOWS
from sync.jobs import replay_jobs
from sync.models import RecordLink, SyncChunk, SyncJob, SyncRun
from tests.sync.happenings import ORDERS, PRODUCTS, bring, finished, guid_of, issues_of, lists_only, look_at, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = [pytest.mark.usefixtures("impatient"), pytest.mark.parametrize("dialect", ["data"])]
SOUND, BAD = ("KON01", "KON02", "KON04"), "KON03"
# Longer than a claim, a settled doubt and the pause after a failed try.
ROUND = 200
NAMES = ("key", "job_key", "parent_key", "external_id", "topic", "item", "part", "write")

STAGE = ("split", "refer", "map", "validate")
# What every record passes, as a job and in a run.
SHARED = (
    *(f"sync.fetching.{name}" for name in ("_fetch", "_behind", "_hold_deletions")),
    *(f"sync.pipeline.{name}" for name in ("_split", "_settle", "push_parts", "keep_samples", "_sum_up", "corrections_of")),
    *(f"sync.samples.{name}" for name in ("_is_wanted", "_row", "store")),
    *(f"sync.push.push.{name}" for name in ("_leaders", "_compare", "hash_of", "needless", "_push_leased", "_look_once_more", "_find")),
    *(f"sync.push.push.{name}" for name in ("find_existing", "write_parts")),
    *(f"sync.links.{name}" for name in ("reserve", "lease", "renew", "release")),
    *(f"sync.push.write.{name}" for name in ("_prepare", "_write_batch", "_after_row", "record_written")),
    "sync.record._record_copy",
)
OF_JOBS = (
    *(f"sync.work.{name}" for name in ("_request", "note_unmapped", "release_mapped", "_end", "_within_limits", "_draft", "finish")),
    *(f"sync.attempts.{name}" for name in ("begin", "end", "_note")),
    *(f"sync.jobs.finish.{name}" for name in ("_tell_others", "_changes", "_tell_events", "_go_on")),
    *(f"sync.waiting.{name}" for name in ("wake", "wait", "forget")),
)
OF_RUNS = (*(f"sync.runs.chunks.{name}" for name in ("run_batch", "note_unmapped", "_is_held", "_wake", "release_mapped")),)


class Defect(Exception):
    """Stand for whatever may be wrong in our own code."""


@dataclass(frozen=True)
class Places:
    """Where a defect strikes, and at which record."""

    patch: pytest.MonkeyPatch
    keys: frozenset[str]
    struck: list[str] = field(default_factory=list)

    def break_function(self, dotted: str) -> None:
        """Let a function of a module fail whenever it is given this record."""
        module_name, _, name = dotted.rpartition(".")
        module = importlib.import_module(module_name)
        self.patch.setattr(module, name, self.broken(getattr(module, name)))

    def break_stages(self, flow: Flow, name: str) -> None:
        """Let one of the steps fail in every stage of a flow."""
        stages = tuple(replace(stage, **{name: self.broken(getattr(stage, name))}) for stage in flow.stages)
        self.patch.setitem(FLOWS, flow.name, replace(flow, stages=stages))

    def break_flow(self, flow: Flow, name: str) -> None:
        """Let what a flow itself brings fail."""
        self.patch.setitem(FLOWS, flow.name, replace(flow, **{name: self.broken(getattr(flow, name))}))

    def broken(self, function: Callable[..., Any], *, after: bool = False) -> Callable[..., Any]:
        """Return the function with the defect before its work, or after it."""

        @wraps(function)
        def failing(*arguments: Any, **named: Any) -> Any:
            strikes = any(is_about(value, self.keys) for value in (*arguments, *named.values()))
            self.struck.extend([function.__name__] * strikes)
            if strikes and not after:
                raise Defect(function.__name__)
            result = function(*arguments, **named)
            if strikes:
                raise Defect(function.__name__)
            return result

        return failing


def is_about(value: Any, keys: frozenset[str]) -> bool:
    """Whether a record is meant by an argument, however deep in it."""
    if isinstance(value, str):
        return any(key in value for key in keys)
    if isinstance(value, Mapping):
        return any(is_about(one, keys) for pair in value.items() for one in pair)
    if isinstance(value, Iterable):
        return not hasattr(value, "__next__") and any(is_about(one, keys) for one in value)
    return any(is_about(getattr(value, name), keys) for name in NAMES if hasattr(value, name))


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    return Holdings(portal)


@pytest.fixture
def places(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Places:
    return Places(monkeypatch, frozenset({BAD, guid_of(portal, BAD)}))


def rounds(portal: Portal, flow: str, pass_time: PassTime, times: int = 7) -> None:
    """Let workers and sweepers do what they do, until every pause and every claim is over."""
    for _ in range(times):
        portal.work(flow)
        pass_time(ROUND)
        sweepers.requeue_abandoned()
        if is_quiet(flow):
            return


def is_quiet(flow: str) -> bool:
    """Whether no job of the flow is running or will be tried again."""
    return not SyncJob.objects.filter(flow=flow, state__in=["running", "queued", "waiting"]).exists()


def ended_well(job: SyncJob) -> bool:
    """Whether the job is done, or stands before a person with a reason after its tries."""
    return job.state == "done" or (job.state in ("failed", "parked") and bool(job.issues) and (job.tries >= 3 or job.state == "parked"))


def times_in_bluejet(holds: Holdings, *codes: str) -> list[int]:
    held = [row["code"] for row in holds.all("product")]
    return [held.count(code) for code in codes]


def nothing_is_left_over(portal: Portal, holds: Holdings, pass_time: PassTime, flow: str) -> bool:
    """Whether further rounds write nothing, and nothing is running or due."""
    writes = holds.writes()
    rounds(portal, flow, pass_time, times=2)
    return holds.writes() == writes and is_quiet(flow)


def products_as_jobs(portal: Portal, holds: Holdings, pass_time: PassTime, places: Places) -> None:
    bad, *sound = [guid_of(portal, code) for code in (BAD, *SOUND)]
    look_at(portal, PRODUCTS, sound[0], bad, *sound[1:])
    rounds(portal, PRODUCTS, pass_time)

    assert places.struck
    assert [portal.job(PRODUCTS, guid).state for guid in sound] == ["done"] * len(SOUND)
    assert times_in_bluejet(holds, *SOUND) == [1] * len(SOUND)
    assert times_in_bluejet(holds, BAD)[0] <= 1
    assert ended_well(portal.job(PRODUCTS, bad)), (portal.job(PRODUCTS, bad).state, issues_of(portal.job(PRODUCTS, bad)))
    assert nothing_is_left_over(portal, holds, pass_time, PRODUCTS)


@pytest.mark.parametrize("point", [*SHARED, *OF_JOBS])
def test_a_defect_anywhere_on_the_way_of_jobs_costs_one_record(
    portal: Portal, holds: Holdings, pass_time: PassTime, places: Places, point: str
) -> None:
    places.break_function(point)

    products_as_jobs(portal, holds, pass_time, places)


@pytest.mark.parametrize("name", STAGE)
def test_a_defect_in_a_step_of_a_flow_costs_one_record(
    portal: Portal, holds: Holdings, pass_time: PassTime, places: Places, name: str
) -> None:
    places.break_stages(FLOWS[PRODUCTS], name)

    products_as_jobs(portal, holds, pass_time, places)


@pytest.mark.parametrize("after", [False, True])
def test_a_defect_in_the_client_before_or_after_the_request_doubles_nothing(
    portal: Portal, holds: Holdings, pass_time: PassTime, places: Places, after: bool
) -> None:
    from clients.bluejet.data import DataClient

    places.patch.setattr(DataClient, "write", places.broken(DataClient.write, after=after))

    products_as_jobs(portal, holds, pass_time, places)


def products_in_a_run(portal: Portal, holds: Holdings, pass_time: PassTime, places: Places) -> SyncRun:
    guids = [guid_of(portal, code) for code in (SOUND[0], BAD, *SOUND[1:])]
    lists_only(places.patch, PRODUCTS, *guids)
    run = planned(portal, PRODUCTS)
    for _ in range(7):
        if finished(run).is_active:
            pass_time(ROUND)
    rounds(portal, PRODUCTS, pass_time)

    assert places.struck
    assert times_in_bluejet(holds, *SOUND) == [1] * len(SOUND)
    assert times_in_bluejet(holds, BAD)[0] <= 1
    assert all(ended_well(job) for job in SyncJob.objects.all()), [(job.state, issues_of(job)) for job in SyncJob.objects.all()]
    assert not SyncJob.objects.exclude(key=guids[1]).exclude(state="done").exists()
    assert not SyncChunk.objects.exclude(state="done").exists()
    assert nothing_is_left_over(portal, holds, pass_time, PRODUCTS)
    return run


@pytest.mark.parametrize("point", [*SHARED, *OF_RUNS])
def test_a_defect_anywhere_on_the_way_of_a_run_costs_one_record(
    portal: Portal, holds: Holdings, pass_time: PassTime, places: Places, point: str
) -> None:
    places.break_function(point)

    run = products_in_a_run(portal, holds, pass_time, places)

    assert (run.state, run.read) == ("completed", 1 + len(SOUND))


@pytest.mark.parametrize("point", ["sync.runs.target_index._store", "sync.push.search._in_index", "sync.runs.target_index.natural_key"])
def test_a_defect_on_the_way_of_a_run_that_reads_the_target_first_costs_one_record(
    portal: Portal, holds: Holdings, pass_time: PassTime, places: Places, point: str
) -> None:
    bring(portal, *SOUND, BAD)
    SyncJob.objects.all().delete()
    RecordLink.objects.all().delete()
    places.patch.setattr("sync.runs.plan.INDEX_FROM", 1)
    places.break_function(point)

    run = products_in_a_run(portal, holds, pass_time, places)

    assert run.state == "completed"


def test_a_record_of_a_run_that_cannot_be_kept_with_all_that_is_known_of_it_becomes_a_job_all_the_same(
    portal: Portal, holds: Holdings, pass_time: PassTime, places: Places
) -> None:
    places.break_function("sync.pipeline._split")
    places.break_function("sync.runs.leftovers._keep")

    run = products_in_a_run(portal, holds, pass_time, places)

    assert (run.state, run.read, run.failed) == ("completed", 1 + len(SOUND), 1)


def orders_as_jobs(portal: Portal, holds: Holdings, pass_time: PassTime, break_it: Callable[[Places], None]) -> None:
    bring(portal, "SPO01")
    first, second, bad, fourth, fifth = [place(portal, "SPO01") for _ in range(5)]
    sound = [first, second, fourth, fifth]
    with pytest.MonkeyPatch.context() as patch:
        places = Places(patch, frozenset({bad}))
        break_it(places)
        rounds(portal, ORDERS, pass_time)

        assert places.struck
        assert [portal.job(ORDERS, code).state for code in sound] == ["done"] * len(sound)
        assert [len(holds.documents(code)) for code in sound] == [1] * len(sound)
        assert len(holds.documents(bad)) <= 1
        assert ended_well(portal.job(ORDERS, bad)), (portal.job(ORDERS, bad).state, issues_of(portal.job(ORDERS, bad)))
        assert nothing_is_left_over(portal, holds, pass_time, ORDERS)

    replay_jobs([portal.job(ORDERS, bad)], by="jana")
    rounds(portal, ORDERS, pass_time, times=3)

    assert portal.job(ORDERS, bad).state == "done"
    assert len(holds.document(bad).lines) == len(portal.shoptet.state.orders[bad]["items"])


@pytest.mark.parametrize("name", ["fetch", "after", *STAGE])
def test_an_order_with_a_defect_in_a_step_costs_no_other_and_arrives_once_when_it_is_mended(
    portal: Portal, holds: Holdings, pass_time: PassTime, name: str
) -> None:
    flow = FLOWS[ORDERS]
    breaking = Places.break_stages if name in STAGE else Places.break_flow

    orders_as_jobs(portal, holds, pass_time, lambda places: breaking(places, flow, name))


@pytest.mark.parametrize("point", ["plan_lines", "confirm_document", "record_written"])
def test_an_order_with_a_defect_in_its_writing_costs_no_other_and_arrives_once_when_it_is_mended(
    portal: Portal, holds: Holdings, pass_time: PassTime, point: str
) -> None:
    orders_as_jobs(portal, holds, pass_time, lambda places: places.break_function(f"sync.push.write.{point}"))
