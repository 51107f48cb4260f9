"""One budget for all workers: a partner's connections, its bucket, and the time between calls."""

from sync.pacing.limiter import RedisLimiter
from sync.pacing.settings import BLUEJET, SHOPTET, Budget

__all__ = ["BLUEJET", "SHOPTET", "Budget", "RedisLimiter"]
