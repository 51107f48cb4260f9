"""Calls for orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from clients.answers import Answer
from clients.errors import PartnerMessage
from clients.shoptet.calls import Calls
from clients.shoptet.connection import checked, payload, told_besides
from clients.shoptet.normalise_order import normalise_order
from clients.shoptet.normalise_settings import normalise_order_status
from clients.shoptet.readable import readable_rows
from clients.shoptet.results import Fetched, Page
from clients.shoptet.rewriting import write_once_more
from clients.shoptet.sections import without_sections
from clients.shoptet.wire import amount_or_zero, key, moment, moment_or_none, optional_section, section, text, wire_time

ORDERS_A_PAGE = 50
CODES_A_CALL = 50
CLAIMS_A_PAGE = 250
ORDER_CHANGES_A_PAGE = 1000


class OrderCalls(Calls):
    """Read orders and set their status."""

    def orders(
        self,
        *,
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        changed_from: datetime | None = None,
        changed_to: datetime | None = None,
        status_id: str | int | None = None,
        codes: Sequence[str] | None = None,
    ) -> Iterator[Page]:
        """Yield pages of `code`, `guid`, `status`, `created_at`, `changed_at`; `codes` leaves the other filters without effect.

        Source: GET /api/orders.
        """
        if codes is not None:
            for start in range(0, len(codes), CODES_A_CALL):
                yield from self._order_pages({"orderCodes": ",".join(codes[start : start + CODES_A_CALL])})
            return
        yield from self._order_pages(
            {
                "creationTimeFrom": created_from and wire_time(created_from),
                "creationTimeTo": created_to and wire_time(created_to),
                "changeTimeFrom": changed_from and wire_time(changed_from),
                "changeTimeTo": changed_to and wire_time(changed_to),
                "statusId": status_id,
            }
        )

    def order(self, code: str) -> Fetched:
        """Return an order as one record. Source: GET /api/orders/{code}."""
        sections = ",".join(self._connection.config.order_sections)
        answer = self._connection.get("/api/orders/{code}", params={"include": sections}, code=code)
        data = payload(answer)
        order = checked(answer, lambda: section(data, "order", "data"))
        return Fetched(
            records=[without_sections(checked(answer, lambda: normalise_order(order)), answer.left_out)],
            changed_at=moment_or_none(order, "changeTime"),
            date=answer.date,
            request_id=answer.request_id,
            left_out=answer.left_out,
        )

    def order_changes(self, since: datetime) -> Iterator[Page]:
        """Yield pages of `Change` keyed by order code; 30 days back at most. Source: GET /api/orders/changes."""
        return self._changes("/api/orders/changes", since, key_name="code", size=ORDER_CHANGES_A_PAGE)

    def order_claims(self) -> Iterator[Page]:
        """Yield pages of what open orders wait for: `order`, `code`, pieces `ordered` and `handed_out`. Source: GET /api/orders/claims."""
        return self._connection.pages(
            "/api/orders/claims", "orders", _claim, key=lambda row: f"{row['order']}:{row['code']}", size=CLAIMS_A_PAGE, params={}
        )

    def order_statuses(self) -> list[dict[str, Any]]:
        """Return the order statuses: id, name, isDefault, marksAsPaid. Source: GET /api/orders/statuses."""
        answer = self._connection.get("/api/orders/statuses")
        data = payload(answer)
        default_id = text(data.get("defaultStatus"))
        return checked(answer, lambda: readable_rows(data, "statuses", partial(normalise_order_status, default_id=default_id)))

    def set_order_status(
        self, code: str, status_id: str | int, *, seen: str | int = "", suppress_emails: bool = False, suppress_documents: bool = False
    ) -> tuple[PartnerMessage, ...]:
        """Put an order into a status; doing it twice changes nothing. Return what Shoptet could not do besides, such as a document.

        `seen` is the status that the decision rests on. Where somebody else changed the order meanwhile, it is read again: one that
        has the wanted status already is left alone, one that is no longer in `seen` raises AlreadyChanged, and the rest is written
        once more. One call at a time for one order: two at once may send mails and make documents twice.
        Source: PATCH /api/orders/{code}/status.
        """

        def write() -> Answer:
            return self._connection.call(
                "PATCH",
                "/api/orders/{code}/status",
                params={"suppressEmailSending": suppress_emails or None, "suppressDocumentGeneration": suppress_documents or None},
                json={"data": {"statusId": int(status_id)}},
                repeatable=True,
                code=code,
            )

        answer = write_once_more(
            write,
            read=lambda: self.order_status(code),
            is_done=lambda status: status == str(status_id),
            may_go_on=lambda status: str(seen) in ("", status),
        )
        return () if answer is None else told_besides(answer)

    def order_status(self, code: str) -> str:
        """Return the id of the status that an order is in. Source: GET /api/orders/{code}."""
        answer = self._connection.get("/api/orders/{code}", code=code)
        data = payload(answer)
        return checked(answer, lambda: key(section(section(data, "order", "data"), "status", "order"), "id", "status"))

    def _order_pages(self, params: dict[str, Any]) -> Iterator[Page]:
        return self._connection.pages(
            "/api/orders", "orders", _list_item, key=lambda item: str(item["code"]), size=ORDERS_A_PAGE, params=params
        )


def _claim(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "order": key(row, "orderCode", "claim"),
        "code": key(row, "productCode", "claim"),
        "ordered": amount_or_zero(row, "amount", "claim"),
        "handed_out": amount_or_zero(row, "amountCompleted", "claim"),
    }


def _list_item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": key(row, "code", "order"),
        "guid": text(row.get("guid")),
        "status": text(optional_section(row, "status").get("id")),
        "created_at": moment(row, "creationTime", "order"),
        "changed_at": moment(row, "changeTime", "order"),
    }
