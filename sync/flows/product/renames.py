"""Which variants got another code: told by the code itself where only its letters' case changed, else by the EAN."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sync.flow import Item
from sync.models import RecordLink

Moves = dict[str, RecordLink]


def folded(code: str) -> str:
    """Return a code as BlueJet compares it: without regard to case and to blanks around it."""
    return code.strip().casefold()


def renames(links: Mapping[str, RecordLink], items: Sequence[Item]) -> Moves:
    """Return the links to be moved, by the code that each variant has now, in an order in which each code is free when its turn comes.

    `links` are those of one product by code, `items` its variants of today. A code that is still there keeps its link unless the EANs
    say that its variant moved on to a new code; variants that only swapped their codes keep them, since in both systems the code is
    what a variant is known by.
    """
    by_case = _pairs(links, items, _code_of_link, lambda item: folded(item.key), lambda key: key not in links)
    vanished = set(links) - {item.key for item in items} - {link.key for link in by_case.values()}
    moves: Moves = dict(by_case)
    by_ean = _pairs(links, items, lambda link: link.identity, lambda item: str(item.record.get("ean") or ""), lambda key: key not in moves)
    for code in sorted(set(by_ean) - set(links)):
        moves |= _chain(code, by_ean, vanished)
    return moves


def _chain(code: str, by_ean: Moves, vanished: set[str]) -> Moves:
    """Follow a new code back to one that vanished: each variant on the way took over the code of the next one."""
    chain: Moves = {}
    while code in by_ean and code not in chain:
        chain[code] = by_ean[code]
        code = by_ean[code].key
    return chain if code in vanished else {}


def _pairs(
    links: Mapping[str, RecordLink],
    items: Sequence[Item],
    of_link: Callable[[RecordLink], str],
    of_item: Callable[[Item], str],
    may_take: Callable[[str], bool],
) -> Moves:
    """Pair links and variants by a mark that exactly one of either side carries, where their codes differ."""
    link_marks, item_marks = Counter(map(of_link, links.values())), Counter(map(of_item, items))
    by_mark = {of_link(link): link for link in links.values() if link_marks[of_link(link)] == 1}
    found: Moves = {}
    for item in items:
        link = by_mark.get(of_item(item)) if of_item(item) and item_marks[of_item(item)] == 1 else None
        if link is not None and link.key != item.key and may_take(item.key):
            found[item.key] = link
    return found


def _code_of_link(link: RecordLink) -> str:
    return folded(link.key)
