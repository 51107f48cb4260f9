"""Write down each try before it starts, so that a crash leaves a trace."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate

from django.utils import timezone

from clients.redaction import scrub
from sync.flow import Outcome, Part, Request
from sync.isolation import beside, savepoint
from sync.issues import Issue
from sync.models import SyncAttempt, SyncJob
from sync.storable import storable_text

LONGEST_TEXT = 4000
# The note of an outcome that was only computed.
SHADOW = "shadow"


def begin(jobs: Sequence[SyncJob]) -> dict[int, SyncAttempt]:
    """Note that these jobs are being tried; return the attempts by job."""
    with savepoint():
        rows = SyncAttempt.objects.bulk_create([SyncAttempt(job=job) for job in jobs])
    return {row.job_id: row for row in rows if row.job_id is not None}


def end(attempt: SyncAttempt, request: Request, outcome: Outcome) -> None:
    """Note how the try ended, in short and without personal data; in the plainest form where the rest cannot be told."""
    if not beside(f"Noting attempt {attempt.pk}", lambda: _note(attempt, request, outcome)):
        plain = {"ended_at": timezone.now(), "result": _result(outcome), "mapping_version": request.mapping_version}
        SyncAttempt.objects.filter(pk=attempt.pk).update(**plain)


def _note(attempt: SyncAttempt, request: Request, outcome: Outcome) -> None:
    parts = [part for item in request.items for part in item.parts]
    attempt.ended_at = timezone.now()
    attempt.result = SyncAttempt.Result(_result(outcome))
    attempt.request = _shorten("\n".join(_sent(part) for part in parts if part.was_sent))
    attempt.answer = _shorten("\n".join(_answered(part) for part in parts))
    attempt.request_id = storable_text(outcome.error.request_id if outcome.error else "")[:100]
    attempt.error = _shorten(str(outcome.error or "") or _errors(outcome.issues))
    attempt.traceback = storable_text(outcome.traceback)
    attempt.mapping_version = request.mapping_version
    with savepoint():
        attempt.save()


def _result(outcome: Outcome) -> str:
    """What a flow in shadow mode would have done is not what it did."""
    return SyncAttempt.Result.COMPUTED if outcome.note == SHADOW else outcome.result.value


def _errors(issues: Sequence[Issue]) -> str:
    """Note the findings by their codes, one a line, as far as they fit whole: whoever reads them has a language of their own."""
    lines = [json.dumps(issue.to_json(), ensure_ascii=False) for issue in issues if issue.is_error]
    sizes = accumulate(len(line) + 1 for line in lines)
    return "\n".join(line for line, size in zip(lines, sizes, strict=True) if size <= LONGEST_TEXT)


def _sent(part: Part) -> str:
    fields, lines = (part.plan.fields, part.plan.lines.writes) if part.plan else (part.fields, part.lines)
    counted = f", {len(lines)} lines" if lines else ""
    return f"{part.purpose} {part.kind} {scrub(part.external_id or part.key)}: {len(fields)} fields{counted}"


def _answered(part: Part) -> str:
    result = _result(part.outcome) if part.outcome else "not sent"
    return f"{part.kind} {scrub(part.key)}: {result}{f' as {part.link.bluejet_id}' if part.link and part.link.bluejet_id else ''}"


def _shorten(text: str) -> str:
    return storable_text(text, LONGEST_TEXT + 1)
