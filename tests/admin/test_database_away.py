"""While the database is away every page says so in a sentence; nobody sees a program's error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.contrib import admin
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from psycopg.errors import AdminShutdown, LockNotAvailable

from shops.models import Shop

AWAY, BUSY = psycopg.OperationalError("connection refused"), LockNotAvailable("canceling statement due to lock timeout")


def broken(cause: psycopg.Error) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@contextmanager
def trouble(cause: psycopg.Error) -> Iterator[None]:
    """Let the database answer nothing but this."""

    def refuse(*_: Any) -> None:
        raise broken(cause)

    with connection.execute_wrapper(refuse):
        yield


def addresses() -> list[str]:
    """Return the first page, the login and every list and form of the site."""
    found = ["/", "/admin/", "/admin/login/", "/admin/password_change/", "/admin/sync/workbench/"]
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            try:
                found.append(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"))
            except NoReverseMatch:
                continue
    return found


def test_every_page_says_that_the_database_is_away_and_that_nothing_is_lost(technician: Client, shop: Shop) -> None:
    wrong = {}
    for address in addresses()[1:]:
        with trouble(AWAY):
            answer = technician.get(address)
        said = answer.content.decode()
        if (answer.status_code, answer.headers.get("Retry-After")) != (503, "10") or "Nothing is lost" not in said or "Traceback" in said:
            wrong[address] = answer.status_code

    assert len(addresses()) > 30
    assert wrong == {}


@pytest.mark.parametrize("debug", [False, True])
def test_a_form_that_was_sent_says_that_it_was_not_saved(technician: Client, shop: Shop, settings: Any, debug: bool) -> None:
    settings.DEBUG = debug

    with trouble(AdminShutdown("terminating connection due to administrator command")):
        answer = technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), {"name": "New"})

    assert answer.status_code == 503
    assert "was not saved" in answer.content.decode()
    assert 'http-equiv="refresh"' not in answer.content.decode()


def test_it_is_said_in_the_readers_language(technician: Client) -> None:
    with trouble(AWAY):
        answer = technician.get("/admin/", headers={"Accept-Language": "cs"})

    assert "Databáze teď není dostupná" in answer.content.decode()


def test_a_database_that_is_busy_is_told_from_one_that_is_away(technician: Client) -> None:
    with trouble(BUSY):
        answer = technician.get("/admin/")

    assert answer.status_code == 503
    assert "too busy" in answer.content.decode()
    assert "PostgreSQL does not answer" not in answer.content.decode()


def test_a_program_that_asks_is_told_in_its_own_form(technician: Client) -> None:
    with trouble(AWAY):
        answer = technician.get("/admin/", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json()) == (503, {"error": "The database is away just now"})


def test_trouble_that_comes_after_the_page_itself_is_told_in_the_same_way(
    technician: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SESSION_SAVE_EVERY_REQUEST = True
    technician.raise_request_exception = False

    def refuse(*_: Any, **__: Any) -> None:
        raise broken(AWAY)

    monkeypatch.setattr(SessionStore, "save", refuse)

    answer = technician.get("/admin/")

    assert answer.status_code == 503
    assert "Nothing is lost" in answer.content.decode()


def test_any_other_error_of_the_database_is_none_of_this(technician: Client) -> None:
    technician.raise_request_exception = False

    with trouble(psycopg.errors.UndefinedTable("no such table")):
        answer = technician.get("/admin/")

    assert answer.status_code == 500
