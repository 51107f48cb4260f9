"""What a campaign finds wrong: a defect of ours, a job that does not rest, a neighbour that did not arrive."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sync.models import SyncAttempt, SyncJob

AT_REST = (SyncJob.State.DONE, SyncJob.State.PARKED, SyncJob.State.WAITING)
KEPT_IN = Path("build/campaigns")


def wrong_jobs(flow: str, keys: Iterable[str]) -> list[str]:
    """Return a line for each job that failed by a defect of ours, or is not at rest."""
    jobs = SyncJob.objects.filter(flow=flow, key__in=list(keys))
    return [f"{job.key}: {job.state}, {_reason(job)}" for job in jobs if _is_wrong(job)]


def _is_wrong(job: SyncJob) -> bool:
    return job.state not in AT_REST or bool(job.traceback) or any(issue["code"] == "defect" for issue in job.issues)


def _reason(job: SyncJob) -> str:
    lines = (job.traceback or "").strip().splitlines()
    return lines[-1][:200] if lines else json.dumps(job.issues)[:200]


def arrived_not(flow: str, keys: Iterable[str]) -> list[str]:
    """Return a line for each sound neighbour whose job is not done."""
    jobs = {job.key: job for job in SyncJob.objects.filter(flow=flow, key__in=list(keys))}
    return [
        f"{key}: {jobs[key].state if key in jobs else 'no job'}, {jobs[key].issues if key in jobs else ''}"[:400]
        for key in keys
        if key not in jobs or jobs[key].state != SyncJob.State.DONE
    ]


def tracebacks() -> list[str]:
    """Return the last line of each traceback that an attempt ended with."""
    texts = SyncAttempt.objects.exclude(traceback="").values_list("traceback", flat=True)
    return sorted({text.strip().splitlines()[-1][:200] for text in texts})


def logged_errors(records: Iterable[logging.LogRecord]) -> list[str]:
    """Return what was logged as an error of ours."""
    return sorted({f"{record.name}: {record.getMessage()[:200]}" for record in records if record.levelno >= logging.ERROR})


def keep(name: str, data: Any) -> None:
    """Keep a generated answer that did harm, so that it can be tried again."""
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    (KEPT_IN / f"{name}.json").write_text(json.dumps(data, indent=1), encoding="utf-8")
