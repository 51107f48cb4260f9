"""Opens the partners' clients for a shop or an account; the caller brings the limiter and the breaker that all workers share."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from functools import partial
from typing import Any

import requests
from django.conf import settings

from clients.bluejet.client import open_client
from clients.bluejet.config import BlueJetConfig
from clients.bluejet.interface import BlueJetClient
from clients.errors import AlreadyChanged, MalformedAnswer, NotFound, OutcomeUnknown, PartnerError, PartnerUnavailable, Refused
from clients.sessions import open_session
from clients.shoptet.client import ShoptetClient
from clients.shoptet.config import ADDON_HEADER, PRIVATE_HEADER, ShoptetConfig
from clients.transport import BreakerGuard, Limiter, RetryPolicy
from shops.deprecations import note_deprecation
from shops.missing_sections import ShopSections
from shops.models import BlueJetAccount, Shop
from shops.partner_sessions import BlueJetSession, ShoptetToken

# The errors too, for those who are handed a client and must not know the package that it comes from.
__all__ = [
    "AlreadyChanged",
    "MalformedAnswer",
    "NotFound",
    "OutcomeUnknown",
    "PartnerError",
    "PartnerUnavailable",
    "Refused",
    "bluejet_client",
    "shoptet_client",
]

DEFAULT_PRIORITY = 40
_kept = threading.local()
# For a person who waits for a page: one try, and no longer than they would wait.
IMPATIENT = RetryPolicy(delays=(0,), timeout=10, connect_timeout=4, longest_wait=0)


def shoptet_client(
    shop: Shop,
    *,
    priority: int = DEFAULT_PRIORITY,
    limiter: Limiter | None = None,
    breaker: BreakerGuard | None = None,
    policy: RetryPolicy | None = None,
) -> ShoptetClient:
    """Open a client of the shop's Shoptet; close it, or use it in a `with`."""
    if shop.access == Shop.Access.OAUTH:
        config = ShoptetConfig(shop.api_base_url, ShoptetToken(shop, breaker), header=ADDON_HEADER)
    else:
        config = ShoptetConfig(shop.api_base_url, shop.api_token, header=PRIVATE_HEADER)
    config = replace(config, on_deprecated=partial(note_deprecation, shop.pk), sections=ShopSections(shop.pk))
    return ShoptetClient(config, **_transport_options(policy or RetryPolicy(timeout=settings.SHOPTET_TIMEOUT), priority, limiter, breaker))


def bluejet_client(
    account: BlueJetAccount,
    *,
    priority: int = DEFAULT_PRIORITY,
    limiter: Limiter | None = None,
    breaker: BreakerGuard | None = None,
    policy: RetryPolicy | None = None,
) -> BlueJetClient:
    """Open a client of the BlueJet account; ValueError says what is wrong with its evidences."""
    config = BlueJetConfig(
        base_url=account.base_url,
        dialect="rest" if account.dialect == BlueJetAccount.Dialect.REST else "data",
        token_id=account.token_id,
        token_hash=account.token_hash,
        evidences=account.evidences,
    )
    options = _transport_options(policy or RetryPolicy(timeout=settings.BLUEJET_TIMEOUT), priority, limiter, breaker)
    return open_client(config, session_store=BlueJetSession(account), **options)


def _transport_options(policy: RetryPolicy, priority: int, limiter: Limiter | None, breaker: BreakerGuard | None) -> dict[str, Any]:
    return {"session": _session(), "priority": priority, "limiter": limiter, "breaker": breaker, "policy": policy}


def _session() -> requests.Session:
    """Return this thread's pool of connections; opening one anew for every piece of work would cost a handshake each time.

    A forked worker must not go on with its parent's sockets, hence the process in the key.
    """
    if getattr(_kept, "process", None) != os.getpid():
        _kept.process, _kept.session = os.getpid(), open_session()
    session: requests.Session = _kept.session
    return session
