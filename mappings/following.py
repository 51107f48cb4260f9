"""Bring a shop's rows up to date where the default pack has changed: rows that nobody edited follow, edited ones are offered the change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mappings.compiled import Row
from mappings.known_values import known_columns
from mappings.models import FieldMapping, FollowedPack, MappingVersion
from mappings.packs import former_rows, pack_rows, read_stored, stored
from mappings.roles import is_role
from mappings.versions import record_version
from shops.models import Shop

Key = tuple[str, str, str]
Said = Mapping[str, Any]
"""A row's columns without its position, which says nothing of what it does."""


@dataclass
class Plan:
    """What following does to a shop's rows; `offered` maps a row to the default that it could take over, None where that is gone."""

    changed: dict[int, Row] = field(default_factory=dict)
    added: list[Row] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    offered: dict[Key, Row | None] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether no row changes by itself."""
        return not (self.changed or self.added or self.removed)


def follow_packs() -> list[MappingVersion]:
    """Let every shop follow; return the versions that came of it."""
    followed = (follow_pack(shop) for shop in Shop.objects.select_related("bluejet").order_by("pk"))
    return [version for version in followed if version is not None]


def follow_pack(shop: Shop) -> MappingVersion | None:
    """Let one shop follow its dialect's pack; return the new version, None where no row changed."""
    dialect = shop.bluejet.dialect
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
        state = _state_of(shop)
        new = pack_rows(dialect)
        if state is None or (state.dialect == dialect and state.rows == stored(new)):
            return None
        old = read_stored(state.rows) if state.dialect == dialect else new
        plan = plan_following(old, new, FieldMapping.objects.filter(shop=shop), lambda row: _is_known_column(shop, row))
        version = _carry_out(shop, plan)
        state.dialect, state.rows, state.offers = dialect, stored(new), _offers(state.offers, plan)
        state.save()
    return version


def plan_following(old: Iterable[Row], new: Iterable[Row], rows: Iterable[FieldMapping], is_known: Callable[[Row], bool]) -> Plan:
    """Say what becomes of each row that the pack changed, added or dropped; `is_known` tells whether BlueJet has a new row's column."""
    before, after = ({key_of(row): row for row in some} for some in (old, new))
    present = _in_force_first(rows)
    entities = {key[:2] for key in present}
    plan = Plan()
    for key in dict.fromkeys([*after, *before]):
        was, now, mine = before.get(key), after.get(key), present.get(key)
        if key[:2] not in entities or _same(was, now) or (mine is not None and _same(mine.as_row(), now)):
            continue
        if mine is not None and _same(mine.as_row(), was):
            _follow(plan, mine, now)
        elif mine is None and was is None and now is not None and is_known(now):
            plan.added.append(now)
        elif now is not None or (mine is not None and mine.active):
            plan.offered[key] = now
    return plan


def _follow(plan: Plan, mine: FieldMapping, now: Row | None) -> None:
    if now is None:
        plan.removed.append(mine.pk)
    else:
        plan.changed[mine.pk] = now


def _carry_out(shop: Shop, plan: Plan) -> MappingVersion | None:
    if plan.is_empty:
        return None
    record_version(shop)  # what was changed without a version is kept under one of its own
    FieldMapping.objects.filter(pk__in=plan.removed).delete()
    for pk, row in plan.changed.items():
        FieldMapping.objects.filter(pk=pk).update(**said(row))
    FieldMapping.objects.bulk_create(FieldMapping(shop=shop, **vars(row)) for row in plan.added)
    return record_version(shop, comment=_("The default rows have changed with the portal"))


def _offers(earlier: list[dict[str, Any]], plan: Plan) -> list[dict[str, Any]]:
    """Keep what nobody decided on yet, unless the pack says something newer of the same row."""
    offered = {key: {"key": list(key), "row": None if row is None else said(row)} for key, row in plan.offered.items()}
    followed = {key_of(row) for row in (*plan.changed.values(), *plan.added)}
    kept = [one for one in earlier if tuple(one["key"]) not in offered and tuple(one["key"]) not in followed]
    return [*kept, *offered.values()]


def _state_of(shop: Shop) -> FollowedPack | None:
    """Return what the shop followed last; one from before this was noted has the rows of the first pack, one without rows follows none."""
    state = FollowedPack.objects.filter(shop=shop).first()
    if state is None and FieldMapping.objects.filter(shop=shop).exists():
        dialect = shop.bluejet.dialect
        state = FollowedPack(shop=shop, dialect=dialect, rows=stored(former_rows(dialect)))
    return state


def _is_known_column(shop: Shop, row: Row) -> bool:
    """A column that BlueJet may not have would let it refuse every record of the kind: such a row is offered, not added."""
    return is_role(row.target) or row.target in (known_columns(shop.pk, row.entity) or {})


def _in_force_first(rows: Iterable[FieldMapping]) -> dict[Key, FieldMapping]:
    found: dict[Key, FieldMapping] = {}
    for row in sorted(rows, key=lambda row: row.active):
        found[key_of(row)] = row
    return found


def _same(one: Row | None, other: Row | None) -> bool:
    return (one and said(one)) == (other and said(other))


def key_of(row: Row | FieldMapping) -> Key:
    """Return what makes a row the same row in a shop and in a pack."""
    return row.entity, row.direction, row.target


def said(row: Row) -> dict[str, Any]:
    """Return a row's columns without its position."""
    return {name: value for name, value in asdict(row).items() if name != "position"}
