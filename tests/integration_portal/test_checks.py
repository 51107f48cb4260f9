"""System checks: what a first installation gets wrong is said at the start."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from integration_portal import checks


def test_a_missing_public_address_is_a_warning(settings: Settings) -> None:
    settings.PUBLIC_URL = ""

    assert [found.id for found in checks.check_public_url(None)] == ["portal.W001"]


def test_an_address_without_https_is_not_fit_for_production(settings: Settings) -> None:
    settings.PUBLIC_URL = "http://portal.example.cz"

    assert [found.id for found in checks.check_public_url_is_https(None)] == ["portal.E002"]


def test_sqlite_in_production_is_a_warning(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")

    assert [found.id for found in checks.check_database(None)] == ["portal.W003"]
