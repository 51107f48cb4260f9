"""Companies' numbers: every spelling of one is one, and no two are taken for one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.shoptet.company_numbers import company_number, is_ico, is_nothing, spellings
from clients.shoptet.normalise_address import company_of
from clients.shoptet.tax_numbers import TaxNumbers, tax_numbers

EXAMPLES = settings(max_examples=40, deadline=None)
SEPARATORS = st.sampled_from(["", " ", ".", "\u00a0", "-", "\u2009", " . "])
LABELS = st.sampled_from(["", "IČO: ", "ičo ", "IC ", "IČ:", "CZ", "cz ", "IČO CZ", "IC\u030cO: "])


def icos() -> st.SearchStrategy[str]:
    """Return numbers with the right check digit."""
    return st.integers(1, 9_999_999).map(lambda number: f"{number:07d}").map(_with_check_digit)


def _with_check_digit(seven: str) -> str:
    return next(f"{seven}{digit}" for digit in range(10) if is_ico(f"{seven}{digit}"))


@EXAMPLES
@given(icos(), LABELS, st.lists(SEPARATORS, min_size=8, max_size=8), st.booleans(), st.sampled_from(["NFC", "NFD"]))
def test_every_spelling_of_an_ico_is_the_one_number(ico: str, label: str, between: list[str], bare: bool, form: str) -> None:
    digits = (ico.lstrip("0") if bare else ico) or ico
    written = unicodedata.normalize(form, label + "".join(digit + gap for digit, gap in zip(digits, between, strict=False)))

    number = company_number(written, "CZ")

    assert (number.written, number.country, number.is_proof) == (ico, "CZ", True)
    assert company_number(number.written, number.country) == number


@EXAMPLES
@given(icos(), icos(), st.sampled_from(["CZ", "SK"]))
def test_two_numbers_are_never_one(first: str, second: str, country: str) -> None:
    assert (company_number(first, country) == company_number(second, country)) is (first == second)


@EXAMPLES
@given(st.sampled_from(["-", "0", "00000000", "nemám", "NEMÁM!", "n/a", "N.A.", "x", "XXX", "není", "", "  ", "–", "žádné", "?", "\u00a0"]))
def test_what_is_no_number_is_none(written: str) -> None:
    number = company_number(written, "CZ")

    assert (number.written, number.is_proof) == ("", False)
    assert is_nothing(written)


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("12345678", "CZ"),
        ("12345678", "SK"),
        ("11111111", ""),
        ("123456789", "CZ"),
        ("2020123456", "SK"),
        ("HRB 12345", "DE"),
        ("12", "AT"),
    ],
)
def test_what_fails_its_check_is_kept_and_proves_nothing(written: str, country: str) -> None:
    number = company_number(written, country)

    assert (number.written, number.is_proof) == (written, False)


@pytest.mark.parametrize(
    ("spelt", "country", "good"),
    [
        (("FN 123456a", "fn123456A", "FN 123456 a"), "AT", "FN123456A"),
        (("526-000-12-46", "5260001246", "PL5260001246"), "PL", "5260001246"),
        (("01-09-123456", "01 09 123456"), "HU", "0109123456"),
        (("DE123456789", "123 456 789"), "DE", "123456789"),
    ],
)
def test_a_foreign_number_is_one_in_its_country(spelt: tuple[str, ...], country: str, good: str) -> None:
    assert {company_number(one, country) for one in spelt} == {company_number(good, country)}
    assert company_number(good, country).is_proof


@pytest.mark.parametrize(
    ("value", "billing", "vat_id", "country"),
    [
        ("CZ27082440", "SK", "", "CZ"),
        ("SK36631124", "CZ", "", "SK"),
        ("27082440", "SK", "CZ27082440", "CZ"),
        ("27082440", "DE", "cz 270 82 440", "CZ"),
        ("27082440", "SK", "SK2020123456", "SK"),
        ("27082440", "cz", "", "CZ"),
        ("27082440", "", "", ""),
    ],
)
def test_the_prefix_says_whose_number_it_is_before_the_address_does(value: str, billing: str, vat_id: str, country: str) -> None:
    assert company_number(value, billing, vat_id).country == country


@EXAMPLES
@given(icos())
def test_other_spellings_are_few_and_begin_with_the_good_one(ico: str) -> None:
    number = company_number(ico, "CZ")

    assert spellings(number)[0] == ico
    assert len(spellings(number)) <= 5
    assert {company_number(one, "CZ") for one in spellings(number)} == {number}


@pytest.mark.parametrize(
    ("vat_id", "tax_id", "country", "dic", "ic_dph"),
    [
        ("SK2020123456", "2020123456", "SK", "2020123456", "SK2020123456"),
        ("sk 2020 123 456", "2020 123 456", "SK", "2020123456", "SK2020123456"),
        ("SK2020123456", "SK2020123456", "SK", "2020123456", "SK2020123456"),
        ("SK2020123456", "", "SK", "2020123456", "SK2020123456"),
        ("SK2020123456", "2020123456", "CZ", "2020123456", "SK2020123456"),
        ("2020123456", "SK2020123456", "SK", "2020123456", "SK2020123456"),
        ("SK7020123456", "", "SK", "", "SK7020123456"),
        ("", "2020123456", "SK", "2020123456", ""),
        ("2020123456", "2020123456", "SK", "2020123456", ""),
        ("CZ27082440", "CZ27082440", "CZ", "CZ27082440", ""),
        ("CZ27082440", "", "CZ", "CZ27082440", ""),
        ("", "cz 27082440", "CZ", "CZ27082440", ""),
        ("CZ27082440", "CZ27082440", "SK", "CZ27082440", ""),
        ("DIČ: CZ27082440", "27082440", "CZ", "CZ27082440", ""),
        ("SK4020123456", "CZ27082440", "CZ", "CZ27082440", "SK4020123456"),
        ("DE123456789", "", "DE", "DE123456789", ""),
        ("ATU12345678", "ATU12345678", "AT", "ATU12345678", ""),
        ("-", "nejsem plátce", "CZ", "", ""),
        ("", "", "", "", ""),
    ],
)
def test_tax_numbers_stand_where_their_country_puts_them(vat_id: str, tax_id: str, country: str, dic: str, ic_dph: str) -> None:
    assert tax_numbers(vat_id, tax_id, country) == TaxNumbers(dic, ic_dph)


@EXAMPLES
@given(st.from_regex(r"[0-9]{8,10}", fullmatch=True), st.sampled_from(["CZ", "SK", "DE", ""]), st.booleans())
def test_a_czech_dic_is_never_an_ic_dph(digits: str, country: str, twice: bool) -> None:
    numbers = tax_numbers(f"CZ{digits}", f"CZ{digits}" if twice else "", country)

    assert numbers.ic_dph == ""
    assert numbers.dic == (f"CZ{digits}" if digits.strip("0") else "")


def test_a_number_without_a_place_is_named() -> None:
    assert tax_numbers("DE123456789", "12/345/67890", "DE") == TaxNumbers("DE123456789", "", ("1234567890",))


@pytest.mark.parametrize(
    ("billing", "number"),
    [
        ({"vatId": "27082440"}, "27082440"),
        ({"vatId": "CZ27082440", "companyId": "-"}, "27082440"),
        ({"vatId": "CZ8001011234"}, ""),
        ({"vatId": "SK2020123456", "countryCode": "SK"}, ""),
        ({"vatId": "DE27082440", "countryCode": "DE"}, ""),
    ],
)
def test_an_ico_is_found_in_the_vat_numbers_field(billing: dict[str, str], number: str) -> None:
    assert company_of(billing)["companyId"] == number


def test_a_dash_for_a_company_is_a_private_person() -> None:
    person = company_of({"company": "-", "companyId": "n/a", "vatId": "0", "taxId": None})

    assert person == {"company": "", "companyId": "", "vatId": "", "taxId": "", "dic": "", "icDph": "", "isCompany": False}


@given(
    country=st.one_of(
        st.text(max_size=300), st.integers(), st.none(), st.sampled_from(["CZE", "Česko", "C", "ČR", "42", "\x00\x00", "cz "])
    )
)
@settings(max_examples=40, deadline=None)
def test_a_country_is_two_letters_or_is_not_known(country: object) -> None:
    for number in (company_number("27082440", country), company_number("HRB 12345", country), company_number("not a number 1", country)):
        assert number.country == "" or (len(number.country) == 2 and number.country.isascii() and number.country.isalpha())
    assert company_number("27082440", country).written == "27082440"
