"""The shop's products: those made in full at the start, and the bulk that is made on demand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sandbox.shoptet.seed.bulk import Bulk

Record = dict[str, Any]


class Catalogue:
    """Products by GUID and by variant code. Records are replaced, never changed in place."""

    def __init__(self, products: list[Record], bulk: Bulk) -> None:
        self.bulk = bulk
        self._own: dict[str, Record] = {}
        self._codes: dict[str, str] = {}
        self._bulk_alive: range | list[int] = range(bulk.count)
        self._bulk_changed: dict[str, Record] = {}
        self._variants: list[tuple[str, str]] | None = None
        for product in products:
            self.put(product)

    @property
    def total(self) -> int:
        return len(self._own) + len(self._bulk_alive)

    def get(self, guid: str) -> Record | None:
        """Return a product, or None."""
        if guid in self._own:
            return self._own[guid]
        number = self.bulk.number_of_guid(guid)
        return None if number is None else self._bulk_product(number)

    def by_code(self, code: str) -> tuple[Record, Record] | None:
        """Return the product and the variant with a code, or None."""
        guid = self._codes.get(code)
        if guid is None:
            number = self.bulk.number_of_code(code)
            guid = None if number is None else self.bulk.guid(number)
        product = self.get(guid) if guid else None
        variant = next((variant for variant in product["variants"] if variant["code"] == code), None) if product else None
        return (product, variant) if product and variant else None

    def put(self, product: Record) -> None:
        """Add a product or replace it."""
        self._forget_codes(product["guid"])
        self._codes.update({variant["code"]: product["guid"] for variant in product["variants"]})
        if self.bulk.number_of_guid(product["guid"]) is None:
            self._own[product["guid"]] = product
        else:
            self._bulk_changed[product["guid"]] = product
        self._variants = None

    def remove(self, guid: str) -> None:
        """Delete a product; an unknown one is left alone."""
        self._forget_codes(guid)
        self._own.pop(guid, None)
        self._bulk_changed.pop(guid, None)
        number = self.bulk.number_of_guid(guid)
        if number is not None:
            self._bulk_alive = [alive for alive in self._bulk_alive if alive != number]
        self._variants = None

    def _forget_codes(self, guid: str) -> None:
        old = self._own.get(guid) or self._bulk_changed.get(guid)
        for variant in old["variants"] if old else ():
            self._codes.pop(variant["code"], None)

    def _bulk_product(self, number: int) -> Record | None:
        guid = self.bulk.guid(number)
        if guid in self._bulk_changed:
            return self._bulk_changed[guid]
        alive = isinstance(self._bulk_alive, range) or number in self._bulk_alive
        return self.bulk.product(number) if alive else None

    def own(self) -> list[Record]:
        """Return the products made in full."""
        return list(self._own.values())

    def changed_bulk(self) -> list[Record]:
        """Return the bulk products that have been changed since the start."""
        return list(self._bulk_changed.values())

    def products(self, start: int = 0, stop: int | None = None) -> Iterator[Record]:
        """Yield products in the shop's order, from one position to another."""
        stop = self.total if stop is None else min(stop, self.total)
        yield from islice(self._own.values(), start, min(stop, len(self._own)))
        for position in range(max(start - len(self._own), 0), max(stop - len(self._own), 0)):
            product = self._bulk_product(self._bulk_alive[position])
            if product:
                yield product

    @property
    def variant_total(self) -> int:
        return len(self._own_variants()) + len(self._bulk_alive)

    def variants(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[str, str]]:
        """Yield (product GUID, variant code) in the shop's order, from one position to another."""
        own = self._own_variants()
        stop = self.variant_total if stop is None else min(stop, self.variant_total)
        yield from own[start : min(stop, len(own))]
        for position in range(max(start - len(own), 0), max(stop - len(own), 0)):
            number = self._bulk_alive[position]
            yield self.bulk.guid(number), self.bulk.code(number)

    def _own_variants(self) -> list[tuple[str, str]]:
        if self._variants is None:
            self._variants = [(product["guid"], variant["code"]) for product in self._own.values() for variant in product["variants"]]
        return self._variants

    def dump(self) -> Record:
        """Return what a restart needs."""
        alive = None if isinstance(self._bulk_alive, range) else self._bulk_alive
        return {"own": self.own(), "bulk_changed": self.changed_bulk(), "bulk_alive": alive}

    def load(self, saved: Record) -> None:
        """Take over what `dump` returned."""
        self._own, self._codes, self._bulk_changed, self._variants = {}, {}, {}, None
        for product in saved["own"] + saved["bulk_changed"]:
            self.put(product)
        self._bulk_alive = range(self.bulk.count) if saved["bulk_alive"] is None else saved["bulk_alive"]
