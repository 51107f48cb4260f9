"""Which sections of Shoptet's answers a shop has to do without, for want of a module: remembered for all workers, told to people."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops.models import MissingSection, Shop

logger = logging.getLogger(__name__)

LOOK_AGAIN_AFTER = timedelta(days=1)
# What was not refused for so long is not asked for any more.
FORGOTTEN_AFTER = timedelta(days=8)


class ShopSections:
    """What one client's work knows of the sections that its shop lacks; read once, so that a record costs no query."""

    def __init__(self, shop_id: int) -> None:
        self.shop_id = shop_id
        self._lacking: set[str] | None = None
        self._due: set[str] = set()

    def lacking(self) -> frozenset[str]:
        """Return the sections that need not be asked for yet."""
        if self._lacking is None:
            now = timezone.now()
            known = dict(MissingSection.objects.filter(shop_id=self.shop_id).values_list("section", "look_again_at"))
            self._lacking = {section for section, at in known.items() if at > now}
            self._due = known.keys() - self._lacking
        return frozenset(self._lacking)

    def note(self, section: str, module: str) -> None:
        """Keep that a section was refused; a failure to keep it costs the next worker a request, and no record its answer."""
        self._lacking = {*self.lacking(), section}
        self._due.discard(section)
        now = timezone.now()
        row = MissingSection(
            shop_id=self.shop_id, section=section[:100], module=module[:200], refused_at=now, look_again_at=now + LOOK_AGAIN_AFTER
        )
        try:
            with transaction.atomic():
                MissingSection.objects.bulk_create(
                    [row],
                    update_conflicts=True,
                    unique_fields=["shop", "section"],
                    update_fields=["module", "refused_at", "look_again_at"],
                )
        except DatabaseError:
            logger.warning("It could not be noted that the section %s is missing.", section, exc_info=True)

    def found(self, sections: Iterable[str]) -> None:
        """Forget what was lacking and is given again."""
        given = self._due.intersection(sections)
        if given:
            MissingSection.objects.filter(shop_id=self.shop_id, section__in=given).delete()
            self._due -= given


def look_again(shop: Shop) -> int:
    """Have every section that the shop lacks asked for with the next record; return how many there are."""
    return MissingSection.objects.filter(shop=shop).update(look_again_at=timezone.now())


def missing_section_notes(shop_id: int | None = None) -> list[str]:
    """Return a sentence for each section that is left out: which, of which shop, for want of what, and what comes of it."""
    refused = MissingSection.objects.filter(refused_at__gte=timezone.now() - FORGOTTEN_AFTER).select_related("shop")
    if shop_id is not None:
        refused = refused.filter(shop_id=shop_id)
    return [_sentence(row) for row in refused]


def _sentence(row: MissingSection) -> str:
    told = _(
        "Shoptet does not give the portal the section “%(section)s” of the shop %(shop)s: "
        "the module that it needs (%(module)s) is not active there."
    )
    again = _("It is asked for again once a day, and when the connection is tested.")
    return f"{told % {'section': row.section, 'shop': row.shop, 'module': row.module or '?'}} {_loss(row.section)} {again}"


def _loss(section: str) -> str:
    losses = {
        "perStockAmounts": _("Stock is read from the lists of the warehouses instead."),
        "perPricelistPrices": _("Prices per price list are not brought over; what BlueJet holds of them stays."),
    }
    return losses.get(section) or _("What is made of it is not brought over; what BlueJet holds of it stays.")
