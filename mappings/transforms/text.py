"""Transforms of plain text: blanks, case, HTML, length, and short fixed translations."""

from __future__ import annotations

import html
import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from mappings.transforms.arguments import pairs, text, whole_number
from mappings.transforms.base import Transform, as_text

# What a browser starts a new line for, and what it shows beside its neighbour; all other tags part nothing: <b>a</b>b is "ab".
_LINES = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]"
    "|head|header|hgroup|hr|html|legend|li|listing|main|menu|nav|noframes|ol|optgroup|option|p|plaintext|pre|search|section|summary|table"
    "|tbody|tfoot|thead|tr|ul|xmp"
)
_CELLS = "audio|button|canvas|embed|iframe|img|input|meter|object|progress|select|svg|td|textarea|th|video"
_REST = r"""\b (?: (?> [^<>"']++ | "[^"]*+" | '[^']*+' )*+ > | [^<>]*+ >? )"""
_HTML = re.compile(
    rf"""
    (?P<hidden> <!-- (?: (?!-->) . )* (?:-->|\Z)
              | <(?P<name>script|style|template|title)\b (?: (?!</(?P=name)) . )* (?: </(?P=name)[^>]*>? | \Z )
              | <[!?][a-z\[] [^<>]* >? )
    | (?P<line> </?(?:{_LINES}) {_REST} )
    | (?P<cell> </?(?:{_CELLS}) {_REST} )
    | (?P<tag> </?[a-z][a-z0-9:-]* {_REST} )
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_MARKS_LINES = re.compile(rf"</?(?:{_LINES}|td|th)\b", re.IGNORECASE)
# A line end of the source, and the text whose line ends a browser shows.
_LINE_ENDS = re.compile(r"[\r\n]+|<(?P<lined>pre|listing|xmp|textarea)\b(?:(?!</(?P=lined)).)*", re.IGNORECASE | re.DOTALL)
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r" *\n[ \n]*")


def strip(value: Any) -> str:
    """Remove blanks at both ends."""
    return as_text(value).strip()


def upper(value: Any) -> str:
    """Write in capital letters."""
    return as_text(value).upper()


def lower(value: Any) -> str:
    """Write in small letters."""
    return as_text(value).lower()


def capitalize(value: Any) -> str:
    """Make the first letter a capital and leave the others."""
    source = as_text(value)
    return source[:1].upper() + source[1:]


def strip_html(value: Any) -> str:
    """Keep the text, and apart what stood apart: lines on lines, cells beside one another; what a browser does not show goes too.

    Where the markup makes the lines, line ends of its source are blanks, but for preformatted text.
    """
    source = as_text(value)
    if "<" not in source and "&" not in source:
        return source.strip()
    if _MARKS_LINES.search(source):
        source = _LINE_ENDS.sub(lambda match: match[0] if match["lined"] else " ", source)
    bare = html.unescape(_HTML.sub(_replacement, source))
    return _EMPTY_LINES.sub("\n", _BLANKS.sub(" ", bare)).strip()


def _replacement(match: re.Match[str]) -> str:
    if match["line"]:
        return "\n"
    return " " if match["cell"] else ""


def truncate(value: Any, length: int) -> str:
    """Cut at a number of characters, with an ellipsis as the last of them."""
    source = as_text(value)
    return source if len(source) <= length else source[: length - 1].rstrip() + "…"


def prefix(value: Any, words: str) -> str:
    """Put words before the text."""
    return words + as_text(value)


def suffix(value: Any, words: str) -> str:
    """Put words behind the text."""
    return as_text(value) + words


def digits_only(value: Any) -> str:
    """Keep the digits."""
    return "".join(character for character in as_text(value) if character in "0123456789")


def squeeze(value: Any) -> str:
    """Remove every blank."""
    return "".join(as_text(value).split())


def choose(value: Any, table: dict[str, str]) -> str:
    """Exchange a value for another; one that is not in the list stays."""
    source = as_text(value)
    return table.get(source, source)


TEXT = (
    Transform("strip", strip, _("removes blanks at both ends")),
    Transform("trim", strip, _("the same as strip")),
    Transform("upper", upper, _("capital letters")),
    Transform("lower", lower, _("small letters")),
    Transform("capitalize", capitalize, _("a capital letter at the beginning")),
    Transform("strip_html", strip_html, _("removes HTML, keeps the lines of the text")),
    Transform("truncate", truncate, _("cuts at a number of characters, as in truncate:100"), whole_number(1, 100_000), needs_argument=True),
    Transform("prefix", prefix, _('puts words before it, as in prefix:"Order "'), text, needs_argument=True),
    Transform("suffix", suffix, _('puts words behind it, as in suffix:" pcs"'), text, needs_argument=True),
    Transform("digits", digits_only, _("keeps the digits only")),
    Transform("squeeze", squeeze, _("removes every blank, as in 123 45 678")),
    Transform("choose", choose, _("exchanges some values, as in choose:product=Goods;shipping=Shipping"), pairs, needs_argument=True),
)
