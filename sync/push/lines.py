"""A document's lines: which exist already and changed, which are new, which have to go, and which the office made or deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from clients.bluejet import BlueJetRow, LineWrite
from clients.bluejet.values import number, text, wire_text
from sync.flow import Context, LineDraft, Part
from sync.push.changes import Changes, Known, columns_held, find_changes
from sync.push.groups import with_company
from sync.push.hashing import plain
from sync.push.kept_values import kept_fields

# Where a link keeps, beside the header's fields, those of each line.
LINES = "lines"
# What a write of unknown end carries of the header; that of each line is under LINES there, too.
CARRIED = "fields"
DELETED = "deleted"
CENT = Decimal("0.01")
# The columns of a header that say what the lines come to, in small letters.
SUMS = frozenset({"cenaprodej", "cenadphprodej", "totalamount", "totalwithoutvat"})


@dataclass(frozen=True)
class LinePlan:
    """What has to happen to a document's lines so that they say what the draft's say.

    `ids` are BlueJet's by the draft's line key; `deleted` the keys of lines that the office deleted and that stay away, `restored`
    of those that come back because Shoptet changed them; `parting` what the office made of lines that go; `seen` is what BlueJet holds
    otherwise, by line key.
    """

    writes: tuple[LineWrite, ...] = ()
    removed: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, Changes] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()
    parting: Mapping[str, Changes] = field(default_factory=dict)
    seen: Mapping[str, Any] = field(default_factory=dict)


def plan_lines(ctx: Context, part: Part, seen: Sequence[BlueJetRow], *, as_they_are: bool = False) -> LinePlan:
    """Pair the draft's lines with those that BlueJet holds, by the kept ids, then by external id, and compare them.

    `as_they_are` keeps what the lines say that were there before the portal.
    """
    ids, by_id = match_lines(ctx, part, seen), {row.id: row for row in seen}
    away = {line.key for line in part.lines if line.key not in ids and _was_deleted(part, line)}
    restored = frozenset(line.key for line in part.lines if line.key in away and _is_other(ctx, part, line))
    deleted = frozenset(away - restored)
    changes = {
        line.key: _changes(ctx, part, line, by_id.get(ids.get(line.key, "")), as_they_are=as_they_are)
        for line in part.lines
        if line.key not in deleted
    }
    gone = [row for row in ours(ctx, part, seen, part.held.lines.values()) if row.id not in ids.values()]
    return LinePlan(
        writes=tuple(_marked(ctx, part, key, one.fields, ids.get(key, "")) for key, one in changes.items() if one.fields),
        removed=tuple(row.id for row in gone),
        ids=ids,
        changes=changes,
        deleted=deleted,
        restored=restored,
        parting=_parting(part, gone),
        seen={key: one.seen for key, one in changes.items() if one.seen} | dict.fromkeys(sorted(deleted), DELETED),
    )


def _was_deleted(part: Part, line: LineDraft) -> bool:
    """Whether the line was read back once and is gone; after a write whose end is not known, it may have been ours that took it away."""
    was_there = line.key in part.held.lines or part.held.seen.get(LINES, {}).get(line.key) == DELETED
    return was_there and not part.held.sending and not part.must_search


def _is_other(ctx: Context, part: Part, line: LineDraft) -> bool:
    return bool(find_changes(line.fields, _known(ctx, part, line, line.fields, {}), None).fields)


def _parting(part: Part, gone: Sequence[BlueJetRow]) -> dict[str, Changes]:
    """Compare the lines that go with what was sent: what the office wrote into them goes, too."""
    keys, sent = {id: key for key, id in part.held.lines.items()}, part.held.sent.get(LINES, {})
    known = {keys[row.id]: row for row in gone if isinstance(sent.get(keys.get(row.id, "")), Mapping)}
    return {key: find_changes(dict.fromkeys(sent[key], ""), Known(sent[key]), columns_held(row.fields)) for key, row in known.items()}


def lines_left(part: Part, rows: Sequence[BlueJetRow]) -> dict[str, Changes]:
    """Compare the lines of a document that ends with what was sent."""
    by_id, seen = {row.id: columns_held(row.fields) for row in rows}, part.held.seen.get(LINES, {})
    sent = {key: (id, part.held.sent.get(LINES, {}).get(key)) for key, id in part.held.lines.items()}
    known = {key: (by_id[id], values) for key, (id, values) in sent.items() if id in by_id and isinstance(values, Mapping)}
    return {key: find_changes(values, Known(values, {}, _values(seen.get(key))), held) for key, (held, values) in known.items()}


def _known(ctx: Context, part: Part, line: LineDraft, fields: Mapping[str, Any], held: Mapping[str, Any]) -> Known:
    """Return what is known of a line; of what was not kept by its value, what BlueJet holds may count as agreed."""
    sent, carried, seen = (values.get(LINES, {}).get(line.key) for values in (part.held.sent, part.held.sending, part.held.seen))
    agreed = {name: plain(value) for name, value in fields.items() if _stays(ctx, part, name, value, sent or (), held)}
    rounded = {name: held[name.lower()] for name in agreed if _is_rounded(fields[name], held[name.lower()])}
    return Known({**agreed, **_values(sent)}, _values(carried), {**rounded, **_values(seen)})


def _is_rounded(exact: Any, held: Any) -> bool:
    """Whether BlueJet holds an amount as the portal used to send it, with two places: that is nobody's change."""
    amount = number(held)
    if not isinstance(exact, Decimal) or amount is None or not exact.is_finite():
        return False
    return abs(amount - exact) < CENT and amount == amount.quantize(CENT)


def _values(kept: Any) -> dict[str, Any]:
    return dict(kept) if isinstance(kept, Mapping) else {}


def _stays(ctx: Context, part: Part, name: str, value: Any, sent: Collection[str], held: Mapping[str, Any]) -> bool:
    """Whether a column stays whose last value is not known.

    Of an old link's line only the names are: what is filled is the office's, a quantity or price unless the order costs another sum since.
    A zero where nothing was ever sent says nothing.
    """
    if name.lower() not in held or isinstance(sent, Mapping) and name in sent:
        return False
    if name not in sent:
        return bool(sent) and number(wire_text(value)) == 0
    is_counted = with_company(
        ctx.bluejet.dialect, _line_kind(ctx, part), {name}, {name for line in part.lines for name in line.fields}
    ) != {name}
    return bool(text(held[name.lower()])) and (not is_counted or _has_same_sums(part))


def _has_same_sums(part: Part) -> bool:
    """Whether the shop's order costs what it did when it was sent last, so that nobody there changed a quantity or a price."""
    sums = {name for name in part.fields if name.lower() in SUMS}
    return bool(sums) and all(part.held.sent.get(name) == plain(part.fields[name]) for name in sums)


def _changes(ctx: Context, part: Part, line: LineDraft, row: BlueJetRow | None, *, as_they_are: bool) -> Changes:
    if row is None:
        return Changes(fields=dict(line.fields))
    left_out = line.create_only | {_external_column(ctx, part)}
    fields = {name: value for name, value in line.fields.items() if name not in left_out}
    fields |= emptied(part, line.empty, _sent_before(part, line))
    held = columns_held(row.fields)
    return find_changes(
        fields,
        Known(sent=plain(fields)) if as_they_are else _known(ctx, part, line, fields, held),
        held,
        always=line.always,
        along=lambda going: with_company(ctx.bluejet.dialect, row.kind or _line_kind(ctx, part), going, fields),
    )


def _sent_before(part: Part, line: LineDraft) -> Mapping[str, Any]:
    """Return what was sent of the line; of an old link's names only that they were filled."""
    before = part.held.sent.get(LINES, {}).get(line.key, {})
    return before if isinstance(before, Mapping) else dict.fromkeys(before, "?")


def sent_lines(part: Part, plan: LinePlan) -> dict[str, dict[str, Any]]:
    """Return the values of each line that BlueJet will have been sent, to be kept with the header's."""
    return {line.key: _sent_line(part, line, plan) for line in part.lines}


def _sent_line(part: Part, line: LineDraft, plan: LinePlan) -> dict[str, Any]:
    before, exists = part.held.sent.get(LINES, {}).get(line.key, {}), line.key in plan.ids
    gone = plan.changes[line.key].fields if line.key in plan.changes else {}
    known = before if isinstance(before, Mapping) else {}
    create_only = line.create_only if exists else frozenset()
    stays = {name: value for name, value in known.items() if (name in line.empty and name not in gone) or name in create_only}
    return {**stays, **kept_fields({name: value for name, value in line.fields.items() if name not in create_only})}


def emptied(part: Part, empty: frozenset[str], sent: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that were filled before and that Shoptet emptied; what could not be read is not empty."""
    is_unread = bool(part.record.get("unread") or part.item.record.get("unread"))
    return {} if is_unread else {name: "" for name in empty if sent.get(name) not in (None, "", [], {})}


def _marked(ctx: Context, part: Part, key: str, fields: Mapping[str, Any], id: str) -> LineWrite:
    """Put the line's external id into its column, so that a lost answer cannot double a line."""
    column = _external_column(ctx, part)
    return LineWrite(key, {**fields, **({column: line_external_id(part, key)} if column else {})}, id)


def ours(ctx: Context, part: Part, seen: Sequence[BlueJetRow], ids: Any) -> list[BlueJetRow]:
    """Return the lines that the portal made: by the kept ids, or by their mark."""
    known = set(ids)
    return [row for row in seen if row.id in known or external_id_of(ctx, part, row).startswith(part.external_id + "/")]


def match_lines(ctx: Context, part: Part, seen: Sequence[BlueJetRow]) -> dict[str, str]:
    """Return BlueJet's line id by the draft's line key, as far as the lines exist."""
    existing = {row.id for row in seen}
    by_external = {external_id_of(ctx, part, row): row.id for row in seen}
    found: dict[str, str] = {}
    for line in part.lines:
        kept = part.held.lines.get(line.key, "")
        line_id = by_external.get(line_external_id(part, line.key)) or (kept if kept in existing else "")
        if line_id and line_id not in found.values():
            found[line.key] = line_id
    return found


def line_external_id(part: Part, key: str) -> str:
    """Return the id that the line carries in BlueJet."""
    return f"{part.external_id}/{key}"


def external_id_of(ctx: Context, part: Part, row: BlueJetRow) -> str:
    """Return the mark that a line carries, nothing where it has none."""
    column = _external_column(ctx, part)
    return str(row.fields.get(column) or "") if column else ""


def _external_column(ctx: Context, part: Part) -> str:
    kind = _line_kind(ctx, part)
    return ctx.bluejet.evidences[kind].external_id if kind else ""


def _line_kind(ctx: Context, part: Part) -> str:
    return ctx.bluejet.evidences[part.kind].line_kind
