"""Changes of default rows that a shop's people have edited: each is taken over into the draft, or left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from mappings.contents import FIELD_KEY, normal_content, row_key
from mappings.drafting import open_draft, save_draft
from mappings.models import FollowedPack, MappingDraft
from shops.models import Shop


class NoSuchOffer(LookupError):
    """Somebody decided on it meanwhile, or the pack offers something else by now."""


@dataclass(frozen=True)
class Offer:
    """What the default of an edited row is now; `row` is None where the pack has no such row any more."""

    entity: str
    direction: str
    target: str
    row: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """Return what a form calls the offer by."""
        return f"{self.entity}/{self.direction}/{self.target}"


def offers_of(shop: Shop) -> list[Offer]:
    """Return what the shop's people have not decided on yet."""
    state = FollowedPack.objects.filter(shop=shop).first()
    return [_offer(one) for one in state.offers] if state else []


def take_over(shop: Shop, name: str, user: User | None) -> MappingDraft:
    """Put the default row into the shop's draft; it takes effect when the draft is activated.

    Raises NoSuchOffer, and EditedMeanwhile where somebody saved the draft at the same moment.
    """
    with transaction.atomic():
        offer = _decided(shop, name)
        draft = open_draft(shop, user)
        return save_draft(shop, revision=draft.revision, content=_with_row(draft.content, offer), user=user)


def leave(shop: Shop, name: str) -> None:
    """Keep the shop's own row; the same change is not offered again. Raises NoSuchOffer."""
    with transaction.atomic():
        _decided(shop, name)


def _decided(shop: Shop, name: str) -> Offer:
    state = FollowedPack.objects.select_for_update().filter(shop=shop).first()
    found = [one for one in (state.offers if state else []) if "/".join(one["key"]) == name]
    if state is None or not found:
        raise NoSuchOffer(name)
    state.offers = [one for one in state.offers if one not in found]
    state.save(update_fields=["offers"])
    return _offer(found[0])


def _offer(stored: Mapping[str, Any]) -> Offer:
    entity, direction, target = stored["key"]
    return Offer(entity, direction, target, stored["row"])


def _with_row(content: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    key = (offer.entity, offer.direction, offer.target)
    rows = [dict(row) for row in content["fields"]]
    place = next((number for number, row in enumerate(rows) if row_key(row, FIELD_KEY) == key and row["active"]), None)
    if offer.row is None:
        rows = [row for number, row in enumerate(rows) if number != place]
    elif place is None:
        last = max((row["position"] for row in rows if (row["entity"], row["direction"]) == key[:2]), default=-1)
        rows.append({**offer.row, "position": last + 1})
    else:
        rows[place] |= offer.row
    return normal_content({**content, "fields": rows})
