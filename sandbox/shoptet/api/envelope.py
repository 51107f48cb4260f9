"""The form of every answer, and how lists are cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sandbox.http import BadBody, Request
from sandbox.shoptet.clock import parse_time
from sandbox.shoptet.refusals import bad_parameter, invalid
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]


@dataclass
class Answer:
    """What an endpoint answers; `errors` may name rows that were skipped although the status is 200."""

    data: Any
    status: int = 200
    errors: list[Record] | None = None
    headers: dict[str, str] = field(default_factory=dict)


Endpoint = Callable[[Shop, Request], Answer]
Routes = tuple[tuple[str, str, Endpoint], ...]


def envelope(data: Any, errors: list[Record] | None, request_id: str) -> Record:
    """Return the body of an answer."""
    return {"data": data, "errors": errors, "metadata": {"requestId": request_id}}


def included(request: Request) -> set[str]:
    """Return the sections asked for, in lower case."""
    return {name.strip().lower() for name in request.argument("include").split(",") if name.strip()}


def integer(request: Request, name: str, default: int) -> int:
    """Return a whole number from the query. Raises ApiError."""
    text = request.argument(name)
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise bad_parameter(name, f"Expected integer, but {text} given.") from None


def moment(request: Request, name: str) -> datetime | None:
    """Return a time from the query; a bare + in an address is a space and is refused. Raises ApiError."""
    text = request.argument(name)
    if not text:
        return None
    try:
        return parse_time(text)
    except ValueError:
        raise bad_parameter(name, f'Expected date in ISO 8601 format, but "{text}" given.') from None


def listed(request: Request, name: str, most: int = 50) -> list[str]:
    """Return the elements of a comma-separated parameter. Raises ApiError."""
    values = [value.strip() for value in request.argument(name).split(",") if value.strip()]
    if len(values) > most:
        raise bad_parameter(name, f"Expected max. {most} elements, but {len(values)} given.")
    return values


def body_data(request: Request, kind: type = dict) -> Any:
    """Return the `data` of a request's body. Raises ApiError."""
    try:
        body = request.json()
    except BadBody as error:
        raise invalid(f"Request body is not a valid JSON. {error}", "payload") from error
    if not isinstance(body, dict) or not isinstance(body.get("data"), kind):
        raise invalid("The property data is required.", "data")
    return body["data"]


@dataclass(frozen=True)
class Paged:
    """A page size: used without a wish, and the largest; a larger wish is clamped silently."""

    default: int
    largest: int

    def window(self, request: Request) -> tuple[int, int]:
        """Return (page, records per page). Raises ApiError."""
        page = integer(request, "page", 1)
        size = integer(request, "itemsPerPage", self.default)
        if page < 1 or size < 1:
            raise bad_parameter("page" if page < 1 else "itemsPerPage", "Expected positive integer.")
        return page, min(size, self.largest)

    def answer(self, request: Request, key: str, rows: Sequence[Any], make: Callable[[Any], Any] = lambda row: row) -> Answer:
        """Return one page of rows that are all at hand; only those of the page are made."""
        return self.sliced(request, key, len(rows), lambda start, stop: (make(row) for row in islice(rows, start, stop)))

    def sliced(self, request: Request, key: str, total: int, cut: Callable[[int, int], Iterable[Any]]) -> Answer:
        """Return one page of rows that `cut` gives by position."""
        page, size = self.window(request)
        start = (page - 1) * size
        items = list(cut(start, min(start + size, total))) if start < total else []
        paginator = {
            "totalCount": total, "page": page, "pageCount": max(-(-total // size), 1), "itemsOnPage": len(items), "itemsPerPage": size,
        }  # fmt: skip
        return Answer({key: items, "paginator": paginator})


def changes_answer(shop: Shop, request: Request, feed: Any, key: str, paged: Paged) -> Answer:
    """Return a page of a change feed. Raises ApiError."""
    since = moment(request, "from")
    if since is None:
        raise bad_parameter("from", "Missing value for parameter.")
    kind = request.argument("changeType")
    if kind not in ("", "edit", "delete"):
        raise bad_parameter("changeType", f'Expected one of edit, delete, but "{kind}" given.')
    rows = feed.since(since, kind)
    return paged.answer(request, "changes", rows, lambda row: {key: row[0], "changeTime": row[1], "changeType": row[2]})
