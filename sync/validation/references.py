"""Whether what an order points at is in BlueJet already: its products and its customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.issues import Issue
from sync.validation.document_lines import money_items
from sync.validation.reading import mapping, text
from sync.validation.rules import Findings

PRODUCT_TYPES = frozenset({"", "product", "bazar", "service", "product-set", "gift"})


@dataclass(frozen=True)
class Wait:
    """What an order waits for: `product:<variant code>` or `customer:<guid>`."""

    topic: str

    def as_issue(self) -> Issue:
        """Say it to people."""
        kind, _, key = self.topic.partition(":")
        return Issue(f"waits_for_{kind}", "warning", params={"code": key} if kind == "product" else {})


def order_waits(record: Mapping[str, Any], refs: Mapping[str, Any]) -> list[Wait]:
    """List what must reach BlueJet before this order, each once.

    `refs` as the flow gives them: `contactId`, `companyId`, `productIds` by variant code, `goneProducts` (codes that Shoptet
    confirmed not to exist any more; their lines go as text and nobody waits).
    """
    waits = [Wait(f"product:{code}") for code in _product_codes(record, refs) if not _is_linked(code, refs) and not _is_gone(code, refs)]
    customer = text(record.get("customerId"))
    if customer and not (refs.get("contactId") or refs.get("companyId")):
        waits.insert(0, Wait(f"customer:{customer}"))
    return list(dict.fromkeys(waits))


def check_references(record: Mapping[str, Any], refs: Mapping[str, Any], findings: Findings) -> None:
    """Note the lines whose product does not exist any more."""
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
