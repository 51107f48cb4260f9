"""Fingerprints of drafts, equal exactly when nothing would change in the target."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from sync.flow import Part


def hash_of(part: Part) -> str:
    """Hash what is written after creation, too: fields that go along on creation only do not count."""
    fields = {name: value for name, value in part.fields.items() if name not in part.create_only}
    lines = [[line.key, line.fields] for line in part.lines]
    written = json.dumps([part.kind, fields, lines], sort_keys=True, default=_plain, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def plain(value: Any) -> Any:
    """Return the value as JSON holds it: amounts as text without needless zeros. Texts are not copied: variants share long ones."""
    if type(value) is str:
        return value
    if type(value) is dict and all(type(name) is str for name in value):
        return {name: plain(one) for name, one in value.items()}
    return json.loads(json.dumps(value, default=_plain))


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)
