"""Asking for jobs, claiming them, and finishing them without losing what came meanwhile."""

from sync.jobs.ask import Ask, ask
from sync.jobs.claim import claim_due, claim_with
from sync.jobs.finish import finish
from sync.jobs.replay import replay_jobs

__all__ = ["Ask", "ask", "claim_due", "claim_with", "finish", "replay_jobs"]
