"""Copies of a true answer in which a few values are odd: they get deeper into the pipeline than those that are odd throughout."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.campaigns.odd_values import DATES, TIMES, odd_amount, odd_text

AMOUNT = re.compile(r"-?\d+\.(\d+)")
TIME = re.compile(r"\d{4}-\d\d-\d\dT")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
# What tells the record from its neighbours is set by the campaign.
KEPT = ("guid", "code", "itemType", "currencyCode", "customerGuid")


def odd_copy(answer: Any, random: Random, *, changes: int) -> Any:
    """Return a copy with so many of its values replaced by odd ones of the same kind."""
    made = copy.deepcopy(answer)
    places = list(_places(made))
    for holder, step in random.sample(places, min(changes, len(places))):
        holder[step] = _odd_in_place_of(holder[step], random)
    return made


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in list(steps):
        if isinstance(member, dict | list):
            yield from _places(member)
        elif step not in KEPT:
            yield value, step


def _odd_in_place_of(value: Any, random: Random) -> Any:
    if random.random() < 0.1:
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice((0, -1, 1, 2**31, 2**63, 10**30))
    text = str(value or "")
    if found := AMOUNT.fullmatch(text):
        return odd_amount(random, len(found[1]), signed=True)
    if TIME.match(text):
        return random.choice(TIMES)
    if DATE.fullmatch(text):
        return random.choice(DATES)
    return odd_text(random)
