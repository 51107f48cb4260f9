"""The preview beside the table: which record is looked at, and what the rows, saved or not, make of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mappings.contents import BadContent
from mappings.models import Direction
from shops.models import Shop
from shops.pages.badges import badge
from shops.pages.numbers import whole_number
from shops.pages.shown import shorten
from sync.issue_texts import TEXTS
from sync.issues import Issue
from sync.models import Preview, SampleRecord
from sync.models.sample import RecordEncoder
from sync.workbench.pages.access import EDIT, LOOK, allowed, check_entity, direction_of
from sync.workbench.pages.edits import Edits, read_edits
from sync.workbench.pages.table import TableRow
from sync.workbench.preview import preview_of, request_preview
from sync.workbench.shapes import FieldPreview, LinePreview, RecordPreview
from sync.workbench.stages import sampled_as

LAST = "last"
WAYS = {
    "code": gettext_lazy("by code"),
    "number": gettext_lazy("by number"),
    "email": gettext_lazy("by e-mail"),
    LAST: gettext_lazy("the last ten"),
}
# What people know a record of the entity by; the first is offered first.
WAYS_OF_ENTITY = {
    "product": ("code", LAST),
    "stock": ("code", LAST),
    "contact": ("email", LAST),
    "company": ("email", LAST),
    "address": ("email", LAST),
    "order": ("number", "email", LAST),
    "order_line": ("number", "email", LAST),
}
BADGES = {
    "create": (gettext_lazy("would be created"), "ok"),
    "update": (gettext_lazy("would be updated"), "ok"),
    "unchanged": (gettext_lazy("nothing to send"), "quiet"),
    "held_back": (gettext_lazy("held back"), "act"),
    "skipped": (gettext_lazy("left alone"), "quiet"),
}
SENTENCES = {
    "create": gettext_lazy("BlueJet does not have this record yet; it would be created."),
    "update": gettext_lazy("BlueJet has this record; only what differs would be sent."),
    "unchanged": gettext_lazy("BlueJet has it exactly so already; nothing would be sent."),
    "held_back": gettext_lazy("It would not be sent until this is put right:"),
    "skipped": gettext_lazy("It is not for this shop to send; it would be left alone."),
}
ONLY_READ = gettext_lazy("This record passed lately. What BlueJet holds of it now was not asked for; “Read it” does that.")


@dataclass
class ShownField:
    """One value that would be sent, beside what is there."""

    name: str
    before: str
    after: str


@dataclass
class ShownLine:
    """One line of a document with what would become of it."""

    title: str
    action: str
    sent: list[ShownField] = field(default_factory=list)


@dataclass
class ShownRecord:
    """One record as the panel shows it."""

    name: str
    badge: SafeString | str
    sentence: str
    exists: bool
    issues: list[Issue]
    sent: list[ShownField]
    lines: list[ShownLine]
    draft: list[tuple[str, str]]
    source: str
    has_errors: bool
    is_shown: bool


@dataclass
class Trial:
    """What the panel beside the table shows."""

    pk: int | str = ""
    is_busy: bool = False
    expected: int = 0
    fetched: int = 0
    error: str = ""
    records: list[ShownRecord] = field(default_factory=list)

    @property
    def shown(self) -> ShownRecord | None:
        """Return the record that is looked at."""
        return next((one for one in self.records if one.is_shown), None)


@require_POST
@allowed(LOOK)
def fetch(request: HttpRequest, shop: Shop, entity: str) -> HttpResponse:
    """Ask a worker for the record; the browser follows it by the preview's number."""
    made = ask(request, shop, check_entity(entity))
    return JsonResponse({"preview": made.pk})


@require_POST
@allowed(LOOK)
def preview(request: HttpRequest, shop: Shop, entity: str) -> HttpResponse:
    """Try the rows as they stand in the browser; nothing is kept and nothing is sent."""
    edits = read_edits(request, shop, check_entity(entity), direction_of(request))
    trial = try_out(find_preview(shop, entity, request.POST), edits, request.POST.get("record", ""))
    context = {"may_edit": request.user.has_perm(EDIT), "can_preview": True}
    return JsonResponse(
        {
            "panel": render_to_string("portal/workbench_preview.html", {**context, "preview": trial}, request),
            "heads": {row.key: render_to_string("portal/workbench_row_head.html", {"row": row}, request) for row in edits.table},
            "problems": {row.key: row.problems for row in edits.table},
            "busy": trial.is_busy,
        }
    )


def ask(request: HttpRequest, shop: Shop, entity: str) -> Preview:
    """Order the record that the person chose."""
    by, value = request.POST.get("by", LAST), request.POST.get("value", "").strip()[:200]
    ways = WAYS_OF_ENTITY.get(entity, (LAST,))
    if by not in ways or not value:
        by, value = LAST, ""
    return request_preview(shop, sampled_as(entity), by=by, value=value, asked_by=request.user.get_username())


def find_preview(shop: Shop, entity: str, said: Mapping[str, str]) -> Preview | None:
    """Find the preview that the page names; else show one of the records that passed lately, or a chosen one of them."""
    number = whole_number(said.get("preview", ""))
    if number and (found := Preview.objects.filter(pk=number, shop=shop, entity=sampled_as(entity)).first()):
        return found
    return _passed_lately(shop, entity, said.get("sample", ""))


def _passed_lately(shop: Shop, entity: str, chosen: str) -> Preview | None:
    samples = SampleRecord.objects.filter(shop=shop, entity=sampled_as(entity))
    if number := whole_number(chosen):
        samples = samples.filter(pk=number)
    newest = samples.order_by("-taken_at", "-id").values_list("pk", flat=True).first()
    if newest is None:
        return None
    return Preview(shop=shop, entity=sampled_as(entity), by=LAST, state=Preview.State.READY, samples=[newest], created_at=timezone.now())


def try_out(asked: Preview | None, edits: Edits, chosen: str = "") -> Trial:
    """Translate the preview's records by the edited content, and put each row's value beside the row."""
    if asked is None or edits.direction != Direction.TO_BLUEJET:
        return Trial()
    number = asked.pk or ""
    if asked.state == Preview.State.FETCHING:
        return Trial(number, is_busy=True, expected=asked.expected, fetched=asked.fetched)
    if asked.state == Preview.State.FAILED:
        return Trial(number, error=_why(asked))
    try:
        found = preview_of(asked, edits.content)
    except BadContent as error:
        return Trial(number, error=str(error))
    asked_place = whole_number(chosen) or 0
    place = asked_place if asked_place < len(found) else 0
    if found:
        show_live(found[place], edits.places)
    return Trial(number, records=[_shown(one, place == index, bool(asked.pk)) for index, one in enumerate(found)])


def show_live(record: RecordPreview, places: Mapping[str, TableRow]) -> None:
    """Put beside each row what it reads from this record and what it makes of it; a line's rows show the first line."""
    for one in (*record.fields, *(one for line in record.lines for one in line.fields)):
        row = places.get(one.place)
        if row is not None and row.live is None:
            row.live = {"source": in_cell(one.source_value), "value": in_cell(one.value), "problem": one.problem}


def in_cell(value: Any) -> str:
    """Write a value of a record so that it fits a cell."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | dict):
        return shorten(json.dumps(value, ensure_ascii=False, cls=RecordEncoder), 160)
    return shorten(str(value), 160)


def _why(asked: Preview) -> str:
    issue = asked.issue or {}
    if issue.get("code") in TEXTS:
        found = Issue.from_json(issue)
        return f"{found.sentence()} {found.remedy()}"
    return _("The record could not be read.")


def _shown(record: RecordPreview, is_shown: bool, knows_bluejet: bool) -> ShownRecord:
    action = _action(record)
    label, tone = BADGES[action]
    writes = is_shown and knows_bluejet
    has_errors = any(issue.is_error for issue in record.issues)
    tells = knows_bluejet or record.action == "held_back"
    return ShownRecord(
        name=shorten(record_name(record.key, record.title), 70),
        badge=badge(label, tone) if tells else "",
        sentence=str(SENTENCES[action] if tells else ONLY_READ),
        exists=bool(record.bluejet_id),
        issues=sorted(record.issues, key=lambda issue: not issue.is_error) if is_shown else [],
        sent=[ShownField(one.column, in_cell(one.before), in_cell(one.after)) for one in record.changes] if writes else [],
        lines=[_line(one) for one in record.lines] if writes else [],
        draft=list(_draft(record.fields)) if is_shown else [],
        source=json.dumps(record.record, indent=2, ensure_ascii=False, cls=PlainEncoder) if is_shown else "",
        has_errors=has_errors,
        is_shown=is_shown,
    )


def record_name(key: str, title: str) -> str:
    """Name a record by its key and its title, unless the title begins with the key."""
    return title if title.startswith(key) else f"{key} – {title}" if title else key


def _action(record: RecordPreview) -> str:
    """Return what would happen; an update that would change nothing is none."""
    has_changes = record.changes or any(line.changes or line.action == "remove" for line in record.lines)
    return "unchanged" if record.action == "update" and not has_changes else record.action


class PlainEncoder(RecordEncoder):
    """Write a record for people: an amount is its digits."""

    def default(self, value: Any) -> Any:
        """Write what JSON does not know as text."""
        return str(value)


def _line(line: LinePreview) -> ShownLine:
    actions = {
        "create": _("would be added"),
        "update": _("would be updated"),
        "unchanged": _("stays as it is"),
        "remove": _("would be removed"),
        "held_back": _("held back"),
    }
    sent = [ShownField(one.column, in_cell(one.before), in_cell(one.after)) for one in line.changes]
    return ShownLine(line.title or line.key, actions.get(line.action, line.action), sent)


def _draft(fields: Iterable[FieldPreview]) -> Iterable[tuple[str, str]]:
    return ((one.column, in_cell(one.value)) for one in fields if one.active and not one.problem and one.value not in (None, ""))
