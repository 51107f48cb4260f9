"""Everything that the stand-in holds, behind one lock; also what tests read and write directly."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sandbox.bluejet.bodies import WriteObject
from sandbox.bluejet.columns import Column, Evidence
from sandbox.bluejet.computed import VIRTUAL
from sandbox.bluejet.evidences import EVIDENCES, KINDS, STAMPS
from sandbox.bluejet.journal import Journal
from sandbox.bluejet.options import Options
from sandbox.bluejet.resources import RESOURCES, Resource
from sandbox.bluejet.state import StateFile
from sandbox.bluejet.table import Row, Table
from sandbox.bluejet.transaction import Transaction


class Store:
    """Hold the evidences of the data dialect (`tables`) and the resources of the rest dialect (`resources`)."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.lock = threading.RLock()
        self.journal = Journal(options.journal)
        self.state = StateFile(options.state)
        self._start_empty()

    def _start_empty(self) -> None:
        self.tables = {no: Table(evidence, partial(self._virtual, no)) for no, evidence in EVIDENCES.items()}
        self.resources = {name: Resource(name) for name in RESOURCES}
        self._numbers: dict[tuple[int, int], int] = {}

    def _virtual(self, no: int, name: str, row: Row) -> str | None:
        return VIRTUAL[no, name](self, row)

    def columns(self, no: int) -> dict[str, Column]:
        """Return the columns of an evidence by name, those that every table has included."""
        stamps = [column for column in STAMPS if self.options.has_modifiedon or column.name != "modifiedon"]
        return {column.name: column for column in (*EVIDENCES[no].columns, *stamps)}

    @contextmanager
    def transaction(self, operation: str) -> Iterator[Transaction]:
        """Commit what happens inside and journal it, or undo it where it is refused."""
        with self.lock:
            transaction = Transaction(self, is_office=operation == "office")
            try:
                yield transaction
                transaction.settle()
            except BaseException:
                transaction.roll_back()
                raise
            for no, id_ in transaction.changed():
                self.state.keep_row(no, id_, self.tables[no].rows.get(id_))
            self.journal.append(self.options.clock().isoformat(), operation, tuple(transaction.touched))

    def next_code(self, evidence: Evidence) -> str:
        """Number a document as BlueJet does."""
        year = self.options.clock().year
        taken = self.tables[evidence.no]
        while True:
            number = self._numbers[evidence.no, year] = self._numbers.get((evidence.no, year), 0) + 1
            code = evidence.code_pattern.format(number=number, year=year)
            if not taken.matching(evidence.code, code):
                return code

    def count(self, kind: str) -> int:
        """Count the records of an evidence's kind ("order") or a rest resource ("orders")."""
        return len(self.resources[kind].rows if kind in self.resources else self.tables[KINDS[kind].no].rows)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return copies of all records, in the order of their insertion."""
        with self.lock:
            if kind in self.resources:
                return self.resources[kind].all()
            return [dict(row) for row in self.tables[KINDS[kind].no].rows.values()]

    def get(self, kind: str, id_: str) -> dict[str, Any] | None:
        """Return a copy of one record or None."""
        with self.lock:
            row = self.resources[kind].rows.get(id_) if kind in self.resources else self.tables[KINDS[kind].no].rows.get(id_)
            return dict(row) if row is not None else None

    def find(self, kind: str, name: str, value: str) -> list[dict[str, Any]]:
        """Return copies of the records that hold a value, by index where there is one."""
        with self.lock:
            if kind in self.resources:
                return self.resources[kind].matching(name, value)
            table = self.tables[KINDS[kind].no]
            column = table.evidence.by_name[name]
            if column.indexed:
                return [dict(table.rows[id_]) for id_ in table.matching(name, value)]
            return [dict(row) for row in table.rows.values() if row.get(name) == value]

    def lines(self, kind: str, id_: str) -> list[dict[str, Any]]:
        """Return copies of a document's lines."""
        with self.lock:
            lines = self.tables[KINDS[kind].lines]
            parent = lines.evidence.parent
            return [dict(lines.rows[line]) for line in lines.matching(parent.name, id_)] if parent else []

    def insert(self, kind: str, **fields: Any) -> str:
        """Insert a record as BlueJet's own user would; return its id."""
        with self.transaction("office") as transaction:
            return transaction.insert(WriteObject(KINDS[kind].no, fields))

    def change(self, kind: str, id_: str, **fields: Any) -> None:
        """Change a record as BlueJet's own user would."""
        with self.transaction("office") as transaction:
            transaction.update(WriteObject(KINDS[kind].no, fields, id=id_))

    def remove(self, kind: str, id_: str) -> None:
        """Delete a record as BlueJet's own user would."""
        with self.transaction("office") as transaction:
            transaction.delete(KINDS[kind].no, id_)

    def clear(self) -> None:
        """Forget every record and the journal."""
        with self.lock:
            self._start_empty()
            self.journal.clear()
            self.state.clear()

    def load(self) -> bool:
        """Take the records from the state file; tell whether there were any."""
        with self.lock:
            rows = self.state.load()
            for where, id_, row in rows:
                target: Table | Resource = self.tables[where] if isinstance(where, int) else self.resources[where]
                target.put(id_, row)
            return bool(rows)

    def close(self) -> None:
        """Close the files."""
        self.journal.close()
        self.state.close()
