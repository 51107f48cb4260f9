"""Transforms for addresses and telephones."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from mappings.transforms.arguments import digits, one_of
from mappings.transforms.base import Transform, as_text
from mappings.transforms.countries import CZECH, ENGLISH

_NOT_DIALLED = re.compile(r"[\s().\-/]+")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_ALSO = {"Česko": "CZ", "ČR": "CZ", "Czechia": "CZ", "Slovenská republika": "SK", "SR": "SK"}
_CODES = {name.casefold(): code for names in (ENGLISH, CZECH) for code, name in names.items()}
_CODES |= {name.casefold(): code for name, code in _ALSO.items()}
_NATIONAL = re.compile(r"\d{9}", re.ASCII)


def phone_e164(value: Any, calling_code: str) -> str:
    """Write a number as +420123456789; what does not look like one stays as it is."""
    written = as_text(value).strip()
    dialled = _NOT_DIALLED.sub("", written)
    if dialled.startswith("00"):
        dialled = f"+{dialled[2:]}"
    elif _NATIONAL.fullmatch(dialled):
        dialled = f"+{calling_code}{dialled}"
    return dialled if _INTERNATIONAL.fullmatch(dialled) else written


def country_name(value: Any, language: str) -> str:
    """Name a country by its two-letter code; an unknown code stays as it is."""
    written = as_text(value).strip()
    names = ENGLISH if language == "en" else CZECH
    return names.get(written.upper(), written)


def country_code(value: Any) -> str:
    """Give a country's two-letter code by its Czech or English name; what is not known stays as it is."""
    written = as_text(value).strip()
    return _CODES.get(written.casefold(), written)


PEOPLE = (
    Transform("phone_e164", phone_e164, _("the telephone as +420123456789; phone_e164:421 for another country"), digits, "420"),
    Transform("country_name", country_name, _("the country's name by its code; country_name:en in English"), one_of("cs", "en"), "cs"),
    Transform("country_code", country_code, _("the country's two-letter code by its name")),
)
