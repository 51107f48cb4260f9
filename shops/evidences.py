"""Checks an account's evidences before they are saved: a wrong one would stop every flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.bluejet.config import options_for
from clients.bluejet.evidences import evidences_for
from shops.models import BlueJetAccount


def explain_evidences(dialect: str, evidences: Any) -> str:
    """Return a sentence about what is wrong, or nothing."""
    if not isinstance(evidences, Mapping):
        return 'BlueJet evidences: write an object, for example {"product": {"no": 217}}.'
    try:
        evidences_for("rest" if dialect == BlueJetAccount.Dialect.REST else "data", evidences)
        options_for(evidences)
    except ValueError as error:
        return str(error)
    return ""
