"""Renews a shop's signature key without losing a delivery.

Shoptet signs with the new key from the moment that it makes it, which is before the portal has it. What comes in between
fits no key that is known: it is answered 401 and kept in quarantine, and taken in as soon as the key is saved; Shoptet
repeats it besides. The old key stays valid as the previous one, for what was signed before. If the answer is lost, nobody
will ever know the key that it carried: another one is asked for, at once and, where that does not help or the process was
killed meanwhile, by the sweeper; what was signed with the lost one comes back with Shoptet's repetitions or, at the latest,
from its delivery log.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from shops.clients import IMPATIENT, AlreadyChanged, MalformedAnswer, OutcomeUnknown, PartnerError, PartnerUnavailable, shoptet_client
from shops.keys import forget_keys
from shops.models import Shop
from webhooks.quarantine import release_quarantine
from webhooks.registration import client_for, plan, refuse_to_take_over

logger = logging.getLogger(__name__)

TRIES = 3
# Longer than a renewal can take with all its tries.
LONGEST = timedelta(minutes=5)
# The sweeper comes more often than Shoptet should be asked for what it refused.
AGAIN_AFTER = timedelta(seconds=50)
# The answer was lost, or somebody else renewed at the same moment: either way nobody here knows the key that holds now.
AGAIN = (OutcomeUnknown, PartnerUnavailable, MalformedAnswer, AlreadyChanged)


class RenewalUnderWay(Exception):
    """Say that somebody else is renewing this shop's key just now."""


@dataclass(frozen=True)
class KeyRenewal:
    """How many deliveries came out of quarantine, and how many answers were lost on the way to the key."""

    released: int
    lost_answers: int


def renew_key(shop: Shop, *, take_over: bool = False, client: Any = None) -> KeyRenewal:
    """Have Shoptet make a new key and save it; the present one is accepted on as the previous.

    The key is the e-shop's, so another installation would refuse every delivery from then on: raise NeedsConfirmation if
    there is one, unless `take_over`. Raise RenewalUnderWay rather than run twice at once.
    """
    with client_for(shop, client) as shoptet:
        if not take_over:
            refuse_to_take_over(plan(shop, shoptet))
        with _alone(shop):
            key, lost_answers = _ask_for_key(shoptet)
            Shop.objects.filter(pk=shop.pk).update(previous_webhook_key=F("webhook_key"), webhook_key=key)
            forget_keys()
    shop.refresh_from_db(fields=["webhook_key", "previous_webhook_key"])
    return KeyRenewal(release_quarantine(shop), lost_answers)


def finish_renewals() -> int:
    """Renew the keys of the shops whose renewal never came to its end; return how many."""
    return sum(_finish(shop) for shop in _broken_off())


def is_any_broken_off() -> bool:
    """Whether a renewal never came to its end, and none was tried again within the last minute."""
    return _broken_off().filter(key_renewal_until__lt=timezone.now() - AGAIN_AFTER).exists()


def _broken_off() -> QuerySet[Shop]:
    return Shop.objects.filter(active=True, key_renewal_until__lt=timezone.now())


def _finish(shop: Shop) -> bool:
    logger.warning("The renewal of the key of %s was broken off; another key is asked for.", shop)
    try:
        with shoptet_client(shop, policy=IMPATIENT) as client:
            # Nobody is asked again: the key was the other installations' to lose when the renewal began.
            renew_key(shop, take_over=True, client=client)
    except (PartnerError, RenewalUnderWay) as error:
        logger.warning("The key of %s could not be renewed: %s", shop, error)
        return False
    return True


def _ask_for_key(shoptet: Any) -> tuple[str, int]:
    maybe_made = False
    for lost_answers in range(TRIES):
        try:
            return shoptet.renew_signature_key(), lost_answers
        except PartnerError as error:
            error.maybe_applied = maybe_made = maybe_made or error.maybe_applied
            if not isinstance(error, AGAIN) or lost_answers == TRIES - 1:
                raise
            logger.warning("A key renewal brought no key (%s); Shoptet may sign with one that nobody knows.", type(error).__name__)
    raise AssertionError("unreachable")


@contextmanager
def _alone(shop: Shop) -> Iterator[None]:
    """Let one renewal of a shop run at a time, without a lock that would be held over the request.

    One that may have made a key that nobody knows leaves its time behind, for the sweeper.
    """
    now = timezone.now()
    is_free = Q(key_renewal_until__isnull=True) | Q(key_renewal_until__lt=now)
    if not Shop.objects.filter(is_free, pk=shop.pk).update(key_renewal_until=now + LONGEST):
        raise RenewalUnderWay(_("The key of %(shop)s is being renewed just now. Look again in a moment.") % {"shop": shop})
    broken_off_at: datetime | None = now
    try:
        yield
        broken_off_at = None
    except PartnerError as error:
        if not error.maybe_applied:
            broken_off_at = None
        raise
    finally:
        Shop.objects.filter(pk=shop.pk).update(key_renewal_until=broken_off_at)
