"""Every transform that a mapping row may name; the list is closed, nothing else is ever called."""

from __future__ import annotations

from mappings.transforms.amounts import AMOUNTS
from mappings.transforms.base import Transform
from mappings.transforms.lists import LISTS
from mappings.transforms.lookups import LOOKUPS
from mappings.transforms.names import NAMES
from mappings.transforms.numbers import NUMBERS
from mappings.transforms.people import PEOPLE
from mappings.transforms.templates import TEMPLATES
from mappings.transforms.text import TEXT
from mappings.transforms.times import TIMES

_ALL = (*TEXT, *TEMPLATES, *NUMBERS, *AMOUNTS, *TIMES, *LISTS, *NAMES, *PEOPLE, *LOOKUPS)

TRANSFORMS: dict[str, Transform] = {transform.name: transform for transform in _ALL}

__all__ = ["TRANSFORMS", "Transform"]
