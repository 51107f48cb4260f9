"""Transforms of names and lists written in one field: split, and pick a part."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mappings.transforms.arguments import some_text, whole_number
from mappings.transforms.base import Transform, as_list, as_text, filled
from shops.records import split_name


def first_name(value: Any) -> str:
    """Take the first names; titles belong to neither part."""
    return split_name(as_text(value))[0]


def last_name(value: Any) -> str:
    """Take the last name; a single word is one."""
    return split_name(as_text(value))[1]


def split(value: Any, separator: str) -> list[str]:
    """Cut a text into its parts, without blanks around them."""
    return [part.strip() for part in as_text(value).split(separator) if part.strip()]


def nth(value: Any, number: int) -> Any:
    """Take one part by its number, counted from 1; nothing where there are fewer."""
    parts = [part for part in as_list(value) if filled(part)]
    return parts[number - 1] if number <= len(parts) else None


NAMES = (
    Transform("first_name", first_name, _("the first name out of a full name, without titles")),
    Transform("last_name", last_name, _("the last name out of a full name, without titles")),
    Transform("split", split, _('cuts a text into parts, as in split:","'), some_text, ","),
    Transform("nth", nth, _("one part of several by its number, as in nth:2"), whole_number(1, 1000), needs_argument=True),
)
