"""Optional sections of an answer, and what is done without those whose module a shop lacks.

A request that names such a section is refused as a whole, so it is made without it; what was refused is remembered, or each
record would be asked for twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from clients.answers import Answer
from clients.errors import MissingModule, PartnerMessage

# Sections that need a module, where a refusal names the module alone. Source: the descriptions of the `include` parameters.
NEEDS = {"stock": ("perStockAmounts", "stockLocation")}
# The fields of our records that are made of a section, parts of larger ones by their path.
MADE_OF: Mapping[str, tuple[str, ...]] = {
    "images": ("images", "imageUrl"),
    "variantParameters": ("variantParameters", "variantName"),
    "allCategories": ("categories",),
    "descriptiveParameters": ("descriptiveParameters",),
    "setItems": ("setItems",),
    "warranty": ("warranty",),
    "perStockAmounts": ("stocks",),
    "recyclingFee": ("recyclingFee",),
    "perPricelistPrices": ("priceLists",),
    "shippingDetails": ("shipping.branchId", "shipping.branchName", "shipping.carrier"),
    "stockLocation": ("items[].stockLocation",),
    "surchargeParameters": ("items[].surcharges",),
    "notes": ("customerRemark", "eshopRemark", "trackingNumber", "trackingUrl", "additionalFields"),
}

Ask = Callable[[Sequence[str]], Answer]


class SectionMemory(Protocol):
    """Remember which sections one e-shop does not give."""

    def lacking(self) -> frozenset[str]:
        """Return the sections that need not be asked for now."""
        ...

    def note(self, section: str, module: str) -> None:
        """Keep that a section was refused, with the module that it needs in the partner's own words."""
        ...

    def found(self, sections: Iterable[str]) -> None:
        """Keep that these sections were given."""
        ...


class ClientMemory:
    """Remember for as long as the client lives."""

    def __init__(self) -> None:
        self._lacking: set[str] = set()

    def lacking(self) -> frozenset[str]:
        """Return the sections that were refused."""
        return frozenset(self._lacking)

    def note(self, section: str, module: str) -> None:
        """Keep that a section was refused."""
        self._lacking.add(section)

    def found(self, sections: Iterable[str]) -> None:
        """Forget nothing: what was refused is not asked for again."""


def ask_with_sections(ask: Ask, sections: Sequence[str], memory: SectionMemory) -> Answer:
    """Return the answer with as many of the sections as the shop gives; the others stand in its `left_out`.

    Raise MissingModule where the endpoint itself needs the module.
    """
    known = memory.lacking()
    wanted = [section for section in sections if section not in known]
    while True:
        try:
            answer = ask(wanted)
        except MissingModule as error:
            refused = _named(error.messages, wanted) or _refused_alone(ask, wanted)
            if not refused:
                raise
            for section, module in refused.items():
                memory.note(section, module)
            wanted = [section for section in wanted if section not in refused]
        else:
            memory.found(wanted)
            return replace(answer, left_out=frozenset(sections) - frozenset(wanted))


def without_sections(record: dict[str, Any], left_out: frozenset[str]) -> dict[str, Any]:
    """Return the record; where sections were left out, `leftOut` names its fields that say nothing because of that."""
    fields = _untold(record, left_out)
    return record | {"leftOut": fields} if fields else record


def _untold(record: Mapping[str, Any], left_out: frozenset[str]) -> list[str]:
    fields = {field for section in left_out for field in MADE_OF.get(section, ())}
    if "variantParameters" in left_out and len(record.get("siblings") or ()) > 1:
        # A variant's name is the product's with the parameters behind it.
        fields.add("name")
    return sorted(field for field in fields if re.split(r"[.\[]", field)[0] in record)


def _named(messages: Iterable[PartnerMessage], wanted: Sequence[str]) -> dict[str, str]:
    """Return the sections that the refusal names, or whose module it names, each with its module."""
    refused: dict[str, str] = {}
    for line in messages:
        words = {word.lower() for word in re.findall(r"\w+", f"{line.instance} {line.message}")}
        by_name = [section for section in wanted if section.lower() in words]
        by_module = [section for section in wanted if section in NEEDS.get(line.instance.lower(), ())]
        refused |= dict.fromkeys(by_name or by_module, line.instance or line.message)
    return refused


def _refused_alone(ask: Ask, wanted: Sequence[str]) -> dict[str, str]:
    """Find out by asking which of the sections are refused; none where the endpoint is refused without any, too."""
    if not wanted or _module_refused(ask, []) is not None:
        return {}
    found = {section: _module_refused(ask, [section]) for section in wanted}
    return {section: module for section, module in found.items() if module is not None}


def _module_refused(ask: Ask, sections: Sequence[str]) -> str | None:
    try:
        ask(sections)
    except MissingModule as error:
        return next((line.instance or line.message for line in error.messages), "")
    return None
