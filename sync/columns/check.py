"""Hold the mappings against the columns: what does not exist, what cannot be written, what is of another type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clients.bluejet.evidences import Evidence, evidences_for
from mappings.models import Direction, FieldMapping
from mappings.roles import is_role
from shops.kind_names import KIND_NAMES
from shops.models import BlueJetAccount, Shop
from sync.columns.types import Type, fits, type_written
from sync.mapping import roles_of
from sync.models.column import BlueJetColumn
from sync.validation.schema import validator_for

# The kinds of BlueJet records that an entity's rows are written to.
KINDS: dict[str, tuple[str, ...]] = {
    "product": ("product",),
    "stock": ("stock_card",),
    "contact": ("contact",),
    "company": ("company",),
    "address": ("address",),
    "order": ("offer", "order"),
    "order_line": ("offer_line", "order_line"),
}
MISSING, READ_ONLY, WRONG_TYPE = "missing", "read_only", "wrong_type"

Columns = Mapping[str, Mapping[str, BlueJetColumn]]
"""The columns of each kind that was read, by name."""


@dataclass(frozen=True)
class ColumnProblem:
    """A mapping row that BlueJet will refuse or misunderstand; `code` is missing, read_only or wrong_type."""

    row: FieldMapping
    kind: str
    column: str
    code: str
    sentence: str


def column_problems(shop: Shop) -> list[ColumnProblem]:
    """Check every active row to BlueJet against the columns that were read; kinds that were not read are not judged."""
    columns = load_columns(shop.bluejet)
    evidences = _evidences(shop.bluejet)
    rows = FieldMapping.objects.filter(shop=shop, active=True, direction=Direction.TO_BLUEJET).order_by("entity", "position", "id")
    return [problem for row in rows for problem in _judged(row, columns, evidences)]


def marks_of_rows(account: BlueJetAccount, rows: Iterable[FieldMapping]) -> list[str]:
    """Return what BlueJet would have against each of these rows, saved or not; an empty text where nothing is known against it."""
    columns, evidences = load_columns(account), _evidences(account)
    found = (next(_judged(row, columns, evidences), None) if row.active else None for row in rows)
    return [problem.sentence if problem else "" for problem in found]


def load_columns(account: BlueJetAccount) -> dict[str, dict[str, BlueJetColumn]]:
    """Return the columns of each kind, by name."""
    found: dict[str, dict[str, BlueJetColumn]] = {}
    for column in BlueJetColumn.objects.filter(account=account):
        found.setdefault(column.kind, {})[column.name] = column
    return found


def _evidences(account: BlueJetAccount) -> Mapping[str, Evidence]:
    return evidences_for("rest" if account.dialect == BlueJetAccount.Dialect.REST else "data", account.evidences)


def _judged(row: FieldMapping, columns: Columns, evidences: Mapping[str, Evidence]) -> Iterator[ColumnProblem]:
    for kind in KINDS.get(row.entity, ()):
        name = roles_of(evidences[kind]).get(row.target, "") if is_role(row.target) and kind in evidences else row.target
        if kind in columns and name and not is_role(name):
            code = _code(row, columns[kind].get(name))
            if code and not (code == MISSING and _is_field_of_resource(evidences[kind], name)):
                yield ColumnProblem(row, kind, name, code, _sentence(code, kind, name, columns[kind].get(name)))


def _is_field_of_resource(evidence: Evidence, name: str) -> bool:
    """Whether the rest dialect is known to take the field: its objects show only what is filled in some record."""
    validator = validator_for("rest", evidence.kind) if not evidence.no else None
    return validator is not None and name in validator.schema["properties"]  # type: ignore[index]


def _code(row: FieldMapping, column: BlueJetColumn | None) -> str:
    if column is None:
        return MISSING
    if column.read_only and row.target != "@code":
        return READ_ONLY
    return "" if fits(type_written(row.transform), column.type) else WRONG_TYPE


def _sentence(code: str, kind: str, name: str, column: BlueJetColumn | None) -> str:
    words = {"name": name, "kind": KIND_NAMES.get(kind, kind), "type": Type(column.type).label if column else ""}
    if code == MISSING:
        return _("BlueJet shows no column “%(name)s” in %(kind)s.") % words
    if code == READ_ONLY:
        return _("BlueJet fills the column “%(name)s” in %(kind)s itself.") % words
    return _("The column “%(name)s” in %(kind)s holds: %(type)s. The row writes something else.") % words


def columns_for(shop_id: int, entity: str) -> dict[str, str] | None:
    """Return the columns that an entity's rows may write to, with their types; None where none of its kinds was read."""
    shop = Shop.objects.select_related("bluejet").get(pk=shop_id)
    columns = load_columns(shop.bluejet)
    read = [columns[kind] for kind in KINDS.get(entity, ()) if kind in columns]
    if not read:
        return None
    first, *others = read
    names = [name for name in first if all(name in other for other in others)]
    return {name: first[name].get_type_display() for name in names if not first[name].read_only}


def marks_for(shop_id: int) -> dict[int, str]:
    """Return what is wrong with a shop's rows, by the row's id."""
    marks: dict[int, str] = {}
    for problem in column_problems(Shop.objects.select_related("bluejet").get(pk=shop_id)):
        marks.setdefault(problem.row.pk, problem.sentence)
    return marks
