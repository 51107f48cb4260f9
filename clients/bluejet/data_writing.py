"""Writes of the dialect `data`: chunks of rows into requests, answers into outcomes, lines after their headers."""

from __future__ import annotations

from collections.abc import Sequence

from clients.answers import Answer
from clients.bluejet.config import Options
from clients.bluejet.data_lines import LineWriter
from clients.bluejet.evidences import Evidence
from clients.bluejet.outcomes import outcomes_of
from clients.bluejet.plan import Mode, Planned, Planner, RowBuilder
from clients.bluejet.records import RowRefused, Write, Written
from clients.bluejet.session import Login
from clients.bluejet.wire import FORMS, WireObject
from clients.errors import PartnerError

Result = Written | RowRefused

ENDPOINTS: dict[Mode, tuple[str, str]] = {
    "insert": ("POST", "data"),
    "update": ("PUT", "data"),
    "upsert": ("POST", "data/insertorupdate"),
}


class DataWriter:
    """Write batches of records and tell the outcome of each."""

    def __init__(self, login: Login, evidences: dict[str, Evidence], options: Options) -> None:
        self._login = login
        self._evidences = evidences
        self._options = options
        self._planner = Planner(options, FORMS[options.write_form])
        self._lines = LineWriter(login, evidences, options, self._planner)

    def write(self, writes: Sequence[Write]) -> list[Result]:
        """Send the chunks one after the other; an error is raised only while no write has an outcome."""
        results: dict[int, Result] = {}
        ended: PartnerError | None = None
        for chunk in self._planner.chunks(writes):
            if ended is not None:
                results |= _refused(chunk, ended)
                continue
            try:
                results |= self._write_chunk(chunk)
            except PartnerError as error:
                if not results:
                    raise
                results |= _refused(chunk, error)
                ended = error if error.retryable else None
        return [results[place] for place in range(len(writes))]

    def _write_chunk(self, chunk: Sequence[Planned]) -> dict[int, Result]:
        headers = [planned for planned in chunk if planned.write.fields or planned.mode != "update"]
        results: dict[int, Result] = {planned.place: Written(planned.write.id, "updated") for planned in chunk}
        if headers:
            results |= self._write_headers(headers)
        return {planned.place: self._with_lines(planned, results[planned.place]) for planned in chunk}

    def _write_headers(self, chunk: Sequence[Planned]) -> dict[int, Result]:
        builder = RowBuilder(self._evidences, self._options)
        objects = [builder.header(planned) for planned in chunk]
        mode = chunk[0].mode
        outcomes = outcomes_of(self._send(mode, objects, chunk[0].write.kind), objects, mode)
        return {planned.place: outcome for planned, outcome in zip(chunk, outcomes, strict=True)}

    def _send(self, mode: Mode, objects: Sequence[WireObject], kind: str) -> Answer:
        method, path = ENDPOINTS[mode]
        repeatable = mode == "update" or (mode == "upsert" and self._options.repeat_upserts)
        request = self._planner.form.request(objects)
        return self._login.send(method, path, params=request.params, json=request.body, repeatable=repeatable, right=f"{method} {kind}")

    def _with_lines(self, planned: Planned, header: Result) -> Result:
        if isinstance(header, RowRefused) or not (planned.later or planned.write.removed_lines):
            return header
        try:
            line_ids = self._lines.write(planned, header.id)
        except PartnerError as error:
            return RowRefused(error, id=header.id)
        return Written(header.id, header.action, {**header.line_ids, **line_ids})


def _refused(chunk: Sequence[Planned], error: PartnerError) -> dict[int, Result]:
    return {planned.place: RowRefused(error, alone=len(chunk) == 1) for planned in chunk}
