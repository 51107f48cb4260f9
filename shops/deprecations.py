"""What Shoptet says that it will end, kept for the people who have to see to it in time."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.retries import read_date
from shops.models import Deprecation

logger = logging.getLogger(__name__)

# What was not met for so long is not in use any more.
FORGOTTEN_AFTER = timedelta(days=8)

_noted: set[tuple[int, str, date]] = set()


def note_deprecation(shop_id: int, endpoint: str, sunset: str) -> None:
    """Keep that an endpoint in use will end, once a day and process; a failure must not cost the answer that said so."""
    now = timezone.now()
    if (shop_id, endpoint, now.date()) in _noted:
        return
    _noted.add((shop_id, endpoint, now.date()))
    row = Deprecation(shop_id=shop_id, endpoint=endpoint[:200], ends_at=read_date(sunset), last_seen_at=now)
    try:
        with transaction.atomic():
            Deprecation.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["shop", "endpoint"], update_fields=["ends_at", "last_seen_at"]
            )
    except DatabaseError:
        logger.warning("The end of %s could not be noted.", endpoint, exc_info=True)


def deprecation_warnings(shop_id: int | None = None) -> list[str]:
    """Return a sentence for each endpoint that is in use and will end, of one shop or of all."""
    in_use = Deprecation.objects.filter(last_seen_at__gte=timezone.now() - FORGOTTEN_AFTER)
    if shop_id is not None:
        in_use = in_use.filter(shop_id=shop_id)
    # The earliest day that was named to any shop is the last one to be put in.
    ends = dict(in_use.order_by(F("ends_at").desc(nulls_first=True)).values_list("endpoint", "ends_at"))
    return [_sentence(endpoint, date_format(timezone.localtime(day)) if day else "") for endpoint, day in sorted(ends.items())]


def _sentence(endpoint: str, day: str) -> str:
    named = {"endpoint": endpoint, "day": day}
    if not day:
        return _("Shoptet will end “%(endpoint)s”. Tell whoever looks after the portal that it needs a newer version.") % named
    sentence = _(
        "Shoptet will end “%(endpoint)s” on %(day)s. Tell whoever looks after the portal that it needs a newer version before that."
    )
    return sentence % named
