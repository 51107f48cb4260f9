"""The map step: a record becomes a draft by the shop's rows. Pure: no database, no network, no code from the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import thread_time
from typing import Any

from django.utils.translation import gettext as _

from mappings.compiled import CompiledField
from mappings.drafts import Draft, MappingProblem, Unmapped
from mappings.expressions import SourceFailed
from mappings.snapshot import MappingSnapshot
from mappings.transforms.base import BEGINNING, Context, Unusable, filled
from mappings.transforms.lookups import MissingCounterpart

TO_BLUEJET = "to_bluejet"
LONGEST_SECONDS = 0.2
"""Of the thread's own time, so that a busy machine does not make good rows look slow."""


def map_record(
    snapshot: MappingSnapshot,
    entity: str,
    record: Mapping[str, Any],
    *,
    refs: Mapping[str, Any] | None = None,
    existing: bool = False,
    direction: str = TO_BLUEJET,
) -> Draft:
    """Map one record; whatever does not fit becomes a problem of the draft, nothing is raised.

    A source expression sees the record with `refs` (what the flow knows of both sides' ids) and `shop` (`externalPrefix`, `timeZone`).
    An order line is the item with `order`, the header without its items. With `existing`, rows written on create only are left out.
    """
    rows = [row for row in snapshot.fields.get((entity, direction), ()) if not (existing and row.create_only)]
    draft = _fill_in_time(rows, _context(snapshot, record, refs or {}))
    draft.create_only = frozenset(row.target for row in rows if row.create_only and row.target in draft.fields)
    if entity == "order" and direction == TO_BLUEJET:
        _choose_document(draft, snapshot, record)
    return draft


def _fill_in_time(rows: Sequence[CompiledField], context: Context) -> Draft:
    """Fill the rows in; what ran out of time is filled in once more, since only slow rows are slow twice.

    The interpreter collects its garbage on the time of whichever record is being mapped, a quarter of a second in a large process.
    """
    draft, on_time = _fill_all(rows, context)
    if on_time or not draft.problems:
        return draft
    return _fill_all(rows, replace(context, substituted=[], looked_up=[]))[0]


def _fill_all(rows: Sequence[CompiledField], context: Context) -> tuple[Draft, bool]:
    draft = Draft(substituted=context.substituted, looked_up=context.looked_up)
    until = thread_time() + LONGEST_SECONDS
    for row in rows:
        _fill(draft, row, context, until)
    return draft, thread_time() <= until


def seen_by_expressions(snapshot: MappingSnapshot, record: Mapping[str, Any], refs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a source expression can reach."""
    shop = {"externalPrefix": snapshot.external_prefix, "timeZone": snapshot.time_zone.key}
    return {**record, "refs": refs, "shop": shop}


def _context(snapshot: MappingSnapshot, record: Mapping[str, Any], refs: Mapping[str, Any]) -> Context:
    return Context(
        data=seen_by_expressions(snapshot, record, refs),
        refs=refs,
        tables=snapshot.tables,
        policies=snapshot.policies,
        zone=snapshot.time_zone,
        external_prefix=snapshot.external_prefix,
        rates=snapshot.rates,
    )


def _fill(draft: Draft, row: CompiledField, context: Context, until: float) -> None:
    """Put one row's value into the draft, or say what stands in the way."""
    if row.broken:
        draft.problems.append(MappingProblem("mapping_failed", row.target, {"reason": row.broken}))
        return
    if thread_time() > until:
        reason = _("The rows before it took more than %(limit)d ms for this record.") % {"limit": LONGEST_SECONDS * 1000}
        draft.problems.append(MappingProblem("mapping_failed", row.target, {"reason": reason}))
        return
    try:
        value = _value(row, context, until)
    except MissingCounterpart as missing:
        draft.add_unmapped(row.target, missing.unmapped)
        return
    except Unusable as error:
        _note_unusable(draft, row, str(error))
        return
    except SourceFailed as error:
        if row.required or error.is_rows_fault:
            draft.problems.append(MappingProblem("mapping_failed", row.target, {"reason": str(error)}))
        else:
            _note_unusable(draft, row, str(error))
        return
    if filled(value):
        draft.fields[row.target] = value
    elif row.required:
        draft.problems.append(MappingProblem("required_missing", row.target))
    elif not _is_partly_unread(context.data):
        draft.empty.add(row.target)


def _note_unusable(draft: Draft, row: CompiledField, reason: str) -> None:
    """A value that does not suit its row is left out where BlueJet can do without; where it cannot, the record waits for a person."""
    if row.required:
        draft.problems.append(MappingProblem("value_unusable", row.target, {"reason": reason}))
    else:
        draft.left_out.append(MappingProblem("value_left_out", row.target, {"reason": reason}))


def _is_partly_unread(data: Mapping[str, Any]) -> bool:
    """Tell whether a value of the record, or of the order that a line belongs to, could not be read at Shoptet."""
    order = data.get("order")
    return bool(data.get("unread")) or (isinstance(order, Mapping) and bool(order.get("unread")))


def _value(row: CompiledField, context: Context, until: float) -> Any:
    """Read, transform, and fall back on the default; a transform never meets a missing value."""
    value = row.read(context.data, until) if row.read else BEGINNING if row.begins else None
    for step in row.steps:
        if value is None or value == "":
            break
        value = step(value, context)
    return value if filled(value) else row.default


def _choose_document(draft: Draft, snapshot: MappingSnapshot, record: Mapping[str, Any]) -> None:
    """Decide by the status table, whatever the rows do with the status: no order goes out under a status that nobody mapped."""
    status = record.get("status")
    if not isinstance(status, str) or not status:
        draft.problems.append(MappingProblem("required_missing", "status"))
        return
    target = snapshot.tables.get("status", {}).get(status)
    policy = snapshot.policies.get("status")
    if target is None and policy is not None and policy.missing == "default":
        draft.document = policy.document
    elif target is not None:
        draft.document = target.extra.get("document")
        draft.cancels = bool(target.extra.get("cancels"))
    elif all(known.table != "status" for known in draft.unmapped):
        label = record.get("statusName")
        draft.add_unmapped("status", Unmapped.of("status", status, label if isinstance(label, str) else ""))
