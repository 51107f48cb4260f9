"""The vendor's own API: tables by number, rows of columns, one token for all requests."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from clients.answers import Answer
from clients.bluejet.answers import PARTNER, RowPage, page_of, refuse_doubt, rows_of, without
from clients.bluejet.config import Options
from clients.bluejet.data_writing import DataWriter
from clients.bluejet.evidences import Evidence, number_of
from clients.bluejet.interface import BlueJetClient
from clients.bluejet.records import BlueJetRow, RowRefused, Write, Written
from clients.bluejet.session import LOOKED_AT, Login, Look, reading
from clients.bluejet.values import same, since_time, wire_text
from clients.errors import Refused

logger = logging.getLogger(__name__)

# Rows that come and go shift the pages; after three passes every row that stayed has been seen.
MOST_PASSES = 3


class DataClient(BlueJetClient):
    """Speak the dialect `data`."""

    dialect = "data"

    def __init__(self, login: Login, evidences: dict[str, Evidence], options: Options) -> None:
        super().__init__(login, evidences, options.batch_size)
        self._options = options
        self._writer = DataWriter(login, evidences, options)
        login.looks = tuple(Look("data", reading(kind), self._params(kind)) for kind in LOOKED_AT)
        self._without_fields: set[str] = set()
        self._without_modified: set[str] = set()

    def check(self) -> None:
        """POST users/authenticate where no token is held, then GET data for one product."""
        rows_of(self._page("product"), self.evidences["product"])

    def find(self, kind: str, field: str, value: Any, *, with_lines: bool = False) -> list[BlueJetRow]:
        """GET data?condition=field|=|value; rows that do not match are dropped, should the instance compare more loosely."""
        name = field.lower()
        wanted = wire_text(value, true=self._options.true, false=self._options.false, zone=self._options.zone)
        if not wanted:
            return []  # nobody is found by what they lack
        found: list[BlueJetRow] = []
        for page in self._pass(kind, condition=f"{field}|=|{wanted}"):
            refuse_doubt(page.bad, name, wanted)
            found += self._matching(kind, page.rows, name, wanted)
        return [self._with_lines(row) for row in found] if with_lines else found

    def _matching(self, kind: str, rows: list[BlueJetRow], name: str, wanted: str) -> list[BlueJetRow]:
        matching = [row for row in rows if same(row.fields.get(name), wanted)]
        if rows and not any(name in row.fields for row in rows):
            raise _not_searchable(kind, name, "brings rows that do not show this column")
        refuse_doubt(without(rows, name), name, wanted)
        if not matching and len(rows) >= self._options.page_size:
            raise _not_searchable(kind, name, "brings rows that do not match: the instance seems to ignore the condition")
        return matching

    def read(self, kind: str, id: str, *, with_lines: bool = True) -> BlueJetRow | None:
        """GET data?condition=key|=|id, which is how one row is read."""
        found = self.find(kind, self.evidences[kind].key, id)
        if not found:
            return None
        return self._with_lines(found[0]) if with_lines else found[0]

    def _with_lines(self, row: BlueJetRow) -> BlueJetRow:
        evidence = self.evidences[row.kind]
        if not evidence.is_document:
            return row
        lines = self.find(evidence.line_kind, self.evidences[evidence.line_kind].parent, row.id)
        return replace(row, lines=tuple(lines))

    def pages(self, kind: str, *, changed_since: datetime | None = None, fields: Sequence[str] | None = None) -> Iterator[list[BlueJetRow]]:
        """GET data page by page, sorted by the key; a second pass brings what moved between pages in the first."""
        condition = self._since(kind, changed_since)
        seen: set[str] = set()
        counted = -1
        for _ in range(MOST_PASSES):
            before, totals, passed = counted, set[int](), set[str]()
            bad = 0
            for page in self._pass(kind, condition=condition, fields=fields):
                totals.add(page.total)
                bad += len(page.bad)
                passed.update(row.id for row in page.rows)
                fresh = {row.id: row for row in page.rows if row.id not in seen}
                seen.update(fresh)
                if fresh:
                    yield list(fresh.values())
            counted = len(passed) + bad
            self.unreadable[kind] = bad
            if len(totals) == 1 and counted in (*totals, before):
                return
        logger.warning("BlueJet: the rows of %s kept moving through %d passes", kind, MOST_PASSES)

    def _since(self, kind: str, changed_since: datetime | None) -> str:
        modified = self.evidences[kind].modified
        if changed_since is None or not modified or kind in self._without_modified:
            return ""
        condition = f"{modified}|>=|{since_time(changed_since, self._options.zone)}"
        try:
            self._page(kind, condition=condition)
        except Refused as error:
            if error.status != 400:
                raise
            # No public source confirms that every instance has the column; the caller's hashes find changes without it.
            logger.warning("BlueJet: %s cannot be narrowed by “%s”, every record is read", kind, modified)
            self._without_modified.add(kind)
            return ""
        return condition

    def _pass(self, kind: str, *, condition: str = "", fields: Sequence[str] | None = None) -> Iterator[RowPage]:
        offset = 0
        before: RowPage | None = None
        while True:
            answer = self._page(kind, offset=offset, limit=self._options.page_size, condition=condition, fields=fields)
            page = page_of(answer, self.evidences[kind])
            if page == before:
                answer.reject(f"the answer says that there are {page.total} rows, and brings the same ones again")
            yield page
            offset += page.size
            # An instance may give fewer rows than asked for, so a short page alone does not end the pass.
            if not page.size or offset >= page.total:
                return
            before = page

    def _page(self, kind: str, *, offset: int = 0, limit: int = 1, condition: str = "", fields: Sequence[str] | None = None) -> Answer:
        params = self._params(kind, offset=offset, limit=limit)
        if condition:
            params["condition"] = condition
        if fields and kind not in self._without_fields:
            return self._narrow_page(kind, params, fields)
        return self._login.send("GET", "data", params=params, right=reading(kind))

    def _params(self, kind: str, *, offset: int = 0, limit: int = 1) -> dict[str, Any]:
        evidence = self.evidences[kind]
        sort = {"sort": f"+{evidence.key}"} if self._options.sort else {}
        return {"no": number_of(evidence), "offset": offset, "limit": limit, **sort}

    def _narrow_page(self, kind: str, params: dict[str, Any], fields: Sequence[str]) -> Answer:
        try:
            return self._login.send("GET", "data", params=params | {"fields": ",".join(fields)}, right=reading(kind))
        except Refused as error:
            if error.status != 400:
                raise
        # Some tables refuse `fields` whatever it names; whole rows serve as well.
        answer = self._login.send("GET", "data", params=params, right=reading(kind))
        self._without_fields.add(kind)
        return answer

    def write(self, writes: Sequence[Write]) -> list[Written | RowRefused]:
        """POST data, PUT data or POST data/insertorupdate, at most ten rows a request."""
        return self._writer.write(writes)

    def columns(self, kind: str) -> list[str]:
        """GET data for one row; an instance has no description of its tables."""
        rows, _ = rows_of(self._page(kind), self.evidences[kind])
        return list(rows[0].fields) if rows else []

    def can_upsert(self, kind: str) -> bool:
        """Refuse documents: their lines would be inserted once more."""
        evidence = self.evidences[kind]
        return bool(evidence.external_id) and not evidence.is_document


def _not_searchable(kind: str, name: str, what: str) -> Refused:
    return Refused(f"a search for {kind} by “{name}” {what}", partner=PARTNER, request="GET data")
