"""Transforms that write: a text with several fields of the record in it, or always the same text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mappings.transforms.arguments import text
from mappings.transforms.base import BEGINNING, BadArgument, Context, Transform, as_text, filled

Part = str | tuple[str, ...]
"""A piece of text, or the path of a field; the empty path is the row's own value."""

MOST_FIELDS = 20

_PLACE = re.compile(r"\{([^{}]*)\}")
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)
_BLANKS = re.compile(r"  +")


def template_parts(value: str) -> tuple[Part, ...]:
    """Read a template such as "{code} – {billingAddress.city}"; {} is the row's own value."""
    pieces = _PLACE.split(value)
    for piece in pieces[::2]:
        if "{" in piece or "}" in piece:
            raise BadArgument(gettext("has a brace without its other half near “%(text)s”") % {"text": piece.strip()[:30]})
    names = [name.strip() for name in pieces[1::2]]
    if not 1 <= len(names) <= MOST_FIELDS:
        raise BadArgument(gettext("expects from 1 to %(limit)d fields in braces, such as {code} {name}") % {"limit": MOST_FIELDS})
    wrong = next((name for name in names if name and not _PATH.fullmatch(name)), None)
    if wrong is not None:
        raise BadArgument(
            gettext("does not understand {%(name)s}: a field's name stands in the braces, such as {customer.email}") % {"name": wrong}
        )
    parts: list[Part] = []
    for words, name in zip(pieces[::2], [*names, None], strict=True):
        parts += [words] if words else []
        parts += [] if name is None else [tuple(name.split(".")) if name else ()]
    return tuple(parts)


def template(value: Any, parts: tuple[Part, ...], context: Context) -> str | None:
    """Fill the fields in; one without a value leaves no double blank, and without any value there is no text at all."""
    written = [part if isinstance(part, str) else _field(part, value, context) for part in parts]
    if not any(text for text, part in zip(written, parts, strict=True) if not isinstance(part, str)):
        return None
    return _BLANKS.sub(" ", "".join(written)).strip()


def _field(path: tuple[str, ...], own: Any, context: Context) -> str:
    value = (None if own is BEGINNING else own) if not path else context.data
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return as_text(value).strip() if filled(value) else ""


def constant(value: Any, words: str) -> str:
    """Write the same text whatever the value is."""
    return words


TEMPLATES = (
    Transform(
        "template",
        template,
        _('a text with several fields of the record, as in template:"{code} – {name}"; needs no source'),
        template_parts,
        needs_argument=True,
        sees_context=True,
        begins=True,
    ),
    Transform(
        "constant",
        constant,
        _('always the same text, as in constant:"e-shop"; with a source only where it has a value'),
        text,
        needs_argument=True,
        begins=True,
    ),
)
