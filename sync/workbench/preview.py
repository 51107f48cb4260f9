"""A record's way to BlueJet by mappings that need not be saved: field by field, with what would be sent; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from mappings.contents import normal_content
from mappings.snapshot import snapshot_of
from mappings.versions import content_of
from shops.models import Shop
from sync.dispatch import enqueue_after_commit
from sync.flow import Context, Part, Result
from sync.issues import Issue
from sync.links import links_by_key
from sync.models import Preview, RecordLink, SampleRecord
from sync.push.hashing import hash_of
from sync.push.push import needless
from sync.push.write import fields_to_send
from sync.workbench.comparing import is_held
from sync.workbench.held import HeldCopy, held_copies
from sync.workbench.stages import offline_context, sampled_as, translate
from sync.workbench.tracing import FieldPreview, RowsOf, trace_fields, trace_lines

By = Literal["code", "number", "email", "last"]
Action = Literal["create", "update", "unchanged", "held_back", "skipped"]
LAST = 10


@dataclass(frozen=True)
class Change:
    """One column that would be written: what BlueJet holds, and what it would get."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class LinePreview:
    """One line of a document; `action` is create, update, unchanged or remove, and a line that goes has no fields."""

    key: str
    title: str
    action: str
    fields: list[FieldPreview] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class RecordPreview:
    """One record: its source, its draft field by field, what was found, and what would be sent now.

    `fields` hold a row of the content each, in force or not; `changes` only what would be written, so they are empty where
    `action` is "unchanged", "held_back" or "skipped".
    """

    sample: int
    entity: str
    kind: str
    key: str
    title: str
    changed_at: datetime | None
    taken_at: datetime
    action: Action
    fields: list[FieldPreview]
    lines: list[LinePreview]
    issues: list[Issue]
    changes: list[Change]
    bluejet_id: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)


def request_preview(shop: Shop, entity: str, *, by: By, value: str = "", asked_by: str = "") -> Preview:
    """Ask a worker for records to look at; follow `state` and `fetched` of what is returned."""
    expected = LAST if by == "last" else 0
    preview = Preview.objects.create(
        shop=shop, entity=sampled_as(entity), by=by, value=value.strip()[:255], asked_by=asked_by[:150], expected=expected
    )
    enqueue_after_commit("fetch_preview", preview.pk)
    return preview


def preview_of(preview: Preview, content: Mapping[str, Any] | None = None) -> list[RecordPreview]:
    """Translate the preview's records by this content, or by the mappings in force; no partner is asked, nothing is written.

    Raises BadContent where the content is none.
    """
    shop = preview.shop
    known = normal_content(content_of(shop) if content is None else content)
    ctx = offline_context(shop, snapshot_of(known, shop, 0))
    found = SampleRecord.objects.in_bulk(preview.samples)
    samples = [found[pk] for pk in preview.samples if pk in found]
    parts = translate(ctx, samples)
    _link(ctx, parts)
    rows = RowsOf(known["fields"])
    return [
        _preview(ctx, rows, sample, part, held_copies(preview.held.get(str(sample.pk)) or {}))
        for sample, part in zip(samples, parts, strict=True)
    ]


def _link(ctx: Context, parts: Sequence[Part]) -> None:
    for kind in {part.kind for part in parts}:
        mine = [part for part in parts if part.kind == kind]
        links = links_by_key(ctx, kind, [part.key for part in mine])
        for part in mine:
            part.link, part.draft_hash = links.get(part.key), hash_of(part)


def _preview(ctx: Context, rows: RowsOf, sample: SampleRecord, part: Part, copies: HeldCopy) -> RecordPreview:
    held = copies.rows.get(str(part.kind))
    is_linked = part.link is not None
    if part.link is None:  # not saved: what the link would be once the record that BlueJet holds is found
        part.link = RecordLink(shop=ctx.shop, account=ctx.account, kind=part.kind, key=part.key, bluejet_id=held.id if held else "")
    columns = {name.lower(): value for name, value in held.fields.items()} if held else None
    outgoing = fields_to_send(ctx, part)
    action = _action(ctx, part, copies, is_linked=is_linked)
    is_sent = action in ("create", "update")
    changes = [
        Change(name, (columns or {}).get(name.lower()), value)
        for name, value in outgoing.items()
        if is_sent and not (columns is not None and is_held(value, columns.get(name.lower())))
    ]
    lines = trace_lines(ctx, rows, part, held.lines if held else ())
    return RecordPreview(
        sample=sample.pk,
        entity=sample.entity,
        kind=str(part.kind),
        key=sample.key,
        title=title_of(sample),
        changed_at=sample.changed_at,
        taken_at=sample.taken_at,
        action=action,
        fields=trace_fields(ctx, rows, sample.entity, part, outgoing, columns),
        lines=[
            LinePreview(line.key, line.title, line.action, line.fields, [Change(*change) for change in line.changes] if is_sent else [])
            for line in lines
        ],
        issues=_issues(part, copies),
        changes=changes,
        bluejet_id=part.link.bluejet_id,
        record=sample.record,
    )


def _action(ctx: Context, part: Part, copies: HeldCopy, *, is_linked: bool) -> Action:
    if copies.is_skipped or (part.kind == "product" and not ctx.shop.owns_products):
        return "skipped"
    if part.outcome is not None and part.outcome.result in (Result.PARKED, Result.ERROR, Result.WAITING):
        return "held_back"
    if part.outcome is not None:
        return "skipped"
    if is_linked and needless(part) is not None:
        return "unchanged"
    return "update" if part.held.bluejet_id else "create"


def _issues(part: Part, copies: HeldCopy) -> list[Issue]:
    found = [*(part.outcome.issues if part.outcome else ()), *part.item.issues, *copies.issues]
    distinct = list({repr(issue): issue for issue in found}.values())
    return sorted(distinct, key=lambda issue: not issue.is_error)


def title_of(sample: SampleRecord) -> str:
    """Name a record for people."""
    record = sample.record
    if sample.entity == "order":
        customer = record.get("customer") or {}
        return " ".join(str(one) for one in (record.get("number"), customer.get("fullName") or customer.get("email")) if one)
    if sample.entity == "stock":
        return f"{record.get('code')} / {record.get('stockId')}"
    names = (record.get(name) for name in ("name", "company", "fullName", "email", "code"))
    if sample.entity == "contact":
        names = (record.get(name) for name in ("fullName", "email", "company"))
    return str(next((name for name in names if name), sample.key))
