"""Sort tax numbers: which is the DIČ, and which the Slovak IČ DPH.

A Czech shop has one number, the DIČ, in `vatId` and maybe again in `taxId`. A Slovak company has two: the DIČ (ten digits, `taxId`)
and, once it pays VAT, the IČ DPH (the same digits with SK before them, `vatId`). Other countries' VAT numbers are kept as the DIČ.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from clients.shoptet.company_numbers import PREFIXES

LEAST_DIGITS = 5
_LABEL = re.compile(r"^(?:DIC|ICDPH|VATID|VAT|TAXID|TAX|UID)(?=[A-Z]{0,3}\d)")
_PLAIN = re.compile(r"[0-9]{8,10}")
_IC_DPH = re.compile(r"SK[0-9]{10}")
# A group's IČ DPH is not made of its members' DIČ.
_GROUP = "SK7"


@dataclass(frozen=True)
class TaxNumbers:
    """The two numbers, each empty where it is not known, and what there was no place for."""

    dic: str = ""
    ic_dph: str = ""
    left_out: tuple[str, ...] = ()


def tax_numbers(vat_id: Any, tax_id: Any, country: Any = "") -> TaxNumbers:
    """Sort both numbers by their prefixes first, then by the country of the billing address (a two-letter code)."""
    vat, tax = tax_number(vat_id), tax_number(tax_id)
    ic_dph = next((number for number in (vat, tax) if number.startswith("SK")), "")
    is_slovak = bool(ic_dph) or str(country or "").strip().upper() == "SK"
    others = [number for number in ((tax, vat) if is_slovak else (vat, tax)) if number and not number.startswith("SK")]
    others.sort(key=lambda number: not number.startswith("CZ"))
    dic = others[0] if others else _dic_within(ic_dph)
    return TaxNumbers(dic, ic_dph, tuple(number for number in others[1:] if number not in dic))


def tax_number(value: Any) -> str:
    """Return one number in capitals without blanks; empty for what is no number."""
    given = unicodedata.normalize("NFKC", str(value or "")).upper()
    compact = _LABEL.sub("", "".join(one for one in _without_accents(given) if one.isalnum()))
    digits = [one for one in compact if one.isdecimal()]
    if not any(one != "0" for one in digits):
        return ""
    is_known = (compact[:2] in PREFIXES and len(digits) >= LEAST_DIGITS) or bool(_PLAIN.fullmatch(compact))
    return compact if is_known else "".join(given.split())


def _dic_within(ic_dph: str) -> str:
    return ic_dph[2:] if _IC_DPH.fullmatch(ic_dph) and not ic_dph.startswith(_GROUP) else ""


def _without_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
