"""Each field has one master side: beyond creation, a pair of fields may be written in one direction at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mappings.compiled import Row

OTHER = {"to_bluejet": "to_shoptet", "to_shoptet": "to_bluejet"}


def rows_written_both_ways(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Yield the places of a later row and of the earlier one that writes the same pair in the other direction, too."""
    seen: dict[tuple[str, str, str, str], int] = {}
    for number, row in enumerate(rows):
        source, target = row.source.strip(), row.target.strip()
        if not row.active or row.when == "create" or not source:
            continue
        # The other direction would name the pair the other way round.
        other = seen.get((row.entity, OTHER[row.direction], target, source)) if row.direction in OTHER else None
        if other is not None:
            yield number, other
        seen[row.entity, row.direction, source, target] = number
