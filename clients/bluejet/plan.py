"""Which writes go together in one request, and as what objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from clients.bluejet.config import Options
from clients.bluejet.evidences import Evidence, number_of
from clients.bluejet.records import LineWrite, Write
from clients.bluejet.values import wire_text
from clients.bluejet.wire import WireObject, WriteForm

Mode = Literal["insert", "update", "upsert"]


@dataclass(frozen=True)
class Planned:
    """One write of a call, with its place among the others and the lines that travel inside its header."""

    place: int
    write: Write
    mode: Mode
    inner: tuple[LineWrite, ...] = ()

    @property
    def later(self) -> tuple[LineWrite, ...]:
        """The lines that follow in requests of their own."""
        return self.write.lines[len(self.inner) :]


def mode_of(write: Write) -> Mode:
    """Tell how a write is to be done."""
    if write.id:
        return "update"
    return "upsert" if write.upsert else "insert"


@dataclass(frozen=True)
class Planner:
    """Cut a call's writes into chunks that fit one request each; a chunk has one kind and one mode."""

    options: Options
    form: WriteForm

    @property
    def most(self) -> int:
        """The most rows in one request."""
        return min(self.options.batch_size, self.form.max_objects)

    def chunks(self, writes: Sequence[Write]) -> Iterator[list[Planned]]:
        """Yield the chunks in the order in which their kind and mode first appear."""
        groups: dict[tuple[str, Mode], list[Planned]] = {}
        for place, write in enumerate(writes):
            mode = mode_of(write)
            groups.setdefault((write.kind, mode), []).append(Planned(place, write, mode, self._inner(write, mode)))
        for group in groups.values():
            yield from self._cut(group)

    def _inner(self, write: Write, mode: Mode) -> tuple[LineWrite, ...]:
        return write.lines[: self.options.lines_per_write] if mode == "insert" and self.form.takes_lines else ()

    def _cut(self, group: list[Planned]) -> Iterator[list[Planned]]:
        chunk: list[Planned] = []
        lines = 0
        for planned in group:
            lines += len(planned.inner)
            if chunk and (len(chunk) == self.most or lines > self.options.lines_per_write):
                yield chunk
                chunk, lines = [], len(planned.inner)
            chunk.append(planned)
        yield chunk


@dataclass
class RowBuilder:
    """Turn writes into wire objects; references are numbered through, so make a new builder for each request."""

    evidences: dict[str, Evidence]
    options: Options
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def header(self, planned: Planned) -> WireObject:
        """Build the object of one write with its inner lines, which name it by its reference."""
        write, evidence = planned.write, self.evidences[planned.write.kind]
        if planned.mode == "upsert":
            _check_upsert(write, evidence)
        columns = self._columns(write, evidence)
        reference = self._reference()
        children = tuple(self.line(evidence.line_kind, line, reference) for line in planned.inner)
        condition = f"{evidence.external_id}|=|{write.external_id}" if planned.mode == "upsert" else ""
        return WireObject(number_of(evidence), columns, reference, write.id, condition=condition, children=children)

    def _columns(self, write: Write, evidence: Evidence) -> dict[str, str]:
        columns = {evidence.key: write.id} if write.id else {}
        if write.external_id and evidence.external_id:
            columns[evidence.external_id] = write.external_id
        return columns | self._texts(write.fields)

    def line(self, kind: str, line: LineWrite, document: str) -> WireObject:
        """Build the object of one line; `document` is the header's id or its reference."""
        evidence = self.evidences[kind]
        columns = {evidence.key: line.id} if line.id else {evidence.parent: document}
        if not line.id and evidence.external_id:
            columns[evidence.external_id] = line.key
        return WireObject(number_of(evidence), columns | self._texts(line.fields), self._reference(), line.id, key=line.key)

    def _texts(self, values: Mapping[str, Any]) -> dict[str, str]:
        options = self.options
        return {name: wire_text(value, true=options.true, false=options.false, zone=options.zone) for name, value in values.items()}

    def _reference(self) -> str:
        return f"${next(self._numbers)}$"


def _check_upsert(write: Write, evidence: Evidence) -> None:
    if not write.external_id or not evidence.external_id or evidence.is_document:
        raise ValueError(f"{write.kind} cannot be inserted or updated by an external id: it has none, or it has lines.")
