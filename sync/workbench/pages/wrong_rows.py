"""What stands in the way of activating, with the table in which each row is put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from mappings.choices import MODEL_OF_TABLE
from mappings.draft_problems import RowProblem
from mappings.models import Entity
from shops.models import Shop


@dataclass(frozen=True)
class WrongRow:
    """One row that is wrong: its name, where it is put right, and why it is wrong."""

    name: str
    address: str
    sentence: str


def wrong_rows(shop: Shop, content: Mapping[str, Any], problems: Iterable[RowProblem]) -> list[WrongRow]:
    """Name the row of each problem."""
    return [_wrong_row(shop, content, problem) for problem in problems]


def _wrong_row(shop: Shop, content: Mapping[str, Any], problem: RowProblem) -> WrongRow:
    kind, _slash, rest = problem.place.partition("/")
    if kind == "fields":
        row = content["fields"][int(rest)]
        address = reverse("workbench:table", args=[shop.pk, row["entity"]], query={"direction": row["direction"]})
        return WrongRow(f"{Entity(row['entity']).label} → {row['target'] or '?'}", address, problem.sentence)
    table, _slash, number = rest.partition("/")
    if kind == "tables" and table in MODEL_OF_TABLE:
        meta = MODEL_OF_TABLE[table]._meta
        row = content["tables"][table][int(number)]
        address = reverse(f"admin:mappings_{meta.model_name}_changelist")
        return WrongRow(f"{meta.verbose_name}: {row['shoptet_name'] or row['shoptet_id']}", address, problem.sentence)
    return WrongRow("", "", problem.sentence)
