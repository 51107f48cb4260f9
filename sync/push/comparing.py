"""Whether BlueJet already holds a value, however it writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from decimal import Decimal
from typing import Any

from clients.bluejet.values import PRAGUE, moment, number, same, text, wire_text
from sync.push.kept_values import is_fingerprint, kept, unified

TRUE = frozenset({"1", "-1", "true", "ano"})
# So many characters do columns take; a longer text is cut there.
SIZES = (50, 64, 100, 128, 150, 200, 250, 254, 255, 256, 500, 512, 1000, 1024, 2000, 2048, 4000)
# An amount of fewer places is what somebody wrote, not what a column rounded.
FEWEST_PLACES = 2
MIDNIGHT = time()


def is_held(sent: Any, held: Any) -> bool:
    """Compare what would be sent with what was read: numbers by their worth, moments by their time, yes and no in either writing."""
    if isinstance(sent, bool):
        return (text(held).lower() in TRUE) is sent
    if isinstance(sent, Mapping) and isinstance(held, Mapping):
        return all(is_held(value, held.get(name)) for name, value in sent.items())
    if isinstance(sent, Sequence) and not isinstance(sent, str) and isinstance(held, Sequence) and not isinstance(held, str):
        return len(sent) == len(held) and all(is_held(one, other) for one, other in zip(sent, held, strict=True))
    if is_fingerprint(sent) or is_fingerprint(held):
        return bool(kept(text(sent)) == kept(text(held)))
    written, known = unified(wire_text(sent)), unified(held)
    if written.casefold() == known.casefold():  # BlueJet finds without regard to case, but people see the difference
        return written == known
    return same(written, held) or _is_same_moment(written, held) or _is_rounded(written, known) or _is_cut(written, known)


def _is_same_moment(written: str, held: Any) -> bool:
    if "-" not in written:
        return False
    first, second = moment(written), moment(held)
    if first is None or second is None:
        return False
    if first.replace(microsecond=0) == second.replace(microsecond=0):
        return True
    return second.astimezone(PRAGUE).time() == MIDNIGHT and first.astimezone(PRAGUE).date() == second.astimezone(PRAGUE).date()


def _is_rounded(written: str, held: str) -> bool:
    """Whether the column has fewer decimals than what was sent."""
    first, second = number(written), number(held)
    if first is None or second is None:
        return False
    finer, places = _places(first), _places(second)
    return finer > places >= FEWEST_PLACES and abs(first - second) < Decimal(1).scaleb(-places)


def _places(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)


def _is_cut(written: str, held: str) -> bool:
    """Whether the column is too short for what was sent."""
    return any(written[:size].strip() == held for size in SIZES if len(held) <= size < len(written))
