"""What a record could not tell: optional values that cannot be read are left out of it, and noted for people.

Normalisers read values one by one, many calls deep. Whoever makes a record opens its notes first; the reading functions of `wire` then
note an optional value that they cannot read. Where nobody takes notes it is an error, so that nothing is left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypedDict

Given = ParamSpec("Given")


class Unread(TypedDict):
    """One value that was left out: where it stands in the partner's document, and a short code that says why."""

    field: str
    reason: str


class WireError(ValueError):
    """Report a field that is missing or is not what it should be; names the field, never its value."""

    def __init__(self, message: str, reason: str = "unreadable") -> None:
        super().__init__(message)
        self.reason = reason


@dataclass
class Notes:
    """What was left out of the records made of one document."""

    document: Any
    found: list[Unread] = field(default_factory=list)

    def add(self, place: str, reason: str) -> None:
        """Note a value once."""
        note = Unread(field=place, reason=reason)
        if note not in self.found:
            self.found.append(note)

    def onto(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return the record with its notes under `unread`; as it is where there are none."""
        found = [*record.get("unread", ()), *self.found]
        return {**record, "unread": found} if found else record


_open_notes: ContextVar[Notes | None] = ContextVar("open notes of a record", default=None)


@contextmanager
def taking_notes(document: Any) -> Iterator[Notes]:
    """Collect what is left out while a record is made of the document."""
    notes = Notes(document)
    token = _open_notes.set(notes)
    try:
        yield notes
    finally:
        _open_notes.reset(token)


def with_notes(normalise: Callable[Given, dict[str, Any]]) -> Callable[Given, dict[str, Any]]:
    """Make a normaliser of one record, which takes the document first, put under `unread` what it had to leave out."""

    @wraps(normalise)
    def noting(*given: Given.args, **named: Given.kwargs) -> dict[str, Any]:
        with taking_notes(given[0]) as notes:
            record = normalise(*given, **named)
        return notes.onto(record)

    return noting


def leave_out(holder: Any, name: str, error: WireError) -> None:
    """Note that the field `name` of `holder`, an object of the document, could not be read; raise the error where nobody takes notes."""
    notes = _open_notes.get()
    if notes is None:
        raise error
    before = place_of(holder, notes.document)
    notes.add(f"{before}.{name}" if before and name else before or name, error.reason)


def place_of(member: Any, document: Any) -> str:
    """Return where an object or a list stands in the document, such as `items[2].itemPrice`; an empty text for the whole."""
    pending = [(document, "")]
    while pending:
        value, place = pending.pop()
        if value is member:
            return place
        if isinstance(value, Mapping):
            pending += [(inner, f"{place}.{name}" if place else str(name)) for name, inner in value.items()]
        elif isinstance(value, list):
            pending += [(inner, f"{place}[{number}]") for number, inner in enumerate(value, 1)]
    return ""


def note_text(value: Any) -> None:
    """Note an object or a list that stands where text is promised; it is found in the document by itself."""
    notes = _open_notes.get()
    if notes is not None and value:
        notes.add(place_of(value, notes.document) or "?", "not_text")
