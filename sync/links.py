"""Find and reserve the links of records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sync.flow import Context, Part
from sync.isolation import savepoint
from sync.models import RecordLink
from sync.storable import storable_text


def links_by_key(ctx: Context, kind: str, keys: Iterable[str]) -> dict[str, RecordLink]:
    """Return the complete links of these Shoptet keys."""
    wanted = sorted(set(keys))
    found: dict[str, RecordLink] = {}
    for start in range(0, len(wanted), 500):
        rows = RecordLink.objects.filter(shop=ctx.shop, kind=kind, key__in=wanted[start : start + 500]).exclude(bluejet_id="")
        found.update({link.key: link for link in rows})
    return found


def reserve(ctx: Context, parts: Sequence[Part]) -> None:
    """Give every part its link; a new one is a reservation, inserted before anything is searched."""
    rows = [
        RecordLink(
            shop=ctx.shop,
            account=ctx.account,
            kind=part.kind,
            key=part.key,
            parent_key=part.parent_key,
            natural_key=storable_text(part.natural_key)[:255],
            external_id=part.external_id,
            guid=part.guid[:64],
        )
        for part in sorted(parts, key=lambda part: (part.kind, part.key))
    ]
    with savepoint():
        RecordLink.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    for kind in {part.kind for part in parts}:
        mine = [part for part in parts if part.kind == kind]
        links = {link.key: link for link in RecordLink.objects.filter(shop=ctx.shop, kind=kind, key__in=[part.key for part in mine])}
        for part in mine:
            part.link = links[part.key]
