"""What the partners' lists held when they were read last, for forms and lists."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mappings.category_tree import CATEGORY, ancestors
from mappings.models import PartnerList, PartnerValue, Side
from mappings.tables import PAID, UNKNOWN, UNPAID

STATE_NAMES = {PAID: _("paid"), UNPAID: _("not paid"), UNKNOWN: _("Shoptet does not say")}


def values_of(shop_id: int, side: str, table: str) -> list[PartnerValue]:
    """Return the values of one list in the partner's order, with those that vanished."""
    return list(PartnerValue.objects.filter(shop_id=shop_id, side=side, table=table).order_by("position", "pk"))


def is_whole(shop_id: int, side: str, table: str) -> bool:
    """Whether the list was read and is all that the partner holds; only then a choice may stand in the place of free text."""
    whole = PartnerList.objects.filter(shop_id=shop_id, side=side, table=table, origin=PartnerList.Origin.LIST, read_at__isnull=False)
    return whole.exists()


def labels_of(values: Iterable[PartnerValue]) -> dict[str, str]:
    """Name each value for people: a category by its way from the root, any other by its name."""
    known = {one.value: one for one in values}
    parents = {value: one.parent for value, one in known.items()}
    return {value: _label(one, parents, known) for value, one in known.items()}


def _label(one: PartnerValue, parents: dict[str, str], known: dict[str, PartnerValue]) -> str:
    if one.table == "payment_state" and one.side == Side.SHOPTET:
        return str(STATE_NAMES.get(one.value, one.value))
    if one.table != CATEGORY or one.side != Side.SHOPTET:
        return str(one)
    above = [str(known[value]) for value in ancestors(one.value, parents) if value in known]
    return " > ".join([*reversed(above), str(one)])


def vanished(shop_ids: Iterable[int], side: str, table: str) -> set[tuple[int, str]]:
    """Return shop and value of what vanished from a list, with one query."""
    gone = PartnerValue.objects.filter(shop_id__in=list(shop_ids), side=side, table=table, vanished_at__isnull=False)
    return set(gone.values_list("shop_id", "value"))


def unseen(shop_id: int, side: str, table: str, values: Iterable[str]) -> set[str]:
    """Return which of these values are not among those that were read of the partner; where nothing was read, nothing is said."""
    read = PartnerValue.objects.filter(shop_id=shop_id, side=side, table=table, vanished_at__isnull=True)
    known = set(read.values_list("value", flat=True))
    return set(values) - known if known else set()


def doubt(shop_id: int, table: str, value: str) -> str:
    """Return a sentence where BlueJet was not seen to hold the value, which may be a slip of the pen; else nothing."""
    if not unseen(shop_id, Side.BLUEJET, table, [value]):
        return ""
    sentence = gettext(
        "So far nobody saw “%(value)s” in BlueJet. If BlueJet refuses it, the records stop and say so; then correct the row."
    )
    return sentence % {"value": value}
