"""One write request: all of it is kept or nothing. The caller holds the store's lock."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sandbox.bluejet.columns import Column, Evidence
from sandbox.bluejet.computed import sums_of
from sandbox.bluejet.conditions import parse_condition
from sandbox.bluejet.evidences import EVIDENCES
from sandbox.bluejet.journal import Touched, changed_fields
from sandbox.bluejet.refusals import Refusal
from sandbox.bluejet.table import Row
from sandbox.bluejet.values import stored_moment, take_value

if TYPE_CHECKING:
    from sandbox.bluejet.bodies import WriteObject
    from sandbox.bluejet.store import Store

SERVER_SET = ("createdon", "modifiedon")


class Transaction:
    """Apply the objects of one request in their order and remember how to undo them."""

    def __init__(self, store: Store, *, is_office: bool = False) -> None:
        self.store, self.is_office = store, is_office
        self.touched: list[Touched] = []
        self._references: dict[str, str] = {}
        self._undo: list[tuple[int, str, Row | None]] = []

    def insert(self, item: WriteObject) -> str:
        """Insert an object and what is inside it; return its id."""
        evidence = self._evidence(item.no)
        if evidence.key in item.columns:
            raise Refusal(f"Primární klíč {evidence.key} přiděluje server.", field=evidence.key)
        row = self._taken(evidence, item.columns)
        id_ = str(uuid.uuid4())
        row = {evidence.key: id_, **self._defaults(evidence, row), **row}
        self._require(evidence, row)
        self._keep(item.no, id_, row, "inserted", item.reference)
        for child in item.inner:
            self.insert(child)
        return id_

    def update(self, item: WriteObject) -> str:
        """Change the named columns of a record; inside objects with a key are updated, others inserted."""
        evidence = self._evidence(item.no)
        id_ = str(item.columns.get(evidence.key) or item.id).lower()
        if not id_:
            raise Refusal(f"Při změně musí být uveden primární klíč {evidence.key}.", field=evidence.key)
        self._change(evidence, id_, item)
        for child in item.inner:
            self._update_or_insert(child)
        return id_

    def upsert(self, item: WriteObject, condition: str = "") -> str:
        """Update the one record that the condition finds, or insert."""
        evidence = self._evidence(item.no)
        wanted = item.condition or condition
        if not wanted:
            return self._update_or_insert(item)
        found = self._found(evidence, wanted)
        if not found:
            inner, item.inner = item.inner, []
            id_ = self.insert(item)
            item.inner = inner
        else:
            id_ = found[0]
            self._change(evidence, id_, item)
        for child in item.inner:
            self.upsert(child)
        return id_

    def delete(self, no: int, id_: str) -> None:
        """Delete a record with its lines. Raises Refusal where other records refer to it."""
        evidence = self._evidence(no)
        if id_ not in self.store.tables[no].rows:
            raise Refusal(f"Záznam {id_} v evidenci {no} neexistuje.", 404)
        if evidence.lines:
            parent = EVIDENCES[evidence.lines].parent
            for line in self.store.tables[evidence.lines].matching(parent.name if parent else "", id_):
                self.delete(evidence.lines, line)
        self._refuse_in_use(no, id_)
        self._drop(evidence, id_)

    def settle(self) -> None:
        """Finish what follows from the whole request: the sums of documents, where the instance computes them."""
        if not self.store.options.compute_totals:
            return
        for no, id_ in {self._document(touched) for touched in self.touched} - {(0, "")}:
            self._sum_up(no, id_)

    def changed(self) -> list[tuple[int, str]]:
        """Return number and id of every row that differs now."""
        return list(dict.fromkeys((no, id_) for no, id_, _row in self._undo))

    def roll_back(self) -> None:
        """Undo everything, last first."""
        for no, id_, row in reversed(self._undo):
            if row is None:
                self.store.tables[no].remove(id_)
            else:
                self.store.tables[no].put(id_, row)

    def _update_or_insert(self, item: WriteObject) -> str:
        has_key = item.columns.get(self._evidence(item.no).key) or item.id
        return self.update(item) if has_key else self.insert(item)

    def _change(self, evidence: Evidence, id_: str, item: WriteObject) -> None:
        before = self.store.tables[evidence.no].rows.get(id_)
        if before is None:
            raise Refusal(f"Záznam {id_} v evidenci {evidence.no} neexistuje.", 404)
        columns = {name: value for name, value in item.columns.items() if name != evidence.key}
        row = {**self._staying(evidence, before), **self._taken(evidence, columns)}
        self._require(evidence, row)
        self._keep(evidence.no, id_, row, "updated", item.reference)

    def _staying(self, evidence: Evidence, before: Row) -> Row:
        """Return what an update leaves of a row: all of it, or, as a knob, what no record can do without, and defaults."""
        if self.is_office or not self.store.options.update_resets:
            return before
        fixed = {column.name for column in evidence.columns if column.key or column.parent or column.required}
        kept = {name: value for name, value in before.items() if name in fixed | {evidence.code, "createdon"}}
        return self._defaults(evidence, kept) | kept

    def _keep(self, no: int, id_: str, row: Row, action: str, reference: str) -> None:
        table = self.store.tables[no]
        before = table.rows.get(id_)
        self._refuse_duplicate(no, id_, row)
        row["modifiedon"] = stored_moment(self.store.options.clock())
        row.setdefault("createdon", row["modifiedon"])
        self._undo.append((no, id_, before))
        table.put(id_, row)
        if reference:
            self._references[reference.strip("$")] = id_
        self._touch(no, id_, action, row, changed_fields(before, row), reference)

    def _drop(self, evidence: Evidence, id_: str) -> None:
        table = self.store.tables[evidence.no]
        row = table.rows[id_]
        self._undo.append((evidence.no, id_, row))
        table.remove(id_)
        self._touch(evidence.no, id_, "deleted", row, (), "")

    def _touch(self, no: int, id_: str, action: str, row: Row, fields: tuple[str, ...], reference: str) -> None:
        external_id = row.get("externiidsupl") or ""
        self.touched.append(Touched(action, EVIDENCES[no].kind, id_, no, external_id, reference, fields))

    def _taken(self, evidence: Evidence, columns: dict[str, Any]) -> Row:
        known = self.store.columns(evidence.no)
        return {name: self._value(known, name, raw) for name, raw in columns.items()}

    def _value(self, known: dict[str, Column], name: str, raw: Any) -> str | None:
        column = known.get(name)
        if column is None:
            raise Refusal(f"Neznámý sloupec {name}.", field=name)
        if column.virtual or name in SERVER_SET:
            raise Refusal(f"Sloupec {name} je jen pro čtení.", field=name)
        value = take_value(column, self._resolved(column, raw))
        if column.references and value and value not in self.store.tables[column.references].rows:
            raise Refusal(f"Sloupec {name} odkazuje na záznam {value}, který v evidenci {column.references} neexistuje.", field=name)
        return value

    def _resolved(self, column: Column, raw: Any) -> Any:
        if not (column.references and isinstance(raw, str) and raw.startswith("$") and raw.endswith("$")):
            return raw
        if raw.strip("$") not in self._references:
            raise Refusal(f"Odkaz {raw} nepatří žádnému dřívějšímu objektu požadavku.", field=column.name)
        return self._references[raw.strip("$")]

    def _defaults(self, evidence: Evidence, row: Row) -> Row:
        defaults: Row = {}
        state = evidence.by_name.get("statuscode")
        if state is not None and not row.get("statuscode"):
            defaults["statuscode"] = state.choices[0]
        if "datumvystaveni" in evidence.by_name and not row.get("datumvystaveni"):
            defaults["datumvystaveni"] = stored_moment(self.store.options.clock())[:10] + "T00:00:00"
        if evidence.code and not row.get(evidence.code):
            row.pop(evidence.code, None)
            defaults[evidence.code] = self.store.next_code(evidence)
        return defaults

    def _require(self, evidence: Evidence, row: Row) -> None:
        for column in evidence.columns:
            if column.required and row.get(column.name) is None:
                raise Refusal(f"Povinný sloupec {column.name} není vyplněn.", field=column.name)

    def _found(self, evidence: Evidence, raw: str) -> list[str]:
        condition = parse_condition(raw, self.store.columns(evidence.no))
        found = self.store.tables[evidence.no].select((condition,))
        if len(found) > 1:
            raise Refusal(f"Podmínce {raw} odpovídá více záznamů ({len(found)}).")
        return found

    def _refuse_duplicate(self, no: int, id_: str, row: Row) -> None:
        external_id = row.get("externiidsupl")
        if self.store.options.unique_external_ids and external_id:
            others = set(self.store.tables[no].matching("externiidsupl", external_id)) - {id_}
            if others:
                raise Refusal(f"Externí ID {external_id} už má jiný záznam.", 409, "externiidsupl")

    def _refuse_in_use(self, no: int, id_: str) -> None:
        for evidence in EVIDENCES.values():
            for column in evidence.columns:
                if column.references == no and self.store.tables[evidence.no].matching(column.name, id_):
                    raise Refusal(f"Záznam {id_} je použit v evidenci {evidence.no} ({evidence.label_cs}).")

    def _document(self, touched: Touched) -> tuple[int, str]:
        evidence = EVIDENCES[touched.no]
        row = self.store.tables[touched.no].rows.get(touched.id)
        if evidence.parent is None or row is None or not evidence.parent.references:
            return (0, "")
        return (evidence.parent.references, row.get(evidence.parent.name) or "")

    def _sum_up(self, no: int, id_: str) -> None:
        document, lines = EVIDENCES[no], self.store.tables[EVIDENCES[no].lines]
        parent = lines.evidence.parent
        if "cenaprodej" not in document.by_name or parent is None:
            return
        rows = [lines.rows[line] for line in lines.matching(parent.name, id_)]
        row = {**self.store.tables[no].rows[id_], **sums_of(rows)}
        self._undo.append((no, id_, self.store.tables[no].rows[id_]))
        self.store.tables[no].put(id_, row)

    def _evidence(self, no: int) -> Evidence:
        if no not in EVIDENCES:
            raise Refusal(f"Evidence {no} neexistuje.")
        return EVIDENCES[no]
