"""What each row reads from a record, for people who want to see the translation at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mappings.compiled import Row
from mappings.engine import seen_by_expressions
from mappings.expressions import BadSource, SourceFailed, compile_source
from mappings.snapshot import MappingSnapshot


@dataclass(frozen=True)
class SourceValue:
    """What a row's expression gives for one record, or why it gives nothing."""

    value: Any = None
    problem: str = ""


def source_values(snapshot: MappingSnapshot, rows: Sequence[Row], record: Mapping[str, Any], refs: Mapping[str, Any]) -> list[SourceValue]:
    """Read every row's source, before any transform, in the order of the rows."""
    data = seen_by_expressions(snapshot, record, refs)
    return [_read(row.source, data) for row in rows]


def _read(source: str, data: Mapping[str, Any]) -> SourceValue:
    if not source.strip():
        return SourceValue()
    try:
        return SourceValue(compile_source(source)(data))
    except (BadSource, SourceFailed) as error:
        return SourceValue(problem=str(error))
