"""System checks: what a first installation gets wrong, said before it hurts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.urls)
def check_public_url(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where webhooks could not be registered because the portal does not know its own address."""
    if settings.PUBLIC_URL:
        return []
    return [
        Warning(
            "PUBLIC_URL is not set: Shoptet's webhooks cannot be registered, and alerts carry no links.",
            hint="Set PUBLIC_URL to the address under which Shoptet reaches the portal, for example https://portal.example.cz.",
            id="portal.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_public_url_is_https(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to call an address without https fit for production: webhooks carry customers' orders."""
    if urlsplit(settings.PUBLIC_URL).scheme == "https":
        return []
    return [
        Error(
            "PUBLIC_URL does not begin with https://.", hint="Put the portal behind TLS and set PUBLIC_URL accordingly.", id="portal.E002"
        )
    ]


@register(Tags.database, deploy=True)
def check_database(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where production would run on SQLite."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    return [
        Warning(
            "The database is SQLite; production is built for PostgreSQL.",
            hint="Set DATABASE_URL, for example postgres://user:password@host:5432/portal.",
            id="portal.W003",
        )
    ]
