"""How BlueJet itself tells records apart, besides the mark that we put on ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clients.bluejet.values import text
from sync.flow import Context
from sync.models import Kind


def natural_columns(ctx: Context, kind: str) -> tuple[str, ...]:
    """Return the columns by which a record is known besides our mark: a stock card by its product and its warehouse."""
    if kind == Kind.STOCK_CARD and ctx.bluejet.dialect == "data":
        return ("productid", "skladid")
    natural = ctx.bluejet.evidences[kind].natural
    return (natural,) if natural else ()


def natural_key(fields: Mapping[str, Any], columns: Sequence[str]) -> str:
    """Join the columns' values; empty if one of them is."""
    values = [text(fields.get(column)).lower() for column in columns]
    return "|".join(values) if values and all(values) else ""
