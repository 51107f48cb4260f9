"""Calls for customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from clients.shoptet.calls import Calls
from clients.shoptet.connection import checked, payload
from clients.shoptet.normalise_customer import normalise_customer, normalise_customer_group
from clients.shoptet.readable import readable_rows
from clients.shoptet.results import Fetched, Page
from clients.shoptet.wire import key, moment, moment_or_none, section

CUSTOMERS_A_PAGE = 1000
CUSTOMER_CHANGES_A_PAGE = 20


class CustomerCalls(Calls):
    """Read customers."""

    def customers(self, *, email: str = "", phone: str = "") -> Iterator[Page]:
        """Yield pages of `guid`, `created_at`, `changed_at`. Source: GET /api/customers."""
        return self._connection.pages(
            "/api/customers",
            "customers",
            _list_item,
            key=lambda item: str(item["guid"]),
            size=CUSTOMERS_A_PAGE,
            params={"email": email, "phone": phone},
        )

    def customer(self, guid: str) -> Fetched:
        """Return a customer as one record. Source: GET /api/customers/{guid}."""
        answer = self._connection.get("/api/customers/{guid}", guid=guid)
        data = payload(answer)
        customer = checked(answer, lambda: section(data, "customer", "data"))
        return Fetched(
            records=[checked(answer, lambda: normalise_customer(customer))],
            changed_at=moment_or_none(customer, "changeTime"),
            date=answer.date,
            request_id=answer.request_id,
        )

    def customer_changes(self, since: datetime) -> Iterator[Page]:
        """Yield pages of `Change` keyed by GUID; 30 days back at most, 20 a page. Source: GET /api/customers/changes."""
        return self._changes("/api/customers/changes", since, key_name="guid", size=CUSTOMER_CHANGES_A_PAGE)

    def customer_groups(self) -> list[dict[str, Any]]:
        """Return the customer groups: id, name, priceListId. Source: GET /api/customers/groups."""
        answer = self._connection.get("/api/customers/groups")
        data = payload(answer)
        return checked(answer, lambda: readable_rows(data, "customerGroups", normalise_customer_group))


def _list_item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "guid": key(row, "guid", "customer"),
        "created_at": moment(row, "creationTime", "customer"),
        "changed_at": moment(row, "changeTime", "customer"),
    }
