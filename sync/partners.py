"""Open a shop's two clients on the shared budget, and say which breakers guard them."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.core.cache import cache

from mappings.snapshot import load_snapshot
from shops.clients import bluejet_client, shoptet_client
from shops.models import BlueJetAccount, Shop
from sync.breakers import PartnerBreaker
from sync.flow import Context
from sync.pacing import BLUEJET, SHOPTET, RedisLimiter

SLOT_MARGIN = 5.0


def shoptet_name(shop: Shop) -> str:
    """Return the name that budget and breaker know the shop's Shoptet by."""
    return f"shoptet:{shop.pk}"


def bluejet_name(account: BlueJetAccount) -> str:
    """Return the name that budget and breaker know the account by."""
    return f"bluejet:{account.pk}"


def partner_names(shop: Shop) -> list[str]:
    """Return both partners of a shop."""
    return [shoptet_name(shop), bluejet_name(shop.bluejet)]


def shoptet_limiter(shop: Shop) -> RedisLimiter:
    """Return the budget of the shop's token."""
    return RedisLimiter(shoptet_name(shop), replace(SHOPTET, slot_seconds=settings.SHOPTET_TIMEOUT + SLOT_MARGIN))


def bluejet_limiter(account: BlueJetAccount) -> RedisLimiter:
    """Return the budget of the account, at its own pace."""
    budget = replace(BLUEJET, pace=float(account.pace), slot_seconds=settings.BLUEJET_TIMEOUT + SLOT_MARGIN)
    return RedisLimiter(bluejet_name(account), replace(budget, longest_wait=max(budget.longest_wait, 10 * budget.pace)))


class SharedSession:
    """Keep the account's login token where all workers find it."""

    def __init__(self, account: BlueJetAccount) -> None:
        self._key = f"bluejet-session:{account.pk}"

    def load(self) -> str | None:
        """Return the token that a worker logged in with, if it is still good."""
        return cache.get(self._key)

    def save(self, token: str, seconds: float) -> None:
        """Share a fresh token for as long as it is good."""
        cache.set(self._key, token, timeout=int(seconds))

    def clear(self) -> None:
        """Forget a token that BlueJet refused."""
        cache.delete(self._key)


def open_context(shop: Shop, *, priority: int, writes: bool = True) -> Context:
    """Open both clients and load the mappings as they are now."""
    account = shop.bluejet
    shoptet = shoptet_client(
        shop, priority=priority, limiter=shoptet_limiter(shop), breaker=PartnerBreaker(shoptet_name(shop)), timeout=settings.SHOPTET_TIMEOUT
    )
    bluejet = bluejet_client(
        account,
        priority=priority,
        limiter=bluejet_limiter(account),
        breaker=PartnerBreaker(bluejet_name(account)),
        session_store=SharedSession(account),
        timeout=settings.BLUEJET_TIMEOUT,
    )
    return Context(shop, account, shoptet, bluejet, load_snapshot(shop.pk), writes=writes)
