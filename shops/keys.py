"""The signature keys of all shops, kept in each process for a few seconds: the receiver asks for them at every delivery."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from django.db.models.signals import post_delete, post_save

from shops.models import Shop

# How long a process may go without asking the database. A key that does not fit is always looked up anew.
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ShopKeys:
    """What the receiver needs to know of a shop; `keys` has the current one first."""

    shop_id: int
    eshop_id: str
    keys: tuple[bytes, ...]
    time_zone: str
    active: bool

    @property
    def fingerprint(self) -> str:
        """Return a short text that changes with the keys and says nothing about them."""
        return hashlib.sha256(b"\n".join(self.keys)).hexdigest()[:16]


_kept: dict[str, ShopKeys] = {}
_kept_until = 0.0


def get_keys(eshop_id: str) -> ShopKeys | None:
    """Return the shop's keys as they were at most a few seconds ago; None for an e-shop that nobody set up."""
    if time.monotonic() >= _kept_until:
        read_all_keys()
    return _kept.get(eshop_id)


def read_keys(eshop_id: str) -> ShopKeys | None:
    """Return the shop's keys as they are now."""
    read_all_keys()
    return _kept.get(eshop_id)


def read_all_keys() -> list[ShopKeys]:
    """Return every shop's keys as they are now, those of inactive shops too."""
    global _kept, _kept_until
    columns = ("pk", "eshop_id", "webhook_key", "previous_webhook_key", "time_zone", "active")
    found = [
        ShopKeys(pk, eshop_id, tuple(key.encode() for key in (current, previous) if key), zone, active)
        for pk, eshop_id, current, previous, zone, active in Shop.objects.order_by("pk").values_list(*columns)
    ]
    _kept, _kept_until = {one.eshop_id: one for one in found}, time.monotonic() + SECONDS
    return found


def forget_keys(**_: Any) -> None:
    """Make this process read the keys again at the next delivery."""
    global _kept_until
    _kept_until = 0.0


post_save.connect(forget_keys, sender=Shop, dispatch_uid="forget_keys")
post_delete.connect(forget_keys, sender=Shop, dispatch_uid="forget_keys")
