"""Rows of a list one by one: what cannot be read costs that row, and is said in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from clients.shoptet.unread import WireError, taking_notes
from clients.shoptet.wire import row_list

logger = logging.getLogger(__name__)
Value = TypeVar("Value")


def readable_rows(data: Any, name: str, read: Callable[[Mapping[str, Any]], Value]) -> list[Value]:
    """Return what `read` makes of a required list's rows, without those that it cannot read."""
    return read_each(data, name, read)[0]


def read_each(data: Any, name: str, read: Callable[[Mapping[str, Any]], Value]) -> tuple[list[Value], list[str]]:
    """Return what `read` makes of a required list's rows, and for each row that it cannot read what is wrong with it."""
    found: list[Value] = []
    bad: list[str] = []
    for number, row in enumerate(row_list(data, name, "data"), 1):
        try:
            found.append(_read(row, f"{name}[{number}]", read))
        except WireError as error:
            bad.append(f"{name}[{number}]: {error}")
    for reason in bad:
        logger.warning("Shoptet: a row of a list is left out: %s", reason)
    return found, bad


def _read(row: Any, place: str, read: Callable[[Mapping[str, Any]], Value]) -> Value:
    if not isinstance(row, Mapping):
        raise WireError("it is not an object", "not_an_object")
    with taking_notes(row) as notes:
        value = read(row)
    for note in notes.found:
        logger.warning("Shoptet: a value of a list is left out: %s.%s (%s)", place, note["field"], note["reason"])
    return value
