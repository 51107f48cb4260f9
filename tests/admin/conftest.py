"""Members of staff with their browsers."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.admin.rows import make_user


@pytest.fixture
def office(db: None) -> Client:
    """Return the browser of somebody in the office."""
    client = Client()
    client.force_login(make_user("jana"))
    return client


@pytest.fixture
def technician(db: None) -> Client:
    """Return the browser of the technician."""
    client = Client()
    client.force_login(make_user("petr", group="Technician"))
    return client


@pytest.fixture
def visitor(db: None) -> Client:
    """Return the browser of a member of staff without any rights."""
    client = Client()
    client.force_login(make_user("host", group=""))
    return client


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enqueue nothing: what the buttons do is seen in the rows."""
    monkeypatch.setattr("sync.dispatch._send", lambda task, args, **options: True)
    monkeypatch.setattr("webhooks.processing.hand_over", lambda pks: None)
