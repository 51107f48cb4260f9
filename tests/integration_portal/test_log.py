"""The log shows no secret, wherever it came from."""

from __future__ import annotations

import logging
import sys

import pytest

from integration_portal.log import PlainFormatter, without_secrets


@pytest.mark.parametrize(
    "text",
    [
        "cannot reach postgres://portal:s3cret@db:5432/portal",
        "cannot reach redis://:s3cret@cache:6379/0",
        "headers {'X-Token': 's3cret'}",
        "GET /data?token=s3cret&no=217",
        "Authorization: s3cret",
        '{"tokenHash": "s3cret", "tokenID": 1}',
    ],
)
def test_what_looks_like_a_secret_is_not_written(text: str) -> None:
    assert "s3cret" not in without_secrets(text)


def test_a_bearer_token_is_not_written_either() -> None:
    assert "s3cret" not in without_secrets("Authorization: Bearer s3cret")


def test_other_text_stays_as_it_is() -> None:
    text = "Order 2026000123: 3 lines, 1 204.50 CZK, see https://portal.test/admin/"

    assert without_secrets(text) == text


def test_a_traceback_is_cleaned_too() -> None:
    try:
        raise ValueError("token=s3cret")
    except ValueError:
        record = logging.LogRecord("portal", logging.ERROR, __file__, 1, "It broke", None, sys.exc_info())

    assert "s3cret" not in PlainFormatter("%(message)s").format(record)
