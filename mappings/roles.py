"""Targets that go by another column in an offer than in an order: rows name the role, the caller's evidence names the column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLES: dict[str, Promise] = {
    "@external_id": _("the column with the external id"),
    "@natural": _("the column by which people know the record"),
    "@code": _("the document's number"),
    "@total": _("the total including VAT"),
    "@state": _("the document's state"),
    "@origin": _("the document that this one was made from"),
}


def is_role(target: str) -> bool:
    """Tell whether a target is one of the neutral names, or pretends to be."""
    return target.startswith("@")


def resolve(fields: Mapping[str, Any], roles: Mapping[str, str]) -> dict[str, Any]:
    """Put the columns in place of the roles, as in {"@total": 10} with {"@total": "cenadphprodej"}.

    A role that the evidence has no column for is left out; a role goes before a row that names the same column.
    """
    resolved = {target: value for target, value in fields.items() if not is_role(target)}
    for target, value in fields.items():
        column = roles.get(target, "") if is_role(target) else ""
        if column:
            resolved[column] = value
    return resolved
