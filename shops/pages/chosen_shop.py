"""Pages about one shop: which one, where there are several."""

from __future__ import annotations

from collections.abc import Sequence

from shops.models import Shop


def chosen_shop(shops: Sequence[Shop], asked: str | None) -> Shop | None:
    """Return the shop that is asked for, else the first; None where there is none."""
    return next((shop for shop in shops if str(shop.pk) == asked), shops[0] if shops else None)
