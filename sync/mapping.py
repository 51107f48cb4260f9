"""The second step: turn each part's record into what its BlueJet record should be."""

from __future__ import annotations

from collections.abc import Set

from clients.bluejet.evidences import Evidence
from mappings.drafts import Draft, MappingProblem
from mappings.engine import map_record
from mappings.roles import resolve
from sync.flow import Context, Outcome, Part, Result
from sync.issues import Issue
from sync.waiting import value_topic

DIRECTION = "to_bluejet"


def has_rows(ctx: Context, entity: str) -> bool:
    """Whether the shop translates this entity at all; a dialect may not know it."""
    return bool(ctx.snapshot.fields.get((entity, DIRECTION)))


def roles_of(evidence: Evidence) -> dict[str, str]:
    """Return this kind's column for each neutral target name."""
    return {
        "@external_id": evidence.external_id,
        "@natural": evidence.natural,
        "@code": evidence.code,
        "@total": evidence.total,
        "@state": evidence.state,
        "@origin": evidence.origin,
    }


def map_part(ctx: Context, part: Part, entity: str) -> Draft:
    """Map one part in place; what is missing becomes its outcome."""
    draft = map_record(ctx.snapshot, entity, part.record, refs=part.refs)
    roles = roles_of(ctx.bluejet.evidences[part.kind])
    part.fields = resolve(draft.fields, roles)
    untold = _untold(ctx, part, entity)
    part.create_only = frozenset(resolve(dict.fromkeys(draft.create_only | (untold & draft.fields.keys())), roles))
    part.always = frozenset(resolve(dict.fromkeys(draft.always - untold), roles))
    part.empty = frozenset(resolve(dict.fromkeys(draft.empty - untold), roles))
    part.looked_up = list(draft.looked_up)
    judge(part, draft)
    return draft


def _untold(ctx: Context, part: Part, entity: str) -> frozenset[str]:
    """Return the targets that rest on fields of which this reading says nothing: an update leaves them as they are."""
    return untold_targets(ctx, entity, {str(name).replace("[]", "") for name in part.record.get("leftOut") or ()})


def untold_targets(ctx: Context, entity: str, left_out: Set[str]) -> frozenset[str]:
    """Return the targets whose rows read one of these fields, given by their paths."""
    if not left_out:
        return frozenset()
    return frozenset(row.target for row in ctx.snapshot.fields.get((entity, DIRECTION), ()) if row.reads & left_out)


def judge(part: Part, draft: Draft) -> None:
    """Park the part if the mapping lacks something; several drafts of one part add up. What was left out is a warning."""
    part.item.issues += [Issue(one.code, "warning", one.field, one.params) for one in draft.left_out]
    if not draft.is_blocked:
        return
    issues = [_issue(problem) for problem in draft.problems]
    topics = tuple(value_topic(one.table, one.value) for one in draft.unmapped)
    before = part.outcome or Outcome(Result.PARKED)
    part.outcome = Outcome(Result.PARKED, [*before.issues, *issues], topics=before.topics + topics)
    part.unmapped += draft.unmapped


def _issue(problem: MappingProblem) -> Issue:
    return Issue(problem.code, field=problem.field, params=problem.params)
