"""What the shop sells: the category tree, and families of products with their models and variants, read from a table beside."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "assortment.json").read_text(encoding="utf-8"))

CATEGORY_TREE: dict[str, dict[str, list[str]]] = _TABLE["categories"]


@dataclass(frozen=True)
class Axis:
    """What the variants of a product differ in: values as (text, suffix of the code, price factor)."""

    name: str
    values: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class Family:
    """Products that differ in model only."""

    category: str
    name: str
    models: list[str]
    brands: list[str]
    code: str
    prices: tuple[int, int]
    weight: float
    axis: Axis | None = None
    rate: int = 21
    unit: str = "ks"
    decimals: int = 0
    includes_vat: bool = True
    parameters: dict[str, list[str]] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class ProductSet:
    """A set of products, by their names, and what it costs of the sum of its parts."""

    code: str
    name: str
    parts: list[str]
    factor: float


AXES = {
    key: Axis(row["name"], tuple((text, suffix, factor) for text, suffix, factor in row["values"])) for key, row in _TABLE["axes"].items()
}
FAMILIES = tuple(Family(**{**row, "axis": AXES.get(row.get("axis", ""))}) for row in _TABLE["families"])
SETS = tuple(ProductSet(**row) for row in _TABLE["sets"])
