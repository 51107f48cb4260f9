"""Which fields go out, and which values of BlueJet's own stay or are written over. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from clients.bluejet.values import number, text
from sync.push.comparing import is_held
from sync.push.kept_values import is_agreed, kept_fields

Values = Mapping[str, Any]


class Guard(Enum):
    """Which of BlueJet's values a write may not replace; `always` rows write over what others wrote, but never what is only filled up."""

    NONE = "none"
    FOREIGN = "what none of the account's shops sent"
    FILLED = "whatever is there"


@dataclass(frozen=True)
class Known:
    """What is known of a record or a line in BlueJet before it is read, by column.

    `sent` is what went there last; `sending` what a write carried whose end is not known; `seen` BlueJet's own values that differ from
    what was sent, and of which people know; `others` what other shops sent to the same record.
    """

    sent: Values = field(default_factory=dict)
    sending: Values = field(default_factory=dict)
    seen: Values = field(default_factory=dict)
    others: tuple[Values, ...] = ()


@dataclass(frozen=True)
class Difference:
    """A value that somebody gave a column in BlueJet, beside what the portal had sent there, or would send."""

    column: str
    ours: Any
    theirs: Any


@dataclass(frozen=True)
class Changes:
    """What becomes of one record or line.

    `fields` go out. `kept` are BlueJet's own values that stay and are news; `lost` those that are written over; `seen` all that stay.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    kept: tuple[Difference, ...] = ()
    lost: tuple[Difference, ...] = ()
    seen: dict[str, Any] = field(default_factory=dict)


def find_changes(
    wanted: Values,
    known: Known,
    held: Values | None,
    *,
    always: frozenset[str] = frozenset(),
    along: Callable[[set[str]], set[str]] = lambda going: going,
    guard: Guard = Guard.NONE,
) -> Changes:
    """Compare what is wanted with what is known, and with what BlueJet holds where it was read (`held`, names in small letters).

    `always` go whatever is known; `along` adds the fields that go together with some, and so those that stay together; what `guard`
    keeps from going is told each time that Shoptet says something else.
    """
    own = _standing(wanted, held) if guard is Guard.FILLED else _own_values(wanted, known, held)
    going = along({name for name, value in wanted.items() if _goes(name, value, known, held)}) | (always & wanted.keys())
    stopped = along(_stopped(own, going, always, guard)) & going
    going, own = going - stopped, own | _standing({name: wanted[name] for name in stopped}, held)
    staying = {name: value for name, value in own.items() if name not in going}
    is_news = {name for name, value in staying.items() if not _is_known(name, value, known) or (name in stopped and name in known.sent)}
    return Changes(
        fields={name: value for name, value in wanted.items() if name in going},
        kept=tuple(_difference(name, wanted, own) for name in staying if name in is_news),
        lost=tuple(_difference(name, wanted, own) for name in own if name in going),
        seen=kept_fields(staying),
    )


def _stopped(own: Values, going: set[str], always: frozenset[str], guard: Guard) -> set[str]:
    """Return what may not go, since BlueJet holds something there that the portal may not replace."""
    if guard is Guard.NONE:
        return set()
    return (going & own.keys()) - (always if guard is Guard.FOREIGN else frozenset())


def _own_values(wanted: Values, known: Known, held: Values | None) -> dict[str, Any]:
    return {name: value for name in wanted if (value := _own_value(name, wanted[name], known, held)) is not None}


def _standing(wanted: Values, held: Values | None) -> dict[str, Any]:
    """Return what BlueJet holds in these columns that is neither nothing nor what is wanted, whoever wrote it."""
    columns = {name: held[name.lower()] for name in wanted if name.lower() in held} if held is not None else {}
    return {name: value for name, value in columns.items() if text(value) and not is_held(wanted[name], value)}


def columns_held(fields: Values) -> dict[str, Any]:
    """Return a record's columns by their names in small letters, since a mapping may write them otherwise."""
    return {name.lower(): value for name, value in fields.items()}


def _goes(name: str, value: Any, known: Known, held: Values | None) -> bool:
    """Whether a value goes: it is another than was sent, or a write whose end is not known may have put another one there."""
    is_same = name in known.sent and is_agreed(value, known.sent[name])
    if is_same and name not in known.sending:
        return False
    if held is None or name.lower() not in held:
        return True
    theirs = held[name.lower()]
    if is_held(value, theirs):
        return False
    return not is_same or not text(theirs) or is_held(known.sending[name], theirs)


def _own_value(name: str, wanted: Any, known: Known, held: Values | None) -> Any:
    """Return the value that somebody gave the column in BlueJet, None where it is what was sent or what is wanted."""
    if held is None or name.lower() not in held:
        value = known.seen.get(name)
        return None if value is None or is_held(wanted, value) else value
    value = held[name.lower()]
    ours = [wanted, *(values[name] for values in (known.sent, known.sending, *known.others) if name in values)]
    if any(is_held(one, value) for one in ours) or (not text(value) and (len(ours) == 1 or number(wanted) == 0)):
        return None
    return "" if value is None else value


def _is_known(name: str, value: Any, known: Known) -> bool:
    return name in known.seen and is_held(known.seen[name], value)


def _difference(name: str, wanted: Values, own: Values) -> Difference:
    return Difference(name, wanted[name], own[name])
