"""What BlueJet held when a preview was fetched, as the preview keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clients.bluejet import BlueJetRow
from sync.issues import Issue
from sync.push.hashing import plain


@dataclass(frozen=True)
class HeldCopy:
    """BlueJet's record by kind (an order may be an offer and an order), what the references lacked, and whether the flow skips it."""

    rows: Mapping[str, BlueJetRow] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    is_skipped: bool = False


def held_to_json(rows: Iterable[BlueJetRow], issues: Iterable[Issue], *, is_skipped: bool) -> dict[str, Any]:
    """Return what a preview stores for one of its records."""
    return {
        "rows": {row.kind: _row_to_json(row) for row in rows},
        "issues": [issue.to_json() for issue in issues],
        "skipped": is_skipped,
    }


def held_copies(stored: Mapping[str, Any]) -> HeldCopy:
    """Read back what `held_to_json` returned."""
    rows = {kind: _row_from_json(kind, row) for kind, row in stored.get("rows", {}).items()}
    issues = [Issue.from_json(issue) for issue in stored.get("issues", ())]
    return HeldCopy(rows, issues, bool(stored.get("skipped")))


def _row_to_json(row: BlueJetRow) -> dict[str, Any]:
    lines = [{"kind": line.kind, "id": line.id, "fields": plain(line.fields)} for line in row.lines]
    return {"id": row.id, "fields": plain(row.fields), "lines": lines}


def _row_from_json(kind: str, stored: Mapping[str, Any]) -> BlueJetRow:
    lines = tuple(BlueJetRow(line["kind"], line["id"], line["fields"]) for line in stored["lines"])
    return BlueJetRow(kind, stored["id"], stored["fields"], lines)
