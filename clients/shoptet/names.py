"""Split a person's full name, which Shoptet keeps in one field."""

from __future__ import annotations

# Academic and professional titles as they stand before and after Czech and Slovak names.
# fmt: off
BEFORE = frozenset({
    "ak", "akad", "arch", "bc", "bca", "doc", "dr", "gen", "ing", "ingarch", "judr", "mddr", "mga", "mgr", "mgra", "mr", "mrs",
    "ms", "mudr", "mvdr", "paeddr", "pan", "paní", "pharmdr", "phdr", "phmr", "plk", "prof", "rcdr", "rndr", "rsdr", "rtdr",
    "slečna", "thdr", "thlic", "thmgr",
})
AFTER = frozenset({
    "acca", "artd", "ba", "bba", "bsc", "bth", "csc", "dba", "dis", "drhc", "drsc", "dsc", "ing", "llb", "llm", "ma", "mba",
    "mha", "mpa", "mpo", "mph", "msc", "mscr", "phd", "thd", "jr", "sr", "ml", "st",
})
# fmt: on
ADDRESS = ("pan", "paní", "slečna")


def split_name(full_name: str) -> tuple[str, str]:
    """Return first and last name: the last word is the last name, academic titles belong to neither.

    A single word is a last name. A name that is nothing but titles is kept as the last name.
    """
    words = [word.strip(",;") for word in full_name.split()]
    words = [word for word in words if word]
    name = _without_titles(words)
    if not name:
        return "", " ".join(words)
    return " ".join(name[:-1]), name[-1]


def join_variant(name: str, variant: str) -> str:
    """Return a product's name with its variant's name behind it, unless it is there already."""
    if not variant or variant in name:
        return name
    return f"{name}, {variant}" if name else variant


def _without_titles(words: list[str]) -> list[str]:
    shouts = all(word.isupper() for word in words)
    start, end = 0, len(words)
    while start < end and _is_title(words[start], BEFORE, sure=end - start > 2, shouts=shouts):
        start += 1
    while end > start + 1 and _is_title(words[end - 1], AFTER, sure=False, shouts=shouts):
        end -= 1
    return words[start:end]


def _is_title(word: str, titles: frozenset[str], *, sure: bool, shouts: bool) -> bool:
    # A short title without its full stop may as well be a name: Ma and Ing are people too.
    looks_like_one = sure or "." in word or (word.isupper() and not shouts) or word.lower() in ADDRESS
    return looks_like_one and word.replace(".", "").lower() in titles
