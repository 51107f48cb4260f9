"""A person's wish: the same job again, whatever became of it."""

from __future__ import annotations

from collections.abc import Iterable

from sync.jobs.ask import Ask, ask
from sync.models import SyncJob


def replay_jobs(jobs: Iterable[SyncJob], *, by: str) -> int:
    """Ask for the jobs once more on behalf of a person, which also approves a held deletion; return how many."""
    count = 0
    for job in jobs:
        again = Ask(job.flow, job.key, job.priority, deleted=job.deletion_announced)
        count += len(ask(job.shop, [again], asked_by=by, approved=True))
    return count
