"""How the portal's log reads: one line a message, the process's own words, nothing secret."""

from __future__ import annotations

import logging
import re
from typing import Any

# Last line of defence: the code logs no secrets, but a library's message may quote an address or a header.
_SECRETS = re.compile(
    r"(?P<url>://[^/\s:@]*:)[^@\s/]+(?=@)"
    r"|(?P<name>\b(?:token|token_?hash|password|secret|api_?key|authorization|x-token|shoptet-private-api-token)\b[\"']?\s*[=:]\s*[\"']?(?:Bearer\s+|Basic\s+)?)[^\s\"',&;]+",
    re.IGNORECASE,
)


def without_secrets(text: str) -> str:
    """Replace what looks like a password or a token by ***."""
    return _SECRETS.sub(lambda found: f"{found['url'] or found['name']}***", text)


class PlainFormatter(logging.Formatter):
    """Write a record, its traceback included, without secrets; halves of a surrogate pair, which no stream takes, are spelt out."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record)).encode(errors="backslashreplace").decode()


def logging_settings(*, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard error, as servers and process runners expect."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": "integration_portal.log.PlainFormatter", "format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"}
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": level, "propagate": False},
            # Every request at DEBUG, and a warning for each 4xx that a scanner provokes, would drown the rest.
            "django.request": {"level": "ERROR"},
            "urllib3": {"level": "INFO"},
            # These two log URLs with their query, and a query may hold an e-mail address.
            "urllib3.connectionpool": {"level": "INFO"},
            "urllib3.connection": {"level": "ERROR"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
        },
    }
