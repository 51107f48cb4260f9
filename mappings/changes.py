"""Where others learn that a value has got its counterpart, without the mappings knowing them."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[int, str, str], object]

_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Call `listener(shop id, table, Shoptet id)` whenever a value is mapped."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(shop_id: int, table: str, shoptet_id: str) -> None:
    """Tell everybody that this value has a counterpart now."""
    for listener in _listeners:
        listener(shop_id, table, shoptet_id)
