"""Whether what an order points at still exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync.validation.document_lines import money_items
from sync.validation.reading import mapping, text
from sync.validation.rules import Findings

PRODUCT_TYPES = frozenset({"", "product", "bazar", "service", "product-set", "gift"})


def check_references(record: Mapping[str, Any], refs: Mapping[str, Any], findings: Findings) -> None:
    """Note the lines whose product does not exist any more.

    `refs` as the flow gives them: `productIds` by variant code, and `goneProducts`, the codes that Shoptet confirmed to be gone;
    their lines go as text.
    """
    for code in dict.fromkeys(_product_codes(record, refs)):
        if not _is_linked(code, refs) and _is_gone(code, refs):
            findings.add("product_gone", "items", code=code)


def _product_codes(record: Mapping[str, Any], refs: Mapping[str, Any]) -> list[str]:
    items = [item for item in money_items(record) if text(item.get("type")) in PRODUCT_TYPES]
    return [code for item in items if (code := product_code(item, refs))]


def product_code(item: Mapping[str, Any], refs: Mapping[str, Any]) -> str:
    """Return the variant code of a line; a line that has only the product's id is looked up in `refs`."""
    product_id = text(item.get("productId"))
    return text(item.get("code")) or text(mapping(refs.get("products")).get(product_id)) or product_id


def _is_linked(code: str, refs: Mapping[str, Any]) -> bool:
    return bool(mapping(refs.get("productIds")).get(code))


def _is_gone(code: str, refs: Mapping[str, Any]) -> bool:
    gone = refs.get("goneProducts")
    return isinstance(gone, (set, frozenset, list, tuple, dict)) and code in gone
