"""Open a shop's two clients on the shared budget, and say which breakers guard them."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from mappings.snapshot import load_snapshot
from shops.clients import bluejet_client, shoptet_client
from shops.credentials import are_still_stored
from shops.models import BlueJetAccount, Shop
from sync.breakers import PartnerBreaker
from sync.flow import Context
from sync.pacing import BLUEJET, SHOPTET, RedisLimiter
from sync.rights import MARK
from sync.rule_settings import load_severities

SLOT_MARGIN = 5.0
SHOPTET_LABEL, BLUEJET_LABEL = "Shoptet", "BlueJet"


def shoptet_name(shop: Shop) -> str:
    """Return the name that budget and breaker know the shop's Shoptet by."""
    return f"shoptet:{shop.pk}"


def bluejet_name(account: BlueJetAccount) -> str:
    """Return the name that budget and breaker know the account by."""
    return f"bluejet:{account.pk}"


def partner_names(shop: Shop) -> list[str]:
    """Return both partners of a shop."""
    return [shoptet_name(shop), bluejet_name(shop.bluejet)]


def name_of(shop: Shop, label: str) -> str:
    """Return the breaker's name of the partner that an error calls by its label, and of the right behind it, if there is one."""
    partner, mark, right = label.partition(MARK)
    return {SHOPTET_LABEL: shoptet_name(shop), BLUEJET_LABEL: bluejet_name(shop.bluejet)}.get(partner, partner) + mark + right


def label_of(name: str) -> str:
    """Return how people call the partner that a breaker knows by this name."""
    return {"shoptet": SHOPTET_LABEL, "bluejet": BLUEJET_LABEL}.get(name.partition(":")[0], name)


def shoptet_breaker(shop: Shop, *, probes: bool = False) -> PartnerBreaker:
    """Return the guard of the shop's token."""
    return PartnerBreaker(shoptet_name(shop), label=SHOPTET_LABEL, are_current=lambda: are_still_stored(shop), probes=probes)


def bluejet_breaker(account: BlueJetAccount, *, probes: bool = False) -> PartnerBreaker:
    """Return the guard of the account."""
    return PartnerBreaker(bluejet_name(account), label=BLUEJET_LABEL, are_current=lambda: are_still_stored(account), probes=probes)


def shoptet_limiter(shop: Shop) -> RedisLimiter:
    """Return the budget of the shop's token."""
    return RedisLimiter(shoptet_name(shop), replace(SHOPTET, slot_seconds=settings.SHOPTET_TIMEOUT + SLOT_MARGIN))


def bluejet_limiter(account: BlueJetAccount) -> RedisLimiter:
    """Return the budget of the account, at its own pace."""
    budget = replace(BLUEJET, pace=float(account.pace), slot_seconds=settings.BLUEJET_TIMEOUT + SLOT_MARGIN)
    return RedisLimiter(bluejet_name(account), replace(budget, longest_wait=max(budget.longest_wait, 10 * budget.pace)))


def open_context(shop: Shop, *, priority: int, writes: bool = True, version: int | None = None) -> Context:
    """Open both clients and load the mappings as they are now, or those of a version."""
    account = shop.bluejet
    shoptet = shoptet_client(shop, priority=priority, limiter=shoptet_limiter(shop), breaker=shoptet_breaker(shop))
    bluejet = bluejet_client(account, priority=priority, limiter=bluejet_limiter(account), breaker=bluejet_breaker(account))
    snapshot = load_snapshot(shop.pk, version)
    return Context(shop, account, shoptet, bluejet, snapshot, severities=load_severities(shop.pk), writes=writes)
