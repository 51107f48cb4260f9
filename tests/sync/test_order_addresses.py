"""An address is known by what it says, not by how it is spelt; and what an earlier version called it is still found."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from clients.shoptet.normalise_address import normalise_address
from sync.flows.order.addresses import ADDRESS_FIELDS, address_name, former_names

EXAMPLES = settings(max_examples=40, deadline=None)
TEXTS = st.sampled_from(["Dlouhá", "U Tří lvů", "Škroupova", "Nad Vodou", "Straße des 17. Juni", "Jan Novák", "Řeznictví s.r.o."])
NUMBERS = st.from_regex(r"[1-9][0-9]{0,2}[ab]?(/[1-9][0-9]?)?", fullmatch=True)
BLANKS = st.sampled_from([" ", "  ", "\u00a0", "\t"])


def wire(street: str, number: str | None, **others: Any) -> dict[str, Any]:
    address = {"company": "Pekárna", "fullName": "Jan Novák", "city": "Brno", "zip": "602 00", "countryCode": "CZ"}
    return {**address, "street": street, "houseNumber": number, **others}


def named_before(address: dict[str, Any]) -> str:
    """Name the address as commit 0b365ad did."""
    street, number = address["street"].strip(), (address["houseNumber"] or "").strip()
    joined = street if not number or street == number or street.endswith(f" {number}") else f"{street} {number}".strip()
    record = {**normalise_address(address), "street": joined}
    text = "|".join(str(record.get(name) or "").strip().lower() for name in ADDRESS_FIELDS)
    return sha256(text.encode()).hexdigest()[:16]


@EXAMPLES
@given(TEXTS, NUMBERS, BLANKS, st.booleans(), st.sampled_from(["NFC", "NFD"]), st.sampled_from(["602 00", "60200", " 602\u00a000 "]))
def test_spacing_case_and_form_of_letters_make_no_other_address(
    street: str, number: str, blank: str, loud: bool, form: str, code: str
) -> None:
    respelt = unicodedata.normalize(form, street.replace(" ", blank))
    other = wire(respelt.upper() if loud else respelt, number, zip=code, fullName=f" jan{blank}NOVÁK ")

    assert address_name(normalise_address(other)) == address_name(normalise_address(wire(street, number)))


@EXAMPLES
@given(TEXTS, TEXTS, NUMBERS, NUMBERS)
@example("Dlouhá", "Dlouhá 1", "12", "2")
def test_two_addresses_are_never_one(street: str, other: str, number: str, others_number: str) -> None:
    first, second = normalise_address(wire(street, number)), normalise_address(wire(other, others_number))

    assert (address_name(first) == address_name(second)) is (first["street"] == second["street"])


def test_a_dash_for_a_company_makes_no_other_address() -> None:
    assert address_name({"street": "Dlouhá 1", "company": "-"}) == address_name({"street": "Dlouhá 1", "company": ""})


def test_a_blank_between_two_numbers_counts() -> None:
    assert address_name({"street": "Blok 1 2"}) != address_name({"street": "Blok 12"})


@EXAMPLES
@given(TEXTS, NUMBERS, st.sampled_from(["{0} {1}", "{0}", "{0}{1}", "{1}, {0}", "{0}  {1}"]), st.sampled_from(["602 00", "60200"]))
@example("Dlouhá", "12/3", "{0} 12", "602 00")
def test_what_an_earlier_version_called_an_address_is_found(street: str, number: str, pattern: str, code: str) -> None:
    address = wire(pattern.format(street, number), number, zip=code)

    assert named_before(address) in former_names(normalise_address(address))


@EXAMPLES
@given(TEXTS.filter(lambda one: "ß" not in one), NUMBERS, st.sampled_from(["602 00", "60200"]), st.sampled_from(["NFC", "NFD"]))
def test_an_address_that_is_spelt_otherwise_now_is_still_found_by_its_earlier_name(street: str, number: str, code: str, form: str) -> None:
    before = wire(unicodedata.normalize("NFC", street), number)
    now = wire(unicodedata.normalize(form, street).upper(), number, zip=code)

    assert named_before(before) in former_names(normalise_address(now))
