"""Put a house number behind its street, once: people often write it into the street as well."""

from __future__ import annotations

import re

# The number at a street's end, whole: 12, 12a, 12/3, 12 - 14.
_AT_THE_END = re.compile(r"(?<!\d)(\d+\s*[^\W\d_]?(?:\s*[/-]\s*\d+\s*[^\W\d_]?)*)\W*$")
_LABEL = re.compile(r"^(?:č\s*\.?\s*p|č\s*\.?\s*ev|ev\s*\.?\s*č|čp|čo|č|no|nr)\b\s*[.:]?\s*(?=\d)", re.IGNORECASE)
# Streets are called after days, and a day is no house number: 17. listopadu, 28 října.
_MONTH = r"(?:ledna|února|března|dubna|května|máje|června|července|srpna|září|října|listopadu|prosince)"


def join_house_number(street: str, number: str) -> str:
    """Return street and number with the number standing there once; of two forms of it, the fuller one."""
    bare = _LABEL.sub("", number)
    if not bare or _stands_there(street, bare):
        return street
    written = _AT_THE_END.search(street)
    if written and _is_part(_form(written[1]), _form(bare)):
        return f"{street[: written.start(1)].rstrip()} {number}".strip()
    return f"{street} {number}".strip()


def _stands_there(street: str, number: str) -> bool:
    wanted, written = _form(number), _AT_THE_END.search(street)
    if written and (_form(written[1]) == wanted or _is_part(wanted, _form(written[1]))):
        return True
    found = re.escape(number.strip())
    ahead = rf"^\s*{found}(?:\s*,|\s+(?!{_MONTH}\b))|(?<![\w/-]){found}\s*,"
    return _form(street) == wanted or bool(re.search(ahead, street, re.IGNORECASE)) or street.casefold().endswith(f" {number.casefold()}")


def _is_part(number: str, whole: str) -> bool:
    """Whether the whole says the number and more: 12 of 12/3 and of 12a, 3 of 12/3."""
    if not number or number == whole:
        return False
    return number in re.split("[/-]", whole) or (whole[: len(number)] == number and whole[len(number) :].isalpha())


def _form(number: str) -> str:
    return "".join(number.casefold().split())
