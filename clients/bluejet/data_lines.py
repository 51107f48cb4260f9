"""The lines of a document that exists: changed ones by id, new ones under its id, removed ones away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from clients.bluejet.config import Options
from clients.bluejet.evidences import Evidence, number_of
from clients.bluejet.outcomes import outcomes_of
from clients.bluejet.plan import Mode, Planned, Planner, RowBuilder
from clients.bluejet.records import LineWrite, RowRefused, Written
from clients.bluejet.session import Login
from clients.errors import NotFound, Refused, Unauthorised

Item = TypeVar("Item")


class LineWriter:
    """Bring a document's lines to what a write asks for, after its header."""

    def __init__(self, login: Login, evidences: dict[str, Evidence], options: Options, planner: Planner) -> None:
        self._login = login
        self._evidences = evidences
        self._options = options
        self._planner = planner

    def write(self, planned: Planned, document: str) -> dict[str, str]:
        """Change, add and remove lines, and return the ids by line key; raises at the first line that is not confirmed."""
        kind = self._evidences[planned.write.kind].line_kind
        changed = [line for line in planned.later if line.id]
        added = [line for line in planned.later if not line.id]
        ids: dict[str, str] = {}
        for batch in _batches(changed, self._planner.most):
            ids |= self._send(kind, batch, document, "update")
        for batch in _batches(added, self._planner.most):
            ids |= self._send(kind, batch, document, "insert")
        for removed in _batches(planned.write.removed_lines, self._options.batch_size):
            self._remove(kind, removed)
        return ids

    def _send(self, kind: str, lines: Sequence[LineWrite], document: str, mode: Mode) -> dict[str, str]:
        builder = RowBuilder(self._evidences, self._options)
        objects = [builder.line(kind, line, document) for line in lines]
        request = self._planner.form.request(objects)
        method = "PUT" if mode == "update" else "POST"
        right = f"{method} {kind}"
        answer = self._login.send(method, "data", params=request.params, json=request.body, repeatable=mode == "update", right=right)
        outcomes = outcomes_of(answer, objects, mode)
        return {sent.key: _confirmed(outcome).id for sent, outcome in zip(objects, outcomes, strict=True)}

    def _remove(self, kind: str, ids: Sequence[str]) -> None:
        request = self._planner.form.removal(number_of(self._evidences[kind]), ids)
        try:
            self._login.send("POST", "data/remove", json=request.body, repeatable=True, right=f"DELETE {kind}")
        except Unauthorised:
            raise
        except (NotFound, Refused):
            # One line that is gone already fails all of them together; alone, each can tell.
            self._remove_singly(kind, ids)

    def _remove_singly(self, kind: str, ids: Sequence[str]) -> None:
        for line_id in ids:
            try:
                params = {"no": self._evidences[kind].no, "id": line_id}
                self._login.send("DELETE", "data", params=params, repeatable=True, right=f"DELETE {kind}")
            except NotFound:
                continue


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _confirmed(outcome: Written | RowRefused) -> Written:
    if isinstance(outcome, RowRefused):
        raise outcome.error
    return outcome
