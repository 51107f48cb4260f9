"""Transforms of lists and objects: join, pick, leave out what is empty, write as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mappings.transforms.arguments import text
from mappings.transforms.base import Transform, as_list, as_text, filled


def join(value: Any, separator: str) -> str:
    """Join the values that there are; empty ones leave no double separator."""
    parts = [as_text(part).strip() for part in as_list(value) if filled(part)]
    return separator.join(part for part in parts if part)


def first(value: Any) -> Any:
    """Take the first value that is not empty."""
    return next((part for part in as_list(value) if filled(part)), None)


def compact(value: Any) -> Any:
    """Leave out what is empty, in objects and in lists of objects."""
    if isinstance(value, Mapping):
        return {name: part for name, part in value.items() if filled(part)}
    if isinstance(value, list):
        return [part for part in map(compact, value) if filled(part)]
    return value


def parameters_text(value: Any, separator: str) -> str:
    """Write parameters or additional fields as lines: “Colour: red”."""
    return separator.join(line for line in map(_parameter, as_list(value)) if line)


def _parameter(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return as_text(entry).strip() if filled(entry) else ""
    name, content = (_either(entry, *keys) for keys in (("name", "label"), ("value", "text")))
    return f"{name}: {content}" if name and content else content


def _either(entry: Mapping[str, Any], *keys: str) -> str:
    return next((as_text(entry[key]).strip() for key in keys if filled(entry.get(key))), "")


LISTS = (
    Transform("join", join, _('joins several values, as in join:", "; a blank where nothing is said'), text, " "),
    Transform("first", first, _("the first value of a list that is not empty")),
    Transform("compact", compact, _("leaves out what is empty inside")),
    Transform("parameters_text", parameters_text, _("parameters or additional fields as text, a line each"), text, "\n"),
)
