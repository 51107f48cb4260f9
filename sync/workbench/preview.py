"""A record's way to BlueJet by mappings that need not be saved: field by field, with what would be sent; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from sync.push.plan import plan_write
from sync.push.push import needless
from sync.workbench.held import HeldCopy, held_copies
from sync.workbench.shapes import Action, Change, FieldPreview, LinePreview, RecordPreview
from sync.workbench.stages import offline_context, sampled_as, translate
from sync.workbench.titles import title_of
from sync.workbench.tracing import RowsOf, changes_between, columns_held, trace_fields, trace_lines

__all__ = ["Change", "FieldPreview", "LinePreview", "RecordPreview", "preview_of", "request_preview"]

By = Literal["code", "number", "email", "last"]
LAST = 10
HELD_BACK = (Result.PARKED, Result.ERROR, Result.WAITING)
SENT = ("create", "update")


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
    action = _action(ctx, part, copies)
    if part.link is None:  # not saved: what the link would be once the record that BlueJet holds is found
        part.link = RecordLink(shop=ctx.shop, account=ctx.account, kind=part.kind, key=part.key, bluejet_id=held.id if held else "")
    plan = plan_write(ctx, part, held)
    columns, outgoing, is_sent = columns_held(held), plan.fields, action in SENT
    lines = trace_lines(ctx, rows["order_line"], part, held.lines if held else (), plan.lines)
    return RecordPreview(
        sample=sample.pk,
        entity=sample.entity,
        kind=str(part.kind),
        key=sample.key,
        title=title_of(sample),
        changed_at=sample.changed_at,
        taken_at=sample.taken_at,
        action=action,
        fields=trace_fields(ctx, rows[sample.entity], sample.entity, part, outgoing, columns),
        lines=lines if is_sent else [replace(line, changes=[]) for line in lines],
        issues=_issues(part, copies),
        changes=changes_between(outgoing, columns) if is_sent else [],
        bluejet_id=part.link.bluejet_id,
        record=sample.record,
    )


def _action(ctx: Context, part: Part, copies: HeldCopy) -> Action:
    """Say what the pipeline would do: it leaves alone what it wrote itself, whatever became of that in BlueJet."""
    if copies.is_skipped or (part.kind == "product" and not ctx.shop.owns_products):
        return "skipped"
    if part.outcome is not None:
        return "held_back" if part.outcome.result in HELD_BACK else "skipped"
    if part.link is not None:
        return "unchanged" if needless(part) else "update"
    return "update" if str(part.kind) in copies.rows else "create"


def _issues(part: Part, copies: HeldCopy) -> list[Issue]:
    found = [*(part.outcome.issues if part.outcome else ()), *part.item.issues, *copies.issues]
    distinct = list({repr(issue): issue for issue in found}.values())
    return sorted(distinct, key=lambda issue: not issue.is_error)
