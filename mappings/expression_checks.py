"""What JMESPath itself only finds out when an expression runs: unknown functions and wrong arguments, told at their place."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from jmespath.functions import Functions
from jmespath.lexer import Lexer

Node = Mapping[str, Any]

SIGNATURES: dict[str, tuple[Mapping[str, Any], ...]] = {name: entry["signature"] for name, entry in Functions.FUNCTION_TABLE.items()}


class Fault(NamedTuple):
    """A sentence, and the character that it is about, counted from 1."""

    sentence: str
    position: int


@contextmanager
def old_literals_allowed() -> Iterator[None]:
    """Keep jmespath from warning of a text in backticks without quotes; such rows are in use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        yield


def find_fault(text: str, tree: Node) -> Fault | None:
    """Return the first call in the expression that could never work."""
    calls = [node for node in walk(tree) if node["type"] == "function_expression"]
    for node, position in zip(calls, _call_positions(text), strict=False):
        sentence = _fault_of(node)
        if sentence:
            return Fault(_("%(reason)s (character %(position)d)") % {"reason": sentence, "position": position}, position)
    return None


def walk(tree: Node) -> Iterator[Node]:
    """Yield every node, in the order of the text."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed([child for child in node.get("children", ()) if isinstance(child, Mapping)]))


def root_names(tree: Node) -> Iterator[str]:
    """Yield the fields that an expression reads from the record itself, not from what it has found there."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        children = [child for child in node.get("children", ()) if isinstance(child, Mapping)]
        if node["type"] == "field":
            yield node["value"]
        elif node["type"] in _LEADING:
            waiting.extend(children[:1])
        elif node["type"] != "expref":
            waiting.extend(children)


def paths_read(tree: Node, root: str = "") -> Iterator[str]:
    """Yield the record's fields that an expression reads, and behind each of them what it reads in it, at any depth: `shipping.carrier`."""
    children = [child for child in tree.get("children", ()) if isinstance(child, Mapping)]
    if tree["type"] == "field":
        yield f"{root}.{tree['value']}" if root else tree["value"]
    elif tree["type"] in _LEADING:
        found = list(dict.fromkeys(paths_read(children[0], root)))
        yield from found
        roots = dict.fromkeys(path.split(".")[0] for path in found) or [root]
        for child in children[1:]:
            for name in roots:
                yield from paths_read(child, name)
    elif tree["type"] != "expref":
        for child in children:
            yield from paths_read(child, root)


# Of these only the first part is read from the record; the rest looks at what the first part gave.
_LEADING = frozenset({"subexpression", "index_expression", "projection", "value_projection", "filter_projection", "pipe", "flatten"})


def _call_positions(text: str) -> list[int]:
    with old_literals_allowed():
        tokens = list(Lexer().tokenize(text))
    return [
        token["start"] + 1
        for token, following in zip(tokens, tokens[1:], strict=False)
        if token["type"] == "unquoted_identifier" and following["type"] == "lparen"
    ]


def _fault_of(node: Node) -> str:
    name, given = node["value"], node["children"]
    signature = SIGNATURES.get(name)
    if signature is None:
        return _unknown(name)
    is_variadic = bool(signature and signature[-1].get("variadic"))
    if len(given) < len(signature) or (len(given) > len(signature) and not is_variadic):
        wanted = len(signature)
        sentence = ngettext("The function “%(name)s” takes %(wanted)d value.", "The function “%(name)s” takes %(wanted)d values.", wanted)
        return sentence % {"name": name, "wanted": wanted}
    return _wrong_reference(name, given, signature)


def _unknown(name: str) -> str:
    near = get_close_matches(name, SIGNATURES, n=1, cutoff=0.75)
    if near:
        return _("There is no function “%(name)s”. Did you mean “%(near)s”?") % {"name": name, "near": near[0]}
    return _("There is no function “%(name)s”. Known are: %(known)s.") % {"name": name, "known": ", ".join(sorted(SIGNATURES))}


def _wrong_reference(name: str, given: list[Node], signature: tuple[Mapping[str, Any], ...]) -> str:
    for number, (argument, rule) in enumerate(zip(given, signature, strict=False), start=1):
        if ("expref" in rule["types"]) != (argument["type"] == "expref"):
            words = {"name": name, "number": number}
            if "expref" in rule["types"]:
                return _("The function “%(name)s” needs an & before value %(number)d, as in &name.") % words
            return _("The function “%(name)s” takes no & before value %(number)d.") % words
    return ""
