"""What an evidence (a table of BlueJet) and its columns are, and short builders for writing them down."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Column:
    """Describe one column; `type` is one of BlueJet's documented types."""

    name: str
    label: str
    type: str = "NVarChar"
    key: bool = False
    required: bool = False
    virtual: bool = False
    indexed: bool = False
    references: int = 0
    parent: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """Describe one table: its number, its names for people, its columns."""

    no: int
    kind: str
    label_cs: str
    label_en: str
    columns: tuple[Column, ...]
    code: str = ""
    code_pattern: str = ""
    lines: int = 0
    headline: tuple[str, ...] = field(default=())

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def key(self) -> str:
        return next(column.name for column in self.columns if column.key)

    @cached_property
    def parent(self) -> Column | None:
        return next((column for column in self.columns if column.parent), None)


def key(name: str) -> Column:
    """Make the primary key, a GUID that the server gives."""
    return Column(name, "ID", "UniqueIdentifier", key=True, indexed=True)


def text(name: str, label: str, *, required: bool = False, indexed: bool = False, virtual: bool = False) -> Column:
    return Column(name, label, required=required, indexed=indexed, virtual=virtual)


def long_text(name: str, label: str) -> Column:
    return Column(name, label, "NText")


def money(name: str, label: str, *, required: bool = False, virtual: bool = False) -> Column:
    return Column(name, label, "Money", required=required, virtual=virtual)


def whole(name: str, label: str) -> Column:
    return Column(name, label, "Int")


def bit(name: str, label: str) -> Column:
    return Column(name, label, "Bit")


def moment(name: str, label: str) -> Column:
    return Column(name, label, "DateTime")


def choice(name: str, label: str, *choices: str) -> Column:
    """Make a PickUp: read and written as its Czech label."""
    return Column(name, label, "PickUp", choices=choices)


def reference(name: str, label: str, no: int, *, required: bool = False, parent: bool = False) -> Column:
    """Make a foreign key; `parent` marks the document a line belongs to, which takes its lines along when deleted."""
    return Column(name, label, "UniqueIdentifier", required=required, indexed=True, references=no, parent=parent)
