"""Asking for jobs, claiming them, and finishing them without losing what came meanwhile."""

from sync.jobs.ask import Ask, ask
from sync.jobs.claim import claim_due, claim_with
from sync.jobs.finish import finish, finish_plainly
from sync.jobs.replay import replay_jobs

__all__ = ["Ask", "ask", "claim_due", "claim_with", "finish", "finish_plainly", "replay_jobs"]
