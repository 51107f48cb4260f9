"""Where others learn that a value has got its counterpart, without the mappings knowing them."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[int, str, str], int]

# Said in the place of a Shoptet id where a table has a default for all that has no row.
EVERY_VALUE = ""

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Call `listener(shop id, table, Shoptet id)` whenever a value is mapped; it returns how many records go on by it."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(shop_id: int, table: str, shoptet_id: str) -> int:
    """Tell everybody that this value, or EVERY_VALUE, has a counterpart now, or another one; return how many records go on by it."""
    return sum(listener(shop_id, table, shoptet_id) for listener in _listeners)
