"""What a change of the mappings does to the records that passed lately."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Literal

from mappings.chains import BadChain, parse_chain
from mappings.contents import normal_content
from mappings.engine import TO_BLUEJET
from mappings.snapshot import row_of, snapshot_of
from mappings.versions import content_of
from shops.models import Shop
from sync.flow import Context, Part, Result
from sync.models import Kind, RecordLink, SampleRecord
from sync.push.hashing import hash_of, plain
from sync.samples import ENTITY_OF_KIND, load
from sync.workbench.stages import offline_context, sampled_as, translate
from sync.workbench.titles import title_of

Effect = Literal["changed", "newly_invalid", "no_longer_invalid"]
EXAMPLES = 10
AT_ONCE = 50
LONGEST_SECONDS = 10.0
# Shoptet's own statuses of an order that is done: "Vyřízena" and "Stornována".
DONE_STATUSES = frozenset({"-2", "-4"})
ENTITIES = tuple(dict.fromkeys(ENTITY_OF_KIND.values()))


@dataclass(frozen=True)
class Example:
    """One record that the change touches: what becomes of it, and in which field from what to what.

    An example that becomes or was invalid has the sentence of what is wrong in `after` or `before`.
    """

    entity: str
    key: str
    title: str
    sample: int
    effect: Effect
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class EntityImpact:
    """What the change does to one entity: of how many `sampled` records, the newest; `known` is how many are linked in all.

    `keys` are the samples that are affected, for `apply_to_affected`.

    A record is counted once: as changed where it can be sent before and after, but not alike.
    """

    entity: str
    sampled: int
    known: int
    changed: int = 0
    newly_invalid: int = 0
    no_longer_invalid: int = 0
    keys: list[str] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True)
class Impact:
    """What the change does, for each entity that it can touch; `open_orders` are the changed orders that are not done yet."""

    entities: list[EntityImpact]
    open_orders: int = 0

    @property
    def changes_anything(self) -> bool:
        """Whether any sampled record would come out otherwise."""
        return any(one.keys for one in self.entities)

    @property
    def keys(self) -> dict[str, list[str]]:
        """Return the keys of the affected samples by entity, as `apply_to_affected` takes them."""
        return {one.entity: one.keys for one in self.entities if one.keys}


@dataclass(frozen=True)
class _Pair:
    """One sample, translated by the mappings in force and by the new ones."""

    sample: SampleRecord
    before: Part
    after: Part

    @cached_property
    def effect(self) -> Effect | None:
        was_valid, is_valid = _is_valid(self.before), _is_valid(self.after)
        if was_valid != is_valid:
            return "no_longer_invalid" if is_valid else "newly_invalid"
        # What stays invalid is not sent, whatever it says.
        return "changed" if is_valid and hash_of(self.before) != hash_of(self.after) else None


def impact_of(shop: Shop, content: Mapping[str, Any]) -> Impact:
    """Translate the newest samples by the mappings in force and by this content, and compare. Raises BadContent."""
    old, new = normal_content(content_of(shop)), normal_content(content)
    contexts = [offline_context(shop, snapshot_of(known, shop, 0)) for known in (old, new)]
    end = time.monotonic() + LONGEST_SECONDS
    found = []
    open_orders = 0
    for entity in touched_entities(old, new):
        compared, pairs = _compare(contexts, load(shop, entity), end)
        found.append(_summed_up(shop, entity, compared, pairs))
        if entity == "order":
            open_orders = sum(_is_open(contexts, pair.sample) for pair in pairs)
    return Impact(found, open_orders)


def touched_entities(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the entities whose rows differ, or that look values up in a table that differs."""
    changed = {table for table in {**old["tables"], **new["tables"]} if old["tables"].get(table) != new["tables"].get(table)}
    touched = {sampled_as(entity) for entity in _entities(old) | _entities(new) if _rows(old, entity) != _rows(new, entity)}
    for row in new["fields"]:
        if changed & set(_tables_of(row["transform"])):
            touched.add(sampled_as(row["entity"]))
    if "status" in changed:  # decides on the document, whatever the rows do with it
        touched.add("order")
    return [entity for entity in ENTITIES if entity in touched]


def _entities(content: Mapping[str, Any]) -> set[str]:
    return {row["entity"] for row in content["fields"]}


def _rows(content: Mapping[str, Any], entity: str) -> list[Any]:
    """Return the rows in force, in the order in which they apply; that order changes nothing where the rows are the same."""
    rows = (row_of(row) for row in content["fields"] if row["entity"] == entity and row["active"] and row["direction"] == TO_BLUEJET)
    return sorted((row.target, row.source, row.transform, row.default, row.required, row.when) for row in rows)


def _tables_of(transform: str) -> list[str]:
    try:
        return [step.name for step, _argument in parse_chain(transform)]
    except BadChain:
        return []


def _compare(contexts: Sequence[Context], samples: Sequence[SampleRecord], end: float) -> tuple[int, list[_Pair]]:
    """Compare the newest first, for as long as a person would wait; return how many there was time for, and those that differ."""
    compared, found = 0, []
    while compared < len(samples) and (compared == 0 or time.monotonic() < end):
        some = samples[compared : compared + AT_ONCE]
        before, after = (translate(ctx, some) for ctx in contexts)
        pairs = [_Pair(*one) for one in zip(some, before, after, strict=True)]
        found += [pair for pair in pairs if pair.effect]
        compared += len(some)
    return compared, found


def _is_valid(part: Part) -> bool:
    return part.outcome is None or part.outcome.result is Result.SKIPPED


def _is_open(contexts: Sequence[Context], sample: SampleRecord) -> bool:
    status = str(sample.record.get("status") or "")
    target = contexts[0].snapshot.tables["status"].get(status)
    return status not in DONE_STATUSES and not (target and target.extra.get("cancels"))


def _summed_up(shop: Shop, entity: str, sampled: int, pairs: Sequence[_Pair]) -> EntityImpact:
    kinds = [kind for kind in Kind if ENTITY_OF_KIND[kind] == entity]
    links = RecordLink.objects.filter(shop=shop, kind__in=kinds, archived=False).exclude(bluejet_id="")
    effects = [pair.effect for pair in pairs]
    # First those that a person has to look at.
    shown = sorted(pairs, key=lambda pair: pair.effect != "newly_invalid")
    return EntityImpact(
        entity=entity,
        sampled=sampled,
        known=links.values("key").distinct().count(),
        changed=effects.count("changed"),
        newly_invalid=effects.count("newly_invalid"),
        no_longer_invalid=effects.count("no_longer_invalid"),
        keys=[pair.sample.key for pair in pairs],
        examples=[_example(pair) for pair in shown[:EXAMPLES]],
    )


def _example(pair: _Pair) -> Example:
    effect = pair.effect or "changed"
    place, before, after = "", _trouble(pair.before), _trouble(pair.after)
    if effect == "changed":
        place, before, after = next(islice(_differences(pair), 1), ("", pair.before.kind, pair.after.kind))
    return Example(pair.sample.entity, pair.sample.key, title_of(pair.sample), pair.sample.pk, effect, place, before, after)


def _trouble(part: Part) -> str:
    issues = part.outcome.issues if part.outcome else []
    return " ".join(issue.sentence() for issue in issues[:3])


def _differences(pair: _Pair) -> Iterator[tuple[str, Any, Any]]:
    """Yield each field that comes out otherwise, of the header and then of the lines."""
    yield from _differing(pair.before.fields, pair.after.fields)
    lines = {line.key: line for line in pair.before.lines}
    for line in pair.after.lines:
        yield from _differing(lines[line.key].fields if line.key in lines else {}, line.fields)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in {**after, **before}:
        if plain(before.get(name)) != plain(after.get(name)):
            yield name, before.get(name), after.get(name)
