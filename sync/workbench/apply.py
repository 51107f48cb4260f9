"""After an activation: send the records that it affects once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shops.models import Shop


def apply_to_affected(shop: Shop, keys: Mapping[str, Sequence[str]], by: str) -> int:
    """Ask the jobs of these samples (keys by entity, as `Impact` names them); return how many jobs."""
    raise NotImplementedError
