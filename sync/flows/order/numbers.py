"""Order numbers that a shop uses again: the new order is not the old one, and neither touches the other's document.

A link's key is the order's number, followed by the beginning of the order's GUID where another order had the number before. Keys, and
the external ids made of them, never change once they were given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from sync.flow import Context
from sync.models import Kind, RecordLink
from sync.push.doubt import DOUBTFUL

DOCUMENTS = (Kind.OFFER, Kind.ORDER)
GUID_SHOWN, LONGEST_GUID = 8, 64
# An order is linked after it was placed; the clocks may differ by this much.
TOLERANCE = timedelta(minutes=5)


def key_of(ctx: Context, record: Mapping[str, Any]) -> str:
    """Return the key under which this order is linked, or is to be; a link from before GUIDs were kept takes the first that fits."""
    code, guid = str(record["id"]), guid_of(record)
    links = links_of(ctx, code)
    if not links or not guid:
        return code
    for link in links:
        if link.guid == guid:
            return link.key
    if all(not link.guid and _fits(link, record) for link in links):
        if ctx.writes:
            RecordLink.objects.filter(pk__in=[link.pk for link in links], guid="").update(guid=guid)
        return code
    return f"{code}-{guid[:GUID_SHOWN]}"


def guid_of(record: Mapping[str, Any]) -> str:
    """Return the order's GUID as a link keeps it: compared in another form, an order would be taken for another one at its second look."""
    return str(record.get("guid") or "")[:LONGEST_GUID]


def links_of(ctx: Context, code: str) -> list[RecordLink]:
    """Return the documents of all the orders that had this number, the oldest first; without reservations that came to nothing."""
    known = RecordLink.objects.filter(~Q(bluejet_id="") | DOUBTFUL, Q(key=code) | Q(key__startswith=f"{code}-"), shop=ctx.shop)
    return [link for link in known.filter(kind__in=DOCUMENTS).order_by("pk") if code_of(link) == code]


def others_of(ctx: Context, code: str, key: str) -> list[RecordLink]:
    """Return the documents of earlier orders with this number that are not cancelled yet."""
    return [link for link in links_of(ctx, code) if link.key != key and link.bluejet_id and not link.archived]


def latest_of(links: Sequence[RecordLink]) -> list[RecordLink]:
    """Return the documents of the order that had the number last."""
    return [link for link in links if link.key == links[-1].key]


def code_of(link: RecordLink) -> str:
    """Return the number of the order that a document was made of."""
    return link.key.removesuffix(f"-{link.guid[:GUID_SHOWN]}") if link.guid else link.key


def _fits(link: RecordLink, record: Mapping[str, Any]) -> bool:
    """Whether the order can be the one that was linked then: it was there already."""
    placed_at = parse_datetime(str(record.get("createdAt") or ""))
    return placed_at is None or placed_at <= link.created_at + TOLERANCE
