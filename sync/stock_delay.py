"""Stock changes may go together: the fuller the partner's bucket, the longer they are collected."""

from __future__ import annotations

import logging

from redis.exceptions import RedisError

from shops.models import Shop
from sync.partners import shoptet_limiter

logger = logging.getLogger(__name__)
LONGEST_DELAY = 300.0
EMPTY_ENOUGH = 0.25


def delay_for(shop: Shop) -> float:
    """Return how many seconds a stock movement may be collected: none while the bucket is nearly empty, five minutes at most."""
    try:
        filling = shoptet_limiter(shop).filling()
    except RedisError as error:
        logger.warning("The bucket's level is out of reach: %s", error)
        return 0.0
    return 0.0 if filling < EMPTY_ENOUGH else LONGEST_DELAY * min(1.0, (filling - EMPTY_ENOUGH) / (1 - EMPTY_ENOUGH))
