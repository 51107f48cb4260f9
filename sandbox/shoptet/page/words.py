"""The page's texts in Czech and English."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

WORDS: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))

OFFERED_FAULTS = (
    "429",
    "423",
    "500",
    "503",
    "slow",
    "drop_before",
    "drop_after",
    "late_commit",
    "malformed",
    "truncated",
    "404",
    "403",
    "401",
    "outage",
)

Translate = Callable[[str], str]


def language_of(wanted: str, accepted: str) -> str:
    """Return 'cs' or 'en': as wanted, else as the browser prefers, else Czech."""
    if wanted in ("cs", "en"):
        return wanted
    first = accepted.split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "cs"


def translator(language: str) -> Translate:
    """Return the function from a text's name to the text."""
    return lambda name: WORDS[name][language] if name in WORDS else name
