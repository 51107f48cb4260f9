"""Which of BlueJet's columns hold a record's identity, total and state: the account's settings, else the dialect's defaults."""

from __future__ import annotations

from collections.abc import Mapping

from clients.bluejet.evidences import Evidence, evidences_for


def evidence_for(kind: str, dialect: str, evidences: Mapping[str, Evidence] | None) -> Evidence:
    """Return the evidence of a kind."""
    return (evidences or evidences_for(dialect, {}))[kind]  # type: ignore[arg-type]
