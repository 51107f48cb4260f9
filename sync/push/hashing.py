"""Fingerprints of drafts, equal exactly when nothing would change in the target."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from clients.bluejet import BlueJetRow
from clients.bluejet.values import text
from sync.flow import Part


def hash_of(part: Part) -> str:
    """Hash what is always written: fields that go along on creation only do not count."""
    fields = {name: value for name, value in part.fields.items() if name not in part.create_only}
    lines = [[line.key, line.fields] for line in part.lines]
    written = json.dumps([part.kind, fields, lines], sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def hash_of_seen(rows: Sequence[BlueJetRow], columns: Iterable[str]) -> str:
    """Hash what BlueJet shows of a document's lines, in the columns that we fill; its own ones may change as they like."""
    names = sorted(columns)
    lines = sorted([row.id, [text(row.fields.get(name)) for name in names]] for row in rows)
    return hashlib.sha256(json.dumps([names, lines], ensure_ascii=False).encode()).hexdigest()


def plain(value: Any) -> Any:
    """Return the value as JSON holds it: amounts as text without needless zeros."""
    return json.loads(json.dumps(value, default=_plain))


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)
