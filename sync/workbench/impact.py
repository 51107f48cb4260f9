"""What a change of the mappings does to the records that passed lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shops.models import Shop

EXAMPLES = 10


@dataclass(frozen=True)
class Example:
    """One record that the change touches: in which field, from what to what, or what became of it as a whole."""

    entity: str
    key: str
    title: str
    sample: int
    effect: Literal["changed", "newly_invalid", "no_longer_invalid"]
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class EntityImpact:
    """What the change does to one entity; `known` is how many records of it BlueJet holds, `keys` are those that are affected."""

    entity: str
    sampled: int
    known: int
    changed: int = 0
    newly_invalid: int = 0
    no_longer_invalid: int = 0
    keys: list[str] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True)
class Impact:
    """What the change does, entity by entity; `open_orders` are the changed orders that are not done yet."""

    entities: list[EntityImpact]
    open_orders: int = 0

    @property
    def changes_anything(self) -> bool:
        """Whether any sampled record would come out otherwise."""
        return any(one.changed or one.newly_invalid or one.no_longer_invalid for one in self.entities)


def impact_of(shop: Shop, content: Mapping[str, Any]) -> Impact:
    """Translate the newest samples by the mappings in force and by this content, and compare."""
    raise NotImplementedError
