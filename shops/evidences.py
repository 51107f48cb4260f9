"""Checks an account's evidences before they are saved: a wrong one would stop every flow."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from clients.bluejet.config import options_for
from clients.bluejet.evidences import evidences_for
from shops.models import BlueJetAccount

# The zero character as JSON spells it, and halves of a character: PostgreSQL takes neither.
UNSTORABLE = re.compile("\\\\u0000|[\ud800-\udfff]")


def explain_evidences(dialect: str, evidences: Any) -> str:
    """Return a sentence about what is wrong, or nothing."""
    if not isinstance(evidences, Mapping):
        return 'BlueJet evidences: write an object, for example {"product": {"no": 217}}.'
    if not is_storable(evidences):
        return _("BlueJet evidences: a character in it cannot be stored.")
    try:
        evidences_for("rest" if dialect == BlueJetAccount.Dialect.REST else "data", evidences)
        options_for(evidences)
    except ValueError as error:
        return str(error)
    return ""


def is_storable(value: Any) -> bool:
    """Whether the database could hold this JSON."""
    return not UNSTORABLE.search(json.dumps(value, ensure_ascii=False))
