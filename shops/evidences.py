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
    if UNSTORABLE.search(json.dumps(evidences, ensure_ascii=False)):
        return _("BlueJet evidences: a character in it cannot be stored.")
    try:
        evidences_for("rest" if dialect == BlueJetAccount.Dialect.REST else "data", evidences)
        options_for(evidences)
    except ValueError as error:
        return str(error)
    return ""
