"""A defect of ours at each point of a record's way in turn: it costs that record alone, and nothing is sent again without end."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

import pytest

from clients.bluejet.data import DataClient
from sync import sweepers
from sync.flows import FLOWS
from sync.jobs import replay_jobs
from sync.models import RecordLink, SyncChunk, SyncJob
from tests.sync.happenings import ORDERS, PRODUCTS, bring, finished, guid_of, issues_of, lists_only, look_at, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = [pytest.mark.usefixtures("impatient"), pytest.mark.parametrize("dialect", ["data"])]
# One defect a record, eight such records in a batch with two sound ones: as many as a worker takes at once.
SOUND = ("SPO01", "KON01")
BAD = ("KON02", "KON03", "KON04", "SPO02", "SPO03", "SPO04", "SPO05", "SPO06")
# Longer than a claim, a settled doubt and the pause after a failed try.
ROUND = 200
NAMES = ("key", "job_key", "parent_key", "external_id", "topic", "item", "part", "write")

STEPS = ("split", "refer", "map", "validate")
# What every record passes, as a job and in a run.
SHARED = (
    *(f"step {name}" for name in STEPS),
    *("client before the request", "client after the request"),
    *(f"sync.fetching.{name}" for name in ("_fetch", "_behind", "_hold_deletions")),
    *(f"sync.pipeline.{name}" for name in ("_split", "_settle", "push_parts", "keep_samples", "_sum_up", "corrections_of")),
    *(f"sync.samples.{name}" for name in ("_is_wanted", "_row", "store")),
    *(f"sync.push.push.{name}" for name in ("_leaders", "_compare", "hash_of", "needless", "_push_leased", "_look_once_more", "_find")),
    *(f"sync.push.push.{name}" for name in ("find_existing", "write_parts")),
    "sync.links.reserve",
    *(f"sync.leases.{name}" for name in ("lease", "claim_of", "release")),
    *(f"sync.push.write.{name}" for name in ("_prepare", "_write_batch", "_after_row", "record_written")),
    *(f"sync.record.{name}" for name in ("_record_copy", "save")),
)
OF_JOBS = (
    *(f"sync.work.{name}" for name in ("_request", "note_unmapped", "release_mapped", "_end", "_within_limits", "_draft", "finish")),
    *(f"sync.attempts.{name}" for name in ("begin", "end", "_note")),
    *(f"sync.jobs.finish.{name}" for name in ("_tell_others", "_changes", "_tell_events", "_go_on")),
    *(f"sync.waiting.{name}" for name in ("wake", "wait", "forget")),
)
OF_RUNS = tuple(f"sync.runs.chunks.{name}" for name in ("note_unmapped", "_wake", "release_mapped"))
# Each of these hides others: whoever breaks a whole chunk off, or the index, or is reached only by what did not get through.
OF_RUNS_ALONE = (
    ("sync.runs.chunks.run_batch",),
    ("sync.runs.chunks._is_held",),
    ("sync.runs.leftovers._keep",),
    ("sync.runs.target_index._store", "sync.runs.target_index.natural_key"),
    ("sync.push.search._in_index",),
)


def in_groups(points: Sequence[str]) -> list[Any]:
    """Return the points as parameters, as many at a time as there are records to strike."""
    groups = [tuple(points[start : start + len(BAD)]) for start in range(0, len(points), len(BAD))]
    return [pytest.param(group, id=f"{group[0]} to {group[-1]}".replace("sync.", "")) for group in groups]


class Defect(Exception):
    """Stand for whatever may be wrong in our own code."""


@dataclass(frozen=True)
class Place:
    """Where a defect strikes, and at which record."""

    patch: pytest.MonkeyPatch
    point: str
    keys: frozenset[str]
    struck: list[str] = field(default_factory=list)

    def break_it(self, flow: str) -> None:
        """Let what is meant fail whenever it is given this record."""
        kind, _, name = self.point.partition(" ")
        if kind == "client":
            self.patch.setattr(DataClient, "write", self.broken(DataClient.write, after=name.startswith("after")))
        elif kind == "step":
            stages = tuple(replace(stage, **{name: self.broken(getattr(stage, name))}) for stage in FLOWS[flow].stages)
            self.patch.setitem(FLOWS, flow, replace(FLOWS[flow], stages=stages))
        elif kind == "flow":
            self.patch.setitem(FLOWS, flow, replace(FLOWS[flow], **{name: self.broken(getattr(FLOWS[flow], name))}))
        else:
            module_name, _, name = self.point.rpartition(".")
            module = importlib.import_module(module_name)
            self.patch.setattr(module, name, self.broken(getattr(module, name)))

    def broken(self, function: Callable[..., Any], *, after: bool = False) -> Callable[..., Any]:
        """Return the function with the defect before its work, or after it."""

        @wraps(function)
        def failing(*arguments: Any, **named: Any) -> Any:
            strikes = any(is_about(value, self.keys) for value in (*arguments, *named.values()))
            self.struck.extend([self.point] * strikes)
            if strikes and not after:
                raise Defect(self.point)
            result = function(*arguments, **named)
            if strikes:
                raise Defect(self.point)
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
def break_at(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], list[Place]]:
    """Return what puts one defect at each point, each for a product of its own."""

    def break_at(points: Sequence[str]) -> list[Place]:
        places = [Place(monkeypatch, point, frozenset({code, guid_of(portal, code)})) for point, code in zip(points, BAD, strict=False)]
        for one in places:
            one.break_it(PRODUCTS)
        return places

    return break_at


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


def nothing_is_left_over(portal: Portal, holds: Holdings, pass_time: PassTime, flow: str) -> bool:
    """Whether further rounds write nothing, and nothing is running or due."""
    writes = holds.writes()
    rounds(portal, flow, pass_time, times=2)
    return holds.writes() == writes and is_quiet(flow)


def assert_that_only_they_suffered(portal: Portal, holds: Holdings, pass_time: PassTime, places: Sequence[Place]) -> None:
    held = [row["code"] for row in holds.all("product")]
    jobs = {one.point: [job for job in SyncJob.objects.all() if job.key in one.keys] for one in places}
    struck = {key for one in places for key in one.keys}

    assert [one.point for one in places if not one.struck] == []
    assert [held.count(code) for code in SOUND] == [1] * len(SOUND)
    assert max(held.count(code) for code in BAD) == 1
    assert [job.key for job in SyncJob.objects.exclude(state="done") if job.key not in struck] == []
    assert {point: (job.state, job.tries, issues_of(job)) for point, (*_, job) in with_jobs(jobs) if not ended_well(job)} == {}
    assert nothing_is_left_over(portal, holds, pass_time, PRODUCTS)


def with_jobs(jobs: dict[str, list[SyncJob]]) -> list[tuple[str, list[SyncJob]]]:
    return [(point, found) for point, found in jobs.items() if found]


@pytest.mark.parametrize("points", in_groups([*SHARED, *OF_JOBS]))
def test_a_defect_anywhere_on_the_way_of_jobs_costs_one_record(
    portal: Portal, holds: Holdings, pass_time: PassTime, break_at: Callable[[Sequence[str]], list[Place]], points: Sequence[str]
) -> None:
    places = break_at(points)
    guids = [guid_of(portal, code) for code in (SOUND[0], *BAD, *SOUND[1:])]
    look_at(portal, PRODUCTS, *guids)

    rounds(portal, PRODUCTS, pass_time)

    assert_that_only_they_suffered(portal, holds, pass_time, places)
    assert SyncJob.objects.count() == len(guids)


@pytest.mark.parametrize("points", [*in_groups([*SHARED, *OF_RUNS]), *OF_RUNS_ALONE])
def test_a_defect_anywhere_on_the_way_of_a_run_costs_one_record(
    portal: Portal,
    holds: Holdings,
    pass_time: PassTime,
    break_at: Callable[[Sequence[str]], list[Place]],
    monkeypatch: pytest.MonkeyPatch,
    points: Sequence[str],
) -> None:
    if "index" in points[0]:
        bring(portal, *SOUND, *BAD)
        SyncJob.objects.all().delete()
        RecordLink.objects.all().delete()
        monkeypatch.setattr("sync.runs.plan.INDEX_FROM", 1)
    lists_only(monkeypatch, PRODUCTS, *[guid_of(portal, code) for code in (SOUND[0], *BAD, *SOUND[1:])])
    places = break_at(points)
    if "leftovers" in points[0]:
        replace(places[0], point="step split").break_it(PRODUCTS)

    run = planned(portal, PRODUCTS)
    for _ in range(7):
        if finished(run).is_active:
            pass_time(ROUND)
    rounds(portal, PRODUCTS, pass_time)

    assert (run.state, run.read) == ("completed", len(SOUND) + len(BAD))
    assert not SyncChunk.objects.exclude(state="done").exists()
    assert_that_only_they_suffered(portal, holds, pass_time, places)


def orders_as_jobs(portal: Portal, holds: Holdings, pass_time: PassTime, point: str) -> None:
    bring(portal, "SPO01")
    first, second, bad, fourth, fifth = [place(portal, "SPO01") for _ in range(5)]
    sound = [first, second, fourth, fifth]
    with pytest.MonkeyPatch.context() as patch:
        defect = Place(patch, point, frozenset({bad}))
        defect.break_it(ORDERS)
        rounds(portal, ORDERS, pass_time)

        assert defect.struck
        assert [portal.job(ORDERS, code).state for code in sound] == ["done"] * len(sound)
        assert [len(holds.documents(code)) for code in sound] == [1] * len(sound)
        assert len(holds.documents(bad)) <= 1
        assert ended_well(portal.job(ORDERS, bad)), (portal.job(ORDERS, bad).state, issues_of(portal.job(ORDERS, bad)))
        assert nothing_is_left_over(portal, holds, pass_time, ORDERS)

    replay_jobs([portal.job(ORDERS, bad)], by="jana")
    rounds(portal, ORDERS, pass_time, times=3)

    assert portal.job(ORDERS, bad).state == "done"
    assert len(holds.document(bad).lines) == len(portal.shoptet.state.orders[bad]["items"])


@pytest.mark.parametrize("point", ["flow fetch", "flow after", "step map", "sync.push.write.confirm_document"])
def test_an_order_with_a_defect_on_its_way_costs_no_other_and_arrives_once_when_it_is_mended(
    portal: Portal, holds: Holdings, pass_time: PassTime, point: str
) -> None:
    orders_as_jobs(portal, holds, pass_time, point)
