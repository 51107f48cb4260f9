"""Passes over many records: planned into chunks, worked on chunk by chunk, resumed after a crash."""

from sync.runs.chunks import work_on_run
from sync.runs.control import BEYOND_FEEDS, AlreadyRunning, cancel_run, is_beyond_feeds, start_run
from sync.runs.plan import plan_run

__all__ = ["BEYOND_FEEDS", "AlreadyRunning", "cancel_run", "is_beyond_feeds", "plan_run", "start_run", "work_on_run"]
