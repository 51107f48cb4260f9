"""Calls for products and categories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from clients.shoptet.calls import Calls
from clients.shoptet.connection import checked, malformed, payload
from clients.shoptet.normalise_product import read_product
from clients.shoptet.normalise_settings import normalise_category, with_paths
from clients.shoptet.results import BadRecord, Fetched, Page
from clients.shoptet.sections import without_sections
from clients.shoptet.wire import key, moment, moment_or_none, text, wire_time
from clients.transport import Answer

PRODUCTS_A_PAGE = 1000
CATEGORIES_A_PAGE = 1000


class ProductCalls(Calls):
    """Read products: lists give who they are, details give one record per variant."""

    def products(
        self,
        *,
        changed_from: datetime | None = None,
        changed_to: datetime | None = None,
        created_from: datetime | None = None,
        category_id: str = "",
        visibility: str = "",
        type: str = "",
    ) -> Iterator[Page]:
        """Yield pages of `guid`, `name`, `type`, `visibility`, `changed_at`. Source: GET /api/products."""
        params = {
            "changeTimeFrom": changed_from and wire_time(changed_from),
            "changeTimeTo": changed_to and wire_time(changed_to),
            "creationTimeFrom": created_from and wire_time(created_from),
            "categoryGuid": category_id,
            "visibility": visibility,
            "type": type,
        }
        return self._connection.pages(
            "/api/products", "products", _list_item, key=lambda item: str(item["guid"]), size=PRODUCTS_A_PAGE, params=params
        )

    def product(self, guid: str) -> Fetched:
        """Return a product as one record per variant. Source: GET /api/products/{guid}."""
        return self._product(self._connection.get("/api/products/{guid}", params=self._sections(), guid=guid))

    def product_by_code(self, code: str) -> Fetched:
        """Return the whole product that has a variant of this code. Source: GET /api/products/code/{code}."""
        return self._product(self._connection.get("/api/products/code/{code}", params=self._sections(), code=code))

    def product_changes(self, since: datetime) -> Iterator[Page]:
        """Yield pages of `Change` keyed by GUID; 30 days back at most. Source: GET /api/products/changes."""
        return self._changes("/api/products/changes", since, key_name="guid", size=PRODUCTS_A_PAGE)

    def categories(self) -> list[dict[str, Any]]:
        """Return all categories with their names from the root down. Source: GET /api/categories."""
        pages = self._connection.pages("/api/categories", "categories", normalise_category, key=_category_key, size=CATEGORIES_A_PAGE)
        return with_paths([category for page in pages for category in page.items])

    def _sections(self) -> dict[str, str]:
        return {"include": ",".join(self._connection.config.product_sections)}

    def _product(self, answer: Answer) -> Fetched:
        data = payload(answer)
        image_base = self._connection.config.image_base
        records, bad = checked(answer, lambda: read_product(data, image_base=image_base))
        return Fetched(
            records=[without_sections(record, answer.left_out) for record in records],
            bad=[BadRecord(one.code, malformed(answer, f"{one.place}: {one.error}")) for one in bad],
            changed_at=moment_or_none(data, "changeTime"),
            date=answer.date,
            request_id=answer.request_id,
            left_out=answer.left_out,
        )


def _list_item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "guid": key(row, "guid", "product"),
        "name": text(row.get("name")),
        "type": text(row.get("type")),
        "visibility": text(row.get("visibility")),
        "changed_at": moment(row, "changeTime", "product"),
    }


def _category_key(category: dict[str, Any]) -> str:
    # The root may come without a GUID.
    return str(category["id"] or category["url"] or category["name"])
