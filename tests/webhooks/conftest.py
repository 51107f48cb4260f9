"""What the inbox's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from webhooks import last_received, processing, receiving, registry
from webhooks.topics import SLUGS

Handler = Callable[[int], None]


@pytest.fixture(autouse=True)
def forgetful_process() -> Iterator[None]:
    """Let no test see what this process noted in another one."""
    from shops.keys import forget_keys

    forget_keys()
    last_received._noted.clear()
    yield
    forget_keys()


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Handler]:
    """Give every event that the portal wants a handler that does nothing, and return the table to change."""
    table: dict[str, Handler] = {
        event_type: handler for event_type, handler in registry._handlers.items() if event_type.startswith("addon:")
    }
    table |= dict.fromkeys(SLUGS, lambda event_pk: None)
    monkeypatch.setattr(registry, "_handlers", table)
    return table


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the events handed to the workers, in order; commits happen at once."""
    seen: list[int] = []
    monkeypatch.setattr(receiving, "hand_over_soon", seen.append)
    monkeypatch.setattr(processing, "hand_over", seen.extend)
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_: call())
    return seen
