"""Where `sync` says what to do with an event, so that the inbox need not know it."""

from __future__ import annotations

from collections.abc import Callable

EventHandler = Callable[[int], None]

_handlers: dict[str, EventHandler] = {}


def register(event_type: str, handler: EventHandler) -> None:
    """Take up `handler(event_row_id)` for an official event type; one handler an event type."""
    if _handlers.get(event_type, handler) is not handler:
        raise ValueError(f"{event_type} has a handler already.")
    _handlers[event_type] = handler


def get_handler(event_type: str) -> EventHandler | None:
    """Return what takes this event type, or None for an event that nobody asked for."""
    return _handlers.get(event_type)


def known_event_types() -> list[str]:
    """List the event types that the portal acts on, in alphabetical order."""
    return sorted(_handlers)
