"""Packs in and out of a shop: export, preview of what an import changes and of what is not there, and the import itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from mappings.changes import EVERY_VALUE, announce
from mappings.choices import MODEL_OF_TABLE
from mappings.differences import Difference, compare_rows
from mappings.known_values import BLUEJET, SHOPTET, known_columns, known_values
from mappings.models import FieldMapping, MappingVersion, TablePolicy
from mappings.pack_format import POLICY_DEFAULTS, Pack, Value, columns_of, pack_text
from mappings.pack_reading import PackRefused, read_pack
from mappings.partner_lists import unseen
from mappings.roles import is_role
from mappings.versions import record_version
from shops.models import Shop

__all__ = [
    "ImportPreview",
    "MissingValue",
    "MovedMeanwhile",
    "Pack",
    "PackRefused",
    "export_pack",
    "import_pack",
    "pack_of",
    "preview_import",
    "read_pack",
]


class MovedMeanwhile(Exception):
    """The mappings are not those any more that the preview compared with; `version` is the number that they have now."""

    def __init__(self, version: int) -> None:
        super().__init__(f"The mappings have the version {version} now.")
        self.version = version


@dataclass(frozen=True)
class MissingValue:
    """A value of a pack that the partner on that side does not hold; `table` is "field" for a column of BlueJet.

    It is not certain where the partner shows no whole list, and the value was only not seen there.
    """

    table: str
    side: str
    value: str
    name: str
    is_certain: bool = True


@dataclass(frozen=True)
class ImportPreview:
    """What an import would change, what the other side does not know, and the version that was compared with.

    `is_blind` says that a list of the shop's Shoptet which the pack needs was never read, so that nobody knows what is missing.
    """

    version: int
    differences: list[Difference]
    missing: list[MissingValue]
    is_blind: bool = False

    @property
    def missing_in_shop(self) -> int:
        """Count the values that could be left out, because the shop does not have them."""
        return sum(one.side == SHOPTET for one in self.missing)


def pack_of(shop: Shop) -> Pack:
    """Return a shop's rows and tables as they are now."""
    rows = FieldMapping.objects.filter(shop=shop).order_by("entity", "direction", "position", "target", "id")
    order = list(dict.fromkeys(row.entity for row in rows))
    sorted_rows = sorted((row.as_row() for row in rows), key=lambda row: order.index(row.entity))
    tables = {table: tuple(_values(model, shop)) for table, model in MODEL_OF_TABLE.items()}
    filled = {table: values for table, values in tables.items() if values}
    return Pack(shop.bluejet.dialect, tuple(sorted_rows), filled, _policies(shop))


def _policies(shop: Shop) -> dict[str, Mapping[str, str]]:
    rows = TablePolicy.objects.filter(shop=shop).values("table", *POLICY_DEFAULTS)
    held = {row.pop("table"): row for row in rows}
    return {table: held[table] for table in MODEL_OF_TABLE if table in held}


def _values(model: type[Model], shop: Shop) -> Iterator[Value]:
    yield from model._default_manager.filter(shop=shop).order_by("shoptet_id").values(*columns_of(model))


def export_pack(shop: Shop) -> str:
    """Write a shop's mappings as a pack; a shop's secrets are no part of them."""
    return write_pack(pack_of(shop))


def write_pack(pack: Pack) -> str:
    """Write a pack as text."""
    defaults = {table: {name: column.get_default() for name, column in columns_of(MODEL_OF_TABLE[table]).items()} for table in pack.tables}
    return pack_text(pack, defaults)


def preview_import(shop: Shop, pack: Pack) -> ImportPreview:
    """Say what an import would change; raise PackRefused for a pack of another dialect."""
    _check_dialect(shop, pack)
    version = record_version(shop)
    is_blind = any(values and known_values(shop.pk, SHOPTET, table) is None for table, values in pack.tables.items())
    return ImportPreview(version.number, list(_differences(pack_of(shop), pack)), list(_missing(shop, pack)), is_blind)


def _check_dialect(shop: Shop, pack: Pack) -> None:
    if pack.rows and pack.dialect != shop.bluejet.dialect:
        words = {"pack": pack.dialect, "shop": shop.bluejet.dialect}
        raise PackRefused([_("The pack is for the dialect “%(pack)s”, and this shop's BlueJet speaks “%(shop)s”.") % words])


def _differences(old: Pack, new: Pack) -> Iterator[Difference]:
    before = [_comparable(asdict(row)) for row in old.rows if (row.entity, row.direction) in new.entities]
    after = [_comparable(asdict(row)) for row in new.rows]
    yield from compare_rows("field", ("entity", "direction", "target", "active"), before, after)
    for table, values in new.tables.items():
        yield from compare_rows(table, ("shoptet_id",), old.tables.get(table, ()), values)
    before, after = ([{"table": table, **pack.policies[table]} for table in new.policies if table in pack.policies] for pack in (old, new))
    yield from compare_rows("policy", ("table",), before, after)


def _comparable(row: dict[str, Any]) -> dict[str, Any]:
    """Leave the position out: a row that only stands elsewhere does the same."""
    return {name: value for name, value in row.items() if name != "position"}


def _missing(shop: Shop, pack: Pack) -> Iterator[MissingValue]:
    for table, values in pack.tables.items():
        for side, column, label in ((SHOPTET, "shoptet_id", "shoptet_name"), (BLUEJET, "bluejet_value", "bluejet_name")):
            names, known = {value[column]: value[label] for value in values}, known_values(shop.pk, side, table)
            gone = unseen(shop.pk, side, table, names) if known is None else names.keys() - known.keys()
            yield from (MissingValue(table, side, value, names[value], known is not None) for value in names if value in gone)
    for entity in dict.fromkeys(row.entity for row in pack.rows):
        columns = known_columns(shop.pk, entity)
        if columns is not None:
            targets = [row.target for row in pack.rows if row.entity == entity and row.active and not is_role(row.target)]
            yield from (MissingValue("field", BLUEJET, target, entity) for target in targets if target not in columns)


def import_pack(
    shop: Shop, pack: Pack, user: User | None, comment: str = "", *, base: int | None = None, leave_out_missing: bool = False
) -> MappingVersion:
    """Put a pack into a shop in one step: what it names is replaced, everything else stays.

    `base` is the version that the person was shown; raises MovedMeanwhile where somebody has changed the mappings since, and then
    nothing is written. `leave_out_missing` leaves out the values that this shop's Shoptet does not have.
    """
    _check_dialect(shop, pack)
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
        current = record_version(shop).number
        if base is not None and base != current:
            raise MovedMeanwhile(current)
        _replace_rows(shop, pack)
        for table, values in (_only_known(shop, pack) if leave_out_missing else pack).tables.items():
            _replace_values(shop, table, values)
        for table, policy in pack.policies.items():
            _replace_policy(shop, table, policy)
        return record_version(shop, user, comment[:255] or _("Imported from a pack"))


def _only_known(shop: Shop, pack: Pack) -> Pack:
    known = {table: known_values(shop.pk, SHOPTET, table) for table in pack.tables}
    kept = {
        table: tuple(value for value in values if (there := known[table]) is None or value["shoptet_id"] in there)
        for table, values in pack.tables.items()
    }
    return replace(pack, tables=kept)


def _replace_rows(shop: Shop, pack: Pack) -> None:
    for entity, direction in pack.entities:
        FieldMapping.objects.filter(shop=shop, entity=entity, direction=direction).delete()
    FieldMapping.objects.bulk_create(FieldMapping(shop=shop, **vars(row)) for row in pack.rows)


def _replace_values(shop: Shop, table: str, values: tuple[Value, ...]) -> None:
    """Make the table what the pack says; once that is there for all to see, tell those who wait for what is new in it or different."""
    model: Any = MODEL_OF_TABLE[table]
    present: Mapping[str, Any] = {row.shoptet_id: row for row in model.objects.filter(shop=shop)}
    wanted = {value["shoptet_id"]: value for value in values}
    model.objects.filter(pk__in=[row.pk for key, row in present.items() if key not in wanted]).delete()
    model.objects.bulk_create([model(shop=shop, **value) for key, value in wanted.items() if key not in present])
    changed = [model(pk=present[key].pk, shop=shop, **value) for key, value in wanted.items() if key in present]
    model.objects.bulk_update(changed, list(columns_of(model)), batch_size=100)
    for key, value in wanted.items():
        if key not in present or any(getattr(present[key], name) != said for name, said in value.items()):
            transaction.on_commit(partial(announce, shop.pk, table, key))


def _replace_policy(shop: Shop, table: str, policy: Mapping[str, str]) -> None:
    """Set what a table does without a row; whoever waits for one of its values need not wait where there is a default now."""
    before = TablePolicy.objects.filter(shop=shop, table=table).values(*POLICY_DEFAULTS).first()
    if before == policy:
        return
    TablePolicy.objects.update_or_create(shop=shop, table=table, defaults=policy)
    if policy["missing"] == TablePolicy.Missing.DEFAULT:
        transaction.on_commit(partial(announce, shop.pk, table, EVERY_VALUE))
