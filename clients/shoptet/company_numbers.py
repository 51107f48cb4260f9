"""Read companies' numbers as people write them: one good spelling, whose number it is, and whether it proves who somebody is.

A number proves identity only where it can be told from a mistake: a Czech or Slovak IČO by its check digit, another country's by
having enough digits. Everything else stays text: kept for people to read, never a reason to take two companies for one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

ICO_DIGITS = 8
ICO_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
# The Slovak IČO is the Czech one: both go back to the same register.
ICO_COUNTRIES = ("CZ", "SK")
# What stands before a VAT number: the members of the EU, Greece as EL, Northern Ireland, and the neighbours who write theirs alike.
# fmt: off
PREFIXES = frozenset({
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
})
# What people write where they have nothing to write, without its accents, blanks and points.
_NOTHING = frozenset({
    "bezfirmy", "fyzickaosoba", "na", "nan", "ne", "nemam", "nemamfirmu", "neni", "neuvedeno", "nevim", "nic", "no", "none", "null",
    "soukromaosoba", "soukromnik", "undefined", "x", "xx", "xxx", "xxxx", "zadna", "zadnafirma", "zadne", "zadny",
})
# fmt: on
LEAST_DIGITS = 5
LEAST_DIGITS_BEHIND_PREFIX = 8
LONGEST = 30
_LABEL = re.compile(r"^(?:ICO|IC|ID|DIC|REGNO|REG)(?=[A-Z]{0,2}\d)")
_COUNTRY = re.compile(r"[A-Z]{2}")
# Numbers of the German trade register mean a company only together with the court that keeps them.
_COURTS_OWN = re.compile(r"^(?:HR[AB]|GNR|VR|PR)\d")


@dataclass(frozen=True)
class CompanyNumber:
    """A company's number: how it is written, the country's code (empty where nothing tells), and whether it proves identity."""

    written: str
    country: str
    is_proof: bool


NO_NUMBER = CompanyNumber("", "", False)


def company_number(value: Any, country: Any = "", vat_id: Any = "") -> CompanyNumber:
    """Read a registration number; the country is that of its prefix, else of a VAT number with the same digits, else the given one.

    What is no number at all (a dash, zeros, a word) is read as none; what fails its check stays as it was written, and proves nothing.
    """
    given = " ".join(unicodedata.normalize("NFC", str(value or "")).split())
    compact = _LABEL.sub("", _compact(given))
    if not _has_digits(compact):
        return NO_NUMBER
    prefix, bare = _split_prefix(compact)
    home = prefix or _country_of_vat(bare, vat_id) or _code_of(country)
    if home in ("", *ICO_COUNTRIES):
        number, is_proof = bare.zfill(ICO_DIGITS), is_ico(bare)
    else:
        number, is_proof = _padded(bare), _is_foreign_proof(bare, home)
    return CompanyNumber(number if is_proof else given[:255], home, is_proof)


def ico_within_vat(vat_id: Any, country: Any = "") -> CompanyNumber:
    """Find the IČO where only a VAT number was given: a Czech company's is made of it, and some write the IČO itself there."""
    prefix, digits = _split_prefix(_LABEL.sub("", _compact(str(vat_id or ""))))
    home = prefix or _code_of(country)
    is_whole = len(digits) == ICO_DIGITS and is_ico(digits)
    return CompanyNumber(digits, home, True) if is_whole and (home in ("", "CZ") or (home == "SK" and not prefix)) else NO_NUMBER


def is_ico(number: str) -> bool:
    """Tell whether it is a Czech or Slovak IČO by its check digit; one of fewer than eight digits has lost its leading zeros."""
    if not re.fullmatch(r"[0-9]{1,8}", number) or not int(number):
        return False
    digits = [int(digit) for digit in number.zfill(ICO_DIGITS)]
    remainder = sum(weight * digit for weight, digit in zip(ICO_WEIGHTS, digits, strict=False)) % 11
    return digits[-1] == (11 - remainder) % 10


def spellings(number: CompanyNumber) -> tuple[str, ...]:
    """Return how others may have written the number, the good spelling first; a handful, since each is a question to the partner."""
    good = number.written
    found = [good]
    if number.country in ("", *ICO_COUNTRIES):
        found += [good.lstrip("0"), f"{good[:3]} {good[3:5]} {good[5:]}", f"{good[:2]}.{good[2:5]}.{good[5:]}"]
    if number.country:
        found.append(f"{number.country}{good}")
    return tuple(dict.fromkeys(found))


def is_nothing(value: Any) -> bool:
    """Whether a field was filled in only because the form asked for something: a dash, "n/a", "nemám"."""
    folded = "".join(one for one in _without_accents(str(value or "")).casefold() if one.isalnum())
    return not folded.strip("0") or folded in _NOTHING


def _compact(text: str) -> str:
    """Keep letters and digits, in capitals and without accents, the digits as we write them."""
    letters = (one for one in _without_accents(text).upper() if one.isalnum())
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in letters)


def _without_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _has_digits(compact: str) -> bool:
    """Whether there is a digit other than zero."""
    return any(one.isdecimal() and one != "0" for one in compact)


def _split_prefix(compact: str) -> tuple[str, str]:
    """Take the country's letters off a number that has enough digits behind them."""
    prefix, rest = compact[:2], compact[2:]
    if prefix in ICO_COUNTRIES and rest[:1].isdecimal():
        return prefix, rest
    if prefix in PREFIXES and rest[:1].isdecimal() and sum(one.isdecimal() for one in rest) >= LEAST_DIGITS_BEHIND_PREFIX:
        return prefix, rest
    return "", compact


def _code_of(country: Any) -> str:
    """Return a country's code; what cannot be one says nothing of whose number it is."""
    code = str(country or "").strip().upper()
    return code if _COUNTRY.fullmatch(code) else ""


def _country_of_vat(bare: str, vat_id: Any) -> str:
    """A Czech company's VAT number holds its IČO, so that it tells whose number it is."""
    prefix, digits = _split_prefix(_compact(str(vat_id or "")))
    return prefix if prefix == "CZ" and is_ico(bare) and digits.zfill(ICO_DIGITS) == bare.zfill(ICO_DIGITS) else ""


def _padded(bare: str) -> str:
    return bare.zfill(ICO_DIGITS) if bare.isdecimal() else bare


def _is_foreign_proof(bare: str, country: str) -> bool:
    digits = [one for one in bare if one.isdecimal()]
    if country == "DE" and _COURTS_OWN.match(bare):
        return False
    return len(digits) >= LEAST_DIGITS and len(set(digits)) > 1 and len(bare) <= LONGEST
