"""Each hour: ask every partner by itself how it is, and keep what it said."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from clients.errors import Locked, Throttled
from shops.connection import CheckResult, check_bluejet, check_shoptet
from shops.models import BlueJetAccount, Shop
from sync.isolation import DATABASE_TROUBLE
from sync.partners import bluejet_breaker, bluejet_limiter, shoptet_breaker, shoptet_limiter
from sync.probes import Owner, issue_of, keep_check, name_of_owner

logger = logging.getLogger(__name__)


def check_partners() -> dict[str, str]:
    """Ask each shop's Shoptet and each account's BlueJet; return what is wrong, by the partner's name.

    A partner that is known to refuse the credentials is not asked: that is for the probes.
    """
    return {name: str(error) for name, error in ((name_of_owner(owner), _check(owner)) for owner in _owners()) if error}


def _owners() -> Iterator[Owner]:
    yield from Shop.objects.filter(active=True)
    yield from BlueJetAccount.objects.filter(shops__active=True).distinct()


def _check(owner: Owner) -> Exception | None:
    """Ask one partner; whatever goes wrong is what came of this one alone."""
    name = name_of_owner(owner)
    error: Exception | None
    try:
        error = _ask(owner).error
    except DATABASE_TROUBLE:
        raise
    except Exception as defect:
        logger.exception("The health check of %s failed", name)
        error = defect
    if isinstance(error, Throttled | Locked):
        error = None  # who has too much to do, or is too much asked by us, is there
    if error:
        logger.warning("Health check of %s: %s", name, error)
    keep_check(name, issue_of(name, error))
    return error


def _ask(owner: Owner) -> CheckResult:
    if isinstance(owner, Shop):
        return check_shoptet(owner, limiter=shoptet_limiter(owner), breaker=shoptet_breaker(owner))
    return check_bluejet(owner, limiter=bluejet_limiter(owner), breaker=bluejet_breaker(owner))
