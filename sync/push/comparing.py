"""Whether BlueJet already holds a value, however it writes it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from clients.bluejet.values import moment, same, text, wire_text

TRUE = frozenset({"1", "true"})


def is_held(sent: Any, held: Any) -> bool:
    """Compare what would be sent with what was read: numbers by their worth, moments by their time, yes and no in either writing."""
    if isinstance(sent, bool):
        return (text(held).lower() in TRUE) is sent
    if isinstance(sent, Mapping) and isinstance(held, Mapping):
        return all(is_held(value, held.get(name)) for name, value in sent.items())
    if isinstance(sent, Sequence) and not isinstance(sent, str) and isinstance(held, Sequence) and not isinstance(held, str):
        return len(sent) == len(held) and all(is_held(one, other) for one, other in zip(sent, held, strict=True))
    written, known = _unified(wire_text(sent)), _unified(held)
    if written.casefold() == known.casefold():  # BlueJet finds without regard to case, but people see the difference
        return written == known
    return same(written, held) or _is_same_moment(written, held)


def _unified(value: Any) -> str:
    """Write a text in the one way in which people see it: accents, line ends and outer blanks are stored in more ways than one."""
    return unicodedata.normalize("NFC", text(value)).replace("\r\n", "\n").replace("\r", "\n").strip()


def _is_same_moment(written: str, held: Any) -> bool:
    if "-" not in written:
        return False
    first, second = moment(written), moment(held)
    return first is not None and first == second
