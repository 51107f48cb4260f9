"""Source expressions: JMESPath that knows Decimal, with bounds on length, depth and work; nothing is evaluated as code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import inf
from typing import Any, Protocol

from django.utils.translation import gettext as _
from jmespath import exceptions
from jmespath.parser import Parser

from mappings.expression_checks import find_fault, old_literals_allowed, paths_read, root_names
from mappings.expression_runtime import TooMuchWork, evaluate

MAX_LENGTH = 500
MAX_DEPTH = 25


class Source(Protocol):
    """A compiled expression: give it the record, get the value or None; raises SourceFailed.

    It works until that moment of the thread's own clock (time.thread_time) at the longest.
    """

    def __call__(self, data: Mapping[str, Any], until: float = inf) -> Any: ...


class BadSource(ValueError):
    """The expression is not one; `position` is the character where it goes wrong, counted from 1, or None."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


class SourceFailed(ValueError):
    """A good expression does not fit this record; `is_rows_fault` where it asks for more work than any record may cost."""

    is_rows_fault = False


class SourceTooSlow(SourceFailed):
    """The expression was stopped; whatever the record holds, the row is to blame."""

    is_rows_fault = True


@lru_cache(maxsize=2000)
def compile_source(text: str) -> Source:
    """Compile an expression once per process; raise BadSource with the position and a sentence."""
    tree = _parse(text)
    if _depth(tree) > MAX_DEPTH:
        raise BadSource(_("The expression is nested more than %(limit)d levels deep.") % {"limit": MAX_DEPTH})
    fault = find_fault(text, tree)
    if fault:
        raise BadSource(fault.sentence, fault.position)
    path = _plain_path(tree)
    return _follow(path) if path else _interpret(tree)


@lru_cache(maxsize=2000)
def fields_read(text: str) -> tuple[str, ...]:
    """Return the record's own fields that an expression reads, such as `customer` for `customer.email`; raise BadSource."""
    return tuple(dict.fromkeys(root_names(_parse(text))))


@lru_cache(maxsize=2000)
def all_read(text: str) -> frozenset[str]:
    """Return the record's own fields that an expression reads, and what it reads in them: `shipping`, `shipping.carrier`."""
    return frozenset(paths_read(_parse(text)))


def _parse(text: str) -> dict[str, Any]:
    if not text.strip():
        raise BadSource(_("The expression is empty."), 1)
    if len(text) > MAX_LENGTH:
        raise BadSource(_("The expression is longer than %(limit)d characters.") % {"limit": MAX_LENGTH}, MAX_LENGTH + 1)
    try:
        with old_literals_allowed():
            return dict(Parser().parse(text).parsed)
    except RecursionError as error:
        raise BadSource(_("The expression is nested more than %(limit)d levels deep.") % {"limit": MAX_DEPTH}) from error
    except exceptions.JMESPathError as error:
        raise _explained(error, text) from error


def _explained(error: Exception, text: str) -> BadSource:
    """Turn the parser's error into a sentence that names the place."""
    if isinstance(error, exceptions.IncompleteExpressionError) or getattr(error, "token_type", None) == "EOF":
        return BadSource(_("The expression ends too early, something is missing at its end."), len(text) + 1)
    if isinstance(error, exceptions.LexerError):
        position = min(int(error.lexer_position), len(text) - 1) + 1
        shown = str(error.lexer_value or text[position - 1])[:30]
        return BadSource(_("“%(text)s” at character %(position)d is not understood.") % {"text": shown, "position": position}, position)
    if isinstance(error, exceptions.ParseError):
        position = int(error.lex_position) + 1
        shown = str(error.token_value)[:30]
        return BadSource(_("“%(text)s” at character %(position)d does not belong there.") % {"text": shown, "position": position}, position)
    return BadSource(str(error), 1)


def _children(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [child for child in node.get("children", ()) if isinstance(child, Mapping)]


def _depth(tree: Mapping[str, Any]) -> int:
    """Measure without recursion, so that no expression can exhaust the stack."""
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in _children(node)]
    return deepest


def _plain_path(tree: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a dotted path such as `customer.email`, or nothing for any other expression."""
    if tree["type"] == "field":
        return (tree["value"],)
    if tree["type"] != "subexpression":
        return ()
    parts = [_plain_path(child) for child in _children(tree)]
    return tuple(name for part in parts for name in part) if all(parts) else ()


def _follow(path: tuple[str, ...]) -> Source:
    """Read a dotted path directly; most rows are one, and the interpreter costs ten times as much."""

    def read(data: Mapping[str, Any], until: float = inf) -> Any:
        value: Any = data
        for name in path:
            if not isinstance(value, Mapping):
                return None
            value = value.get(name)
        return value

    return read


def _interpret(tree: dict[str, Any]) -> Source:
    def read(data: Mapping[str, Any], until: float = inf) -> Any:
        try:
            return evaluate(tree, data, until)
        except TooMuchWork as error:
            raise SourceTooSlow(_("The expression needs too much work for this record.")) from error
        except (exceptions.JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise SourceFailed(_("The expression does not fit this record: %(reason)s") % {"reason": _short(error)}) from error

    return read


def _short(error: Exception) -> str:
    """Say it in one line, without the values of the record."""
    if isinstance(error, exceptions.JMESPathTypeError):
        return _("the function %(name)s got a value of the type %(type)s.") % {"name": error.function_name, "type": error.actual_type}
    return type(error).__name__
