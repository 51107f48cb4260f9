"""The resources that the integration's specification names: products, contacts, orders and stock as JSON objects.

BlueJet itself publishes no such API; this dialect serves an instance that has one put before it, and is kept thin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import quote

from clients.answers import Answer
from clients.bluejet.answers import PARTNER, BadRow, RowPage, apart, refuse_doubt, without
from clients.bluejet.evidences import Evidence
from clients.bluejet.interface import BlueJetClient
from clients.bluejet.records import Action, BlueJetRow, LineWrite, RowRefused, Write, Written
from clients.bluejet.session import LOOKED_AT, Login, Look, reading
from clients.bluejet.values import id_text, json_value, same, text
from clients.errors import NotFound, OutcomeUnknown, PartnerError

PAGE_SIZE = 200
MOST_PASSES = 3


class RestClient(BlueJetClient):
    """Speak the dialect `rest`."""

    dialect = "rest"

    def __init__(self, login: Login, evidences: dict[str, Evidence]) -> None:
        super().__init__(login, evidences, batch_size=1)
        login.looks = tuple(Look(evidences[kind].path, reading(kind), {"page": 1, "pageSize": 1}) for kind in LOOKED_AT)

    def check(self) -> None:
        """GET /products for one product."""
        self._list("product", page=1, size=1)

    def find(self, kind: str, field: str, value: Any, *, with_lines: bool = False) -> list[BlueJetRow]:
        """GET /{resource}?{field}={value}; objects that do not match are dropped."""
        wanted = text(value)
        if not wanted:
            return []  # nobody is found by what they lack
        found: list[BlueJetRow] = []
        for page in self._pass(kind, {field: wanted}):
            refuse_doubt([*page.bad, *without(page.rows, field)], field, wanted)
            found += [row for row in page.rows if same(row.fields.get(field), wanted)]
        return found if with_lines else [BlueJetRow(row.kind, row.id, row.fields) for row in found]

    def read(self, kind: str, id: str, *, with_lines: bool = True) -> BlueJetRow | None:
        """GET /{resource}/{id}"""
        try:
            answer = self._login.send("GET", self._path(kind, id), shown=self._shown(kind), right=reading(kind))
        except NotFound:
            return None
        row = self._row(kind, answer.body, answer)
        return row if with_lines else BlueJetRow(row.kind, row.id, row.fields)

    def pages(self, kind: str, *, changed_since: datetime | None = None, fields: Sequence[str] | None = None) -> Iterator[list[BlueJetRow]]:
        """GET /{resource}?page=…&pageSize=…; whole objects come, whatever `fields` asks for."""
        filters = {"modifiedSince": changed_since.isoformat()} if changed_since else {}
        seen: set[str] = set()
        for _ in range(MOST_PASSES):
            totals, passed = set[int](), set[str]()
            bad = 0
            for page in self._pass(kind, filters):
                totals.add(page.total)
                bad += len(page.bad)
                passed.update(row.id for row in page.rows)
                fresh = {row.id: BlueJetRow(kind, row.id, row.fields) for row in page.rows if row.id not in seen}
                seen.update(fresh)
                if fresh:
                    yield list(fresh.values())
            self.unreadable[kind] = bad
            if totals == {len(passed) + bad}:
                return

    def _pass(self, kind: str, filters: Mapping[str, str]) -> Iterator[RowPage]:
        number = count = 0
        before: RowPage | None = None
        while True:
            number += 1
            answer = self._list(kind, page=number, size=PAGE_SIZE, filters=filters)
            rows, bad = apart(self._row_of(kind, item) for item in answer.body["items"])
            page = RowPage(rows, bad, int(answer.body["total"]))
            if page == before:
                answer.reject(f"the answer says that there are {page.total} items, and brings the same ones again")
            yield page
            count += page.size
            if not page.size or count >= page.total:
                return
            before = page

    def _list(self, kind: str, *, page: int, size: int, filters: Mapping[str, str] | None = None) -> Answer:
        params = {**(filters or {}), "page": page, "pageSize": size}
        answer = self._login.send("GET", self.evidences[kind].path, params=params, right=reading(kind))
        body = answer.body if isinstance(answer.body, dict) else {}
        if not isinstance(body.get("items"), list) or not isinstance(body.get("total"), int):
            answer.reject("the answer holds no list of items with its total")
        return answer

    def _row(self, kind: str, item: Any, answer: Answer) -> BlueJetRow:
        row = self._row_of(kind, item)
        if isinstance(row, BadRow):
            answer.reject(row.reason)
        return row

    def _row_of(self, kind: str, item: Any) -> BlueJetRow | BadRow:
        evidence = self.evidences[kind]
        if not isinstance(item, dict) or not id_text(item.get(evidence.key)):
            return BadRow(f"an object of {kind} lacks its “{evidence.key}”", item if isinstance(item, dict) else {})
        lines = item.get(evidence.lines) if evidence.lines else None
        line_key = self.evidences[evidence.line_kind].key if evidence.line_kind else ""
        if lines is not None and not isinstance(lines, list):
            return BadRow(f"the “{evidence.lines}” of {kind} are not a list", item)
        found = [BlueJetRow(evidence.line_kind, id_text(line.get(line_key)), dict(line)) for line in lines or () if isinstance(line, dict)]
        return BlueJetRow(kind, id_text(item[evidence.key]), dict(item), tuple(found))

    def write(self, writes: Sequence[Write]) -> list[Written | RowRefused]:
        """POST /{resource} or PUT /{resource}/{id}, one object a request."""
        results: list[Written | RowRefused] = []
        for write in writes:
            if write.upsert and not write.id:
                raise ValueError(f"{write.kind} cannot be inserted or updated by an external id in the dialect “rest”.")
            try:
                results.append(self._update(write) if write.id else self._insert(write))
            except PartnerError as error:
                if not results:
                    raise
                results.append(RowRefused(error))
        return results

    def _insert(self, write: Write) -> Written:
        body = self._body(write)
        if self.evidences[write.kind].is_document:
            body[self.evidences[write.kind].lines] = [self._line(write, line) for line in write.lines]
        answer = self._login.send("POST", self.evidences[write.kind].path, json=json_value(body), right=f"POST {write.kind}")
        return self._written(write, answer, "inserted", list(write.lines))

    def _update(self, write: Write) -> Written:
        body = self._body(write)
        order: list[LineWrite] = []
        if write.lines or write.removed_lines:
            body[self.evidences[write.kind].lines], order = self._merged_lines(write)
        path, shown = self._path(write.kind, write.id), self._shown(write.kind)
        answer = self._login.send("PUT", path, json=json_value(body), repeatable=True, shown=shown, right=f"PUT {write.kind}")
        return self._written(write, answer, "updated", order)

    def _merged_lines(self, write: Write) -> tuple[list[dict[str, Any]], list[LineWrite]]:
        """Lay the changed lines over those that the document has, since a document carries its lines whole."""
        current = self.read(write.kind, write.id)
        if current is None:
            raise NotFound("the document to update does not exist", partner=PARTNER, request=f"PUT {self._shown(write.kind)}", status=404)
        changed = {line.id: line for line in write.lines if line.id}
        kept = [row for row in current.lines if row.id not in write.removed_lines]
        order = [changed.get(row.id) or LineWrite("", row.fields, row.id) for row in kept]
        merged = [{**row.fields, **self._line(write, line)} for row, line in zip(kept, order, strict=True)]
        added = [line for line in write.lines if not line.id]
        return merged + [self._line(write, line) for line in added], order + added

    def _body(self, write: Write) -> dict[str, Any]:
        evidence = self.evidences[write.kind]
        body: dict[str, Any] = {evidence.external_id: write.external_id} if write.external_id and evidence.external_id else {}
        body |= _stated(write.fields)
        if evidence.archive_field in body:
            body[evidence.archive_field] = text(body[evidence.archive_field]).lower() == evidence.archive_value
        return body

    def _line(self, write: Write, line: LineWrite) -> dict[str, Any]:
        evidence = self.evidences[self.evidences[write.kind].line_kind]
        if line.id:
            return {**_stated(line.fields), evidence.key: line.id}
        mark = {evidence.external_id: line.key} if evidence.external_id else {}
        return mark | _stated(line.fields)

    def _written(self, write: Write, answer: Answer, action: Action, order: Sequence[LineWrite]) -> Written:
        body = answer.body if isinstance(answer.body, dict) else {}
        evidence = self.evidences[write.kind]
        record_id = id_text(body.get(evidence.key))
        if not record_id:
            _unknown(answer)
        lines = self._row(write.kind, body, answer).lines
        paired = zip(order, lines, strict=True) if len(order) == len(lines) else ()
        return Written(record_id, action, {line.key: row.id for line, row in paired if line.key and row.id})

    def columns(self, kind: str) -> list[str]:
        """GET /{resource} for one object."""
        evidence = self.evidences[kind]
        if not evidence.path:
            return []
        answer = self._list(kind, page=1, size=1)
        return [name for item in answer.body["items"] if isinstance(item, dict) for name in item]

    def can_upsert(self, kind: str) -> bool:
        """Say no: the resources know only objects by id."""
        return False

    def _path(self, kind: str, id: str) -> str:
        return f"{self.evidences[kind].path}/{quote(id, safe='')}"

    def _shown(self, kind: str) -> str:
        return f"{self.evidences[kind].path}/…"


def _stated(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Say null of what is emptied: an empty text is no number, no date and no list."""
    return {name: None if isinstance(value, str) and not value else value for name, value in fields.items()}


def _unknown(answer: Answer) -> NoReturn:
    raise OutcomeUnknown(
        "the answer to a write does not name the record's id",
        partner=PARTNER,
        request=answer.request,
        status=answer.status,
        request_id=answer.request_id,
        received=answer.received,
    )
