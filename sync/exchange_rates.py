"""Keep the shops' exchange rates as they are set in Shoptet."""

from __future__ import annotations

import logging

from clients.errors import PartnerError
from shops.clients import shoptet_client
from shops.exchange_rates import refresh_rates
from shops.models import Shop
from sync.models.job import Priority
from sync.partners import shoptet_breaker, shoptet_limiter

logger = logging.getLogger(__name__)


def refresh_all() -> int:
    """Read the rates of every active shop; one that does not answer keeps those it had. Return how many answered."""
    return sum(_refresh(shop) for shop in Shop.objects.filter(active=True))


def _refresh(shop: Shop) -> bool:
    try:
        with shoptet_client(shop, priority=Priority.CUSTOMERS, limiter=shoptet_limiter(shop), breaker=shoptet_breaker(shop)) as client:
            refresh_rates(shop, client)
    except PartnerError as error:
        logger.warning("The exchange rates of %s could not be read: %s", shop, error)
        return False
    return True
