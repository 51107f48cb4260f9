"""Links that were made under another form of their key: found by it, and carried over; the external id stays as it was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction

from sync.flow import Context
from sync.models import RecordLink


def _always(_link: RecordLink) -> bool:
    return True


def link_of(
    ctx: Context, kind: str, key: str, former: Sequence[str] = (), *, fits: Callable[[RecordLink], bool] = _always
) -> RecordLink | None:
    """Return the link of a key, or that of the first former key that has one that fits; it has the new key from now on.

    Where nothing may be written the former key stays, and the link returned carries it.
    """
    links = {link.key: link for link in RecordLink.objects.filter(shop=ctx.shop, kind=kind, key__in=[key, *former])}
    if key in links:
        return links[key]
    found = next((links[one] for one in former if one in links and fits(links[one])), None)
    return _carry_over(found, key) if found and ctx.writes else found


def _carry_over(link: RecordLink, key: str) -> RecordLink | None:
    former, link.key = link.key, key
    try:
        with transaction.atomic():
            RecordLink.objects.filter(pk=link.pk).update(key=key)
            RecordLink.objects.filter(shop=link.shop_id, parent_key=former).update(parent_key=key)
    except IntegrityError:  # somebody else has just made one
        return RecordLink.objects.filter(shop=link.shop_id, kind=link.kind, key=key).first()
    return link
