"""One mapping row, as it is written down and as it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mappings.chains import BadChain, Step, begins, compile_chain, convert_default
from mappings.expressions import BadSource, Source, all_read, compile_source
from mappings.transforms.base import Unusable


@dataclass(frozen=True)
class Row:
    """A mapping row without its shop: what a pack and a version hold."""

    entity: str
    target: str
    source: str = ""
    transform: str = ""
    default: str = ""
    required: bool = False
    when: str = "changed"
    direction: str = "to_bluejet"
    active: bool = True
    position: int = 0


@dataclass(frozen=True, slots=True)
class CompiledField:
    """A row ready to run; `broken` says why it cannot, and then every record says so too.

    One that `begins` has no source: its first transform makes the value. `reads` names the record's fields that the source reads, and
    what it reads in them, as `shipping.carrier`.
    """

    target: str
    read: Source | None
    steps: tuple[Step, ...]
    default: Any
    required: bool
    create_only: bool
    broken: str = ""
    begins: bool = False
    reads: frozenset[str] = frozenset()
    always: bool = False


def compile_row(row: Row) -> CompiledField:
    """Compile a row; one that got past the form in a broken state is compiled as broken instead of stopping the batch."""
    create_only, always = row.when == "create", row.when == "always"
    try:
        read = compile_source(row.source) if row.source.strip() else None
        default = convert_default(row.transform, row.default) if row.default else None
        steps, is_beginning = compile_chain(row.transform), read is None and begins(row.transform)
        reads = all_read(row.source) if read else frozenset()
        return CompiledField(row.target, read, steps, default, row.required, create_only, begins=is_beginning, reads=reads, always=always)
    except (BadSource, BadChain, Unusable) as error:
        return CompiledField(row.target, None, (), None, row.required, create_only, str(error))
