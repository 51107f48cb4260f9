"""A row's transforms: `strip|truncate:100` becomes a tuple of steps to run one after the other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from mappings.transforms import TRANSFORMS, Transform
from mappings.transforms.base import BadArgument, Context

MAX_STEPS = 10

Step = Callable[[Any, Context], Any]

_PART = re.compile(
    r"""
    \s* (?P<name> [A-Za-z0-9_]+ ) \s*
    (?: (?P<colon> : ) \s* (?: (?P<quoted> "(?:[^"\\]|\\.)*" ) | (?P<bare> [^|"]* ) ) )?
    \s* (?P<end> \| | \Z )
    """,
    re.VERBOSE,
)


class BadChain(ValueError):
    """The text names no transform, or gives one a wrong argument; the text says which, for people.

    `position` is the character where it goes wrong, counted from 1.
    """

    def __init__(self, message: str, position: int = 1) -> None:
        super().__init__(message)
        self.position = position


@lru_cache(maxsize=2000)
def parse_chain(text: str) -> tuple[tuple[Transform, Any], ...]:
    """Read a chain of transforms with their arguments; raise BadChain with a sentence."""
    if not text.strip():
        return ()
    parsed, position, more = [], 0, True
    while more:
        part = _PART.match(text, position)
        if part is None:
            raise BadChain(_("The transform is not readable from character %(position)d on.") % {"position": position + 1}, position + 1)
        parsed.append(_read_at(part))
        position, more = part.end(), part["end"] == "|"
    if len(parsed) > MAX_STEPS:
        raise BadChain(_("At most %(limit)d transforms may follow one another.") % {"limit": MAX_STEPS})
    return tuple(parsed)


def begins(text: str) -> bool:
    """Tell whether the chain makes a value of its own, so that its row needs no source."""
    parsed = parse_chain(text)
    return bool(parsed) and parsed[0][0].begins


@lru_cache(maxsize=2000)
def compile_chain(text: str) -> tuple[Step, ...]:
    """Make the steps that a row runs."""
    return tuple(_step(transform, argument) for transform, argument in parse_chain(text))


def convert_default(text: str, default: str) -> Any:
    """Give the default the type that the chain gives its values: "21" becomes a number after `number`.

    Raises Unusable where it does not suit.
    """
    value: Any = default
    for transform, argument in parse_chain(text):
        if transform.converts:
            value = transform.function(value, argument) if transform.argument else transform.function(value)
    return value


def _read_at(part: re.Match[str]) -> tuple[Transform, Any]:
    position = part.start("name") + 1
    try:
        return _read(part)
    except BadChain as error:
        raise BadChain(_("%(reason)s (character %(position)d)") % {"reason": error, "position": position}, position) from error


def _read(part: re.Match[str]) -> tuple[Transform, Any]:
    transform = TRANSFORMS.get(part["name"])
    if transform is None:
        near = get_close_matches(part["name"], TRANSFORMS, n=1, cutoff=0.75)
        if near:
            raise BadChain(_("There is no transform “%(name)s”. Did you mean “%(near)s”?") % {"name": part["name"], "near": near[0]})
        known = ", ".join(sorted(TRANSFORMS))
        raise BadChain(_("There is no transform “%(name)s”. Known are: %(known)s.") % {"name": part["name"], "known": known})
    return transform, _argument(transform, part)


def _argument(transform: Transform, part: re.Match[str]) -> Any:
    if part["colon"] is None:
        if transform.needs_argument:
            raise BadChain(_("“%(name)s” needs an argument: it %(help)s.") % {"name": transform.name, "help": transform.help})
        return transform.optional
    if transform.argument is None:
        raise BadChain(_("“%(name)s” takes no argument.") % {"name": transform.name})
    try:
        return transform.argument(json.loads(part["quoted"]) if part["quoted"] else part["bare"].strip())
    except BadArgument as error:
        raise BadChain(_("“%(name)s” %(reason)s.") % {"name": transform.name, "reason": error}) from error
    except json.JSONDecodeError as error:
        raise BadChain(_("The text in quotes behind “%(name)s” is not readable.") % {"name": transform.name}) from error


def _step(transform: Transform, argument: Any) -> Step:
    function = transform.function
    if transform.argument and transform.sees_context:
        return lambda value, context: function(value, argument, context)
    if transform.argument:
        return lambda value, context: function(value, argument)
    if transform.sees_context:
        return function
    return lambda value, context: function(value)
