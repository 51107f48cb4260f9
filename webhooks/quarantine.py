"""Deliveries of a known shop that no key fits: kept for a while, and looked at again when the keys have changed.

A new key may be in use at Shoptet before the portal has saved it, or the answer that carried it may be lost. Anybody can
send here, so what is kept is bounded; what falls out is still in Shoptet's own delivery log, which catch-up reads.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Sum, Window

from shops.keys import ShopKeys, read_all_keys, read_keys
from shops.models import Shop
from webhooks.models import QuarantinedDelivery
from webhooks.patience import A_MOMENT, short_waits
from webhooks.signatures import is_signed

logger = logging.getLogger(__name__)

MOST_ROWS = 1000
MOST_BYTES = 20 * 1024 * 1024
# An official body has a few hundred bytes, one with the whole record some tens of thousands.
LARGEST_BODY = 1024 * 1024


def keep_in_quarantine(raw: bytes, signature: str, shop: ShopKeys) -> None:
    """Keep a delivery whose signature fits no key; the oldest ones make room."""
    logger.warning("A delivery for e-shop %s has a signature that fits no key; it is kept in quarantine.", shop.eshop_id)
    if len(raw) > LARGEST_BODY:
        return
    row = QuarantinedDelivery(
        shop_id=shop.shop_id,
        body=raw,
        body_hash=hashlib.sha256(raw).hexdigest(),
        signature=signature.replace("\x00", "")[:128],
        size=len(raw),
        keys_tried=shop.fingerprint,
    )
    try:
        with short_waits():
            QuarantinedDelivery.objects.bulk_create([row], ignore_conflicts=True)
    except IntegrityError:
        # The shop was deleted a moment ago: nobody is left to keep it for.
        return
    with suppress(OperationalError), short_waits(A_MOMENT):
        # While somebody else writes for long, the next one that is kept makes room.
        _make_room(shop.shop_id)


def release_quarantine(shop: Shop) -> int:
    """Try the shop's present keys on what is kept; return how many deliveries went to the inbox."""
    keys = read_keys(shop.eshop_id)
    return _release(keys) if keys else 0


def release_all_quarantines() -> int:
    """Do the same for every shop whose keys have changed since its deliveries were kept."""
    return sum(_release(keys) for keys in read_all_keys())


def _release(shop: ShopKeys) -> int:
    kept = QuarantinedDelivery.objects.filter(shop_id=shop.shop_id)
    released: list[int] = []
    tried: list[int] = []
    for row in kept.exclude(keys_tried=shop.fingerprint).order_by("pk").iterator(chunk_size=50):
        (released if _goes_in(row, shop) else tried).append(row.pk)
    # Only what was looked at: one that was kept meanwhile, by a process that did not know the new key yet, is still to be tried.
    kept.filter(pk__in=tried).update(keys_tried=shop.fingerprint)
    kept.filter(pk__in=released).delete()
    return len(released)


def _goes_in(row: QuarantinedDelivery, shop: ShopKeys) -> bool:
    # Here, because receiving is what fills the quarantine.
    from webhooks.receiving import take_in

    body = bytes(row.body)
    if not is_signed(body, row.signature, shop.keys):
        return False
    take_in(body, shop)
    return True


def _make_room(shop_id: int) -> None:
    """Delete the oldest rows beyond the bounds."""
    kept = QuarantinedDelivery.objects.filter(shop_id=shop_id)
    with transaction.atomic():
        sums = kept.annotate(so_far=Window(Sum("size"), order_by=F("pk").desc())).order_by("-pk").values_list("pk", "so_far")
        too_many = [pk for place, (pk, so_far) in enumerate(sums) if place >= MOST_ROWS or so_far > MOST_BYTES]
        if too_many:
            kept.filter(pk__in=too_many).delete()
