"""What a mapping row must satisfy before it is saved; each check returns a sentence, or nothing."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from mappings.chains import BadChain, begins, convert_default, parse_chain
from mappings.compiled import Row
from mappings.expressions import BadSource, compile_source
from mappings.roles import ROLES, is_role
from mappings.source_fields import check_fields
from mappings.transforms.base import Unusable

_TARGET = re.compile(r"@?[A-Za-z_][A-Za-z0-9_.]*", re.ASCII)


def check_row(row: Row) -> dict[str, str]:
    """Return what is wrong, by the name of the field it is wrong in."""
    found = {
        "target": check_target(row.target),
        "transform": check_transform(row.transform),
    }
    makes_its_own = not found["transform"] and begins(row.transform)
    found["source"] = check_source(row.source, "-" if makes_its_own else row.default)
    if not found["source"] and row.direction == "to_bluejet":
        found["source"] = check_fields(row.entity, row.source)
    found["default"] = "" if found["transform"] else check_default(row.transform, row.default)
    return {name: sentence for name, sentence in found.items() if sentence}


def check_direction(row: Row) -> str:
    """Refuse a row in force that nothing would carry out: the way back to Shoptet is not there yet, such a row may only wait."""
    if row.active and row.direction == "to_shoptet":
        return _("Nothing is brought from BlueJet to Shoptet yet; switch this row off, and it waits until that is there.")
    return ""


def check_source(source: str, default: str) -> str:
    """Refuse an expression that does not parse, and a row that can never give a value."""
    if not source.strip():
        return "" if default else _("Give a source expression, or a default that is always written.")
    try:
        compile_source(source)
    except BadSource as error:
        return str(error)
    return ""


def check_target(target: str) -> str:
    """Refuse an unknown role and a name that no column can have."""
    if is_role(target) and target not in ROLES:
        return _("“%(name)s” is not known. Known are: %(known)s.") % {"name": target, "known": ", ".join(ROLES)}
    if not _TARGET.fullmatch(target):
        return _("“%(name)s” cannot be a field's name: only letters, digits and underscores.") % {"name": target}
    return ""


def check_transform(transform: str) -> str:
    """Refuse an unknown transform and a wrong argument."""
    try:
        parse_chain(transform)
    except BadChain as error:
        return str(error)
    return ""


def check_default(transform: str, default: str) -> str:
    """Refuse a default that the row's own transforms could not read."""
    if not default:
        return ""
    try:
        convert_default(transform, default)
    except Unusable as error:
        return str(error)
    return ""
