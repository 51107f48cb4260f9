"""Values as real data brings them: at the ends of what a field may hold, and a little beyond."""

from __future__ import annotations

import string
from random import Random

CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy"
# Each stands for a family: controls, halves of a pair, marks without a width, letters in two forms, letters outside the first plane.
# fmt: off
ODD_CHARACTERS = (
    "\x00", "\x01", "\x0b", "\x1b", "\x7f", "\x85", "\ud800", "\udfff", "\ufeff", "\ufffe", "\uffff", "\u200b", "\u200e",
    "\u202e", "\u2028", "\u00a0", "\u202f", "e\u030c", "ě", "ß", "İ", "ﬁ", "😀", "𝒳", "\r", "\n", "\t", "'", '"', "\\", "<", "&", "%",
    "|", ";", "$", "{", "/",
)
TIMES = (
    "2026-11-27T10:15:00+0100", "1970-01-01T00:00:00+0000", "2026-10-25T02:30:00+0200", "2026-10-25T02:30:00+0100",
    "2026-03-29T02:30:00+0100", "0001-01-01T00:00:00+0100", "0001-01-01T00:00:00-1200", "9999-12-31T23:59:59-1200",
    "9999-12-31T23:59:59+1400", "1899-12-31T00:00:00+0057", "2026-02-30T10:00:00+0100", "0000-00-00T00:00:00+0000",
    "2026-11-27T24:00:00+0100", "2026-11-27T10:15:60+0100", "2026-11-27T10:15:00+9999",
)
DATES = ("2026-11-27", "1900-01-01", "0001-01-01", "9999-12-31", "0000-00-00", "2026-02-30", "2024-02-29")
WHOLE_PARTS = (
    "0", "1", "12", "100", "34186", "99999999", "999999999999", "999999999999999", "1" + "0" * 18, "9" * 30, "1" + "0" * 400,
    "007", "00",
)
# fmt: on


def odd_text(random: Random, longest: int | None = None, shortest: int = 0) -> str:
    """Return a text: mostly plain, at times empty, long, or with an odd character anywhere in it."""
    chance = random.random()
    if chance < 0.08 and not shortest:
        return random.choice(("", " ", "\u00a0", "-", "null", "0"))
    text = random.choice((CZECH, "Nerezový gastro stůl 120 × 60", random_word(random, 12), random_word(random, 3), "<b>tučně</b><br>dál"))
    if chance > 0.95:
        text *= random.choice((10, 100))
    if chance < 0.5:
        place = random.randrange(len(text) + 1)
        text = text[:place] + random.choice(ODD_CHARACTERS) + text[place:]
    return text[:longest] if longest is not None else text


def random_word(random: Random, length: int) -> str:
    """Return so many letters and digits."""
    return "".join(random.choice(string.ascii_letters + string.digits) for _ in range(length))


def odd_amount(random: Random, places: int, *, signed: bool) -> str:
    """Return an amount as text with so many decimal places, at times at the ends of what numbers are."""
    whole = random.choice(WHOLE_PARTS[:6] if random.random() < 0.8 else WHOLE_PARTS)
    sign = "-" if signed and random.random() < 0.15 else ""
    fraction = random.choice(("0" * places, "9" * places, "".join(random.choice(string.digits) for _ in range(places))))
    return f"{sign}{whole}.{fraction}" if places else f"{sign}{whole}"
