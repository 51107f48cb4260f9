"""A shop's categories as Shoptet nests them, each with the counterpart that it has or inherits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from mappings.category_tree import CATEGORY, inherit
from mappings.models import CategoryMapping, PartnerValue, Side
from mappings.partner_lists import values_of
from shops.models import Shop

DEEPEST_SHOWN = 8


@dataclass(frozen=True)
class Branch:
    """One category on the page; `row` is its own, `inherited` the one that it takes from above."""

    category: PartnerValue
    depth: int
    row: CategoryMapping | None
    inherited: CategoryMapping | None

    @property
    def is_missing(self) -> bool:
        """Whether products of this category wait for a counterpart."""
        return self.row is None and self.inherited is None


@dataclass(frozen=True)
class Tree:
    """The page: the branches in order, the rows whose category is not in the tree, and how many have nothing."""

    branches: list[Branch]
    left: list[CategoryMapping]

    @property
    def missing(self) -> int:
        """How many categories have no counterpart."""
        return sum(branch.is_missing for branch in self.branches)


def read_tree(shop: Shop) -> Tree:
    """Read categories and rows with two queries."""
    categories = [one for one in values_of(shop.pk, Side.SHOPTET, CATEGORY) if one.vanished_at is None]
    rows = {row.shoptet_id: row for row in CategoryMapping.objects.filter(shop=shop)}
    known = {one.value for one in categories}
    complete = inherit(rows, {one.value: one.parent for one in categories})
    branches = [
        Branch(one, min(depth, DEEPEST_SHOWN), rows.get(one.value), None if one.value in rows else complete.get(one.value))
        for one, depth in _in_order(categories)
    ]
    return Tree(branches, [row for value, row in rows.items() if value not in known])


def _in_order(categories: list[PartnerValue]) -> Iterator[tuple[PartnerValue, int]]:
    """Yield each category with its depth, children under their parent; what hangs on nothing, or in a ring, comes at the end."""
    known = {one.value for one in categories}
    children: dict[str, list[PartnerValue]] = defaultdict(list)
    for one in categories:
        children[one.parent if one.parent in known and one.parent != one.value else ""].append(one)
    passed: set[str] = set()
    stack = [(one, 0) for one in reversed(children[""])]
    while stack:
        one, depth = stack.pop()
        passed.add(one.value)
        yield one, depth
        stack += [(child, depth + 1) for child in reversed(children[one.value])]
    yield from ((one, 0) for one in categories if one.value not in passed)
