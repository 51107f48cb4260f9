"""Whose document an order becomes: the company that it names by a number, and nobody's in place of a dash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shops.models import FlowSetting, Shop
from sync.flows.customer import companies
from sync.flows.customer.former_keys import link_of
from sync.models import RecordLink
from sync.models.job import Priority
from sync.partners import open_context
from tests.sync.happenings import CUSTOMERS, ORDERS, announce, bring, change, issues_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

DATA_ONLY = pytest.mark.parametrize("dialect", ["data"])
HOME = {"street": "Dlouhá", "houseNumber": "5", "city": "Brno", "zip": "602 00"}
GUEST = {"email": "jan@zakaznik.example", "fullName": "Jan Svoboda", "phone": "+420777123456", **HOME}
JOINERY = {"company": "Jan S. - Truhlarstvi", "companyId": "27082440"}


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


def register(portal: Portal, email: str, **billing: Any) -> str:
    account = {"email": email, "fullName": "Jan Svoboda", "phone": "+420777111222"}
    guid = portal.control("/customers", {"account": account, "billingAddress": {**HOME, **billing}})["guid"]
    announce(portal, "customer:create", guid)
    portal.work(CUSTOMERS)
    return str(guid)


def order(portal: Portal, customer: str, **billing: Any) -> str:
    """Let a registered customer order, and say something else in the order than in the account."""
    code = place(portal, "SPO01", customer=customer)
    change(portal, code, head={"billingAddress": billing})
    portal.work()
    return code


def of_guest(portal: Portal, **guest: Any) -> str:
    code = place(portal, "SPO01", guest={**GUEST, **guest})
    portal.work()
    return code


def company_of(holds: Holdings, code: str) -> dict[str, Any]:
    """Return the company that the order's document names."""
    (found,) = [row for row in holds.records("company") if row["id"] == holds.document(code).fields["customerid"]]
    return found


def marks(holds: Holdings) -> set[str]:
    return {row["mark"] for row in holds.records("company")}


@DATA_ONLY
def test_the_document_of_somebody_registered_is_the_companys_that_he_ordered_on(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jan@zakaznik.example")

    code = order(portal, guid, **JOINERY)

    company = company_of(holds, code)
    assert (company["name"], company["ico"], company["mark"]) == ("Jan S. - Truhlarstvi", "27082440", "shoptet:ico:27082440")
    assert company["contactperson1"] == "Jan Svoboda"


@pytest.mark.parametrize("dialect", ["rest"])
def test_where_bluejet_has_no_companies_the_document_names_the_ordered_one(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jan@zakaznik.example", company="Svoboda s.r.o.", companyId="45274649")

    fields = holds.document(order(portal, guid, **JOINERY, vatId="cz 27082440")).fields

    assert (fields["company"], fields["companyId"], fields["vatId"]) == ("Jan S. - Truhlarstvi", "27082440", "CZ27082440")


@DATA_ONLY
def test_without_a_usable_number_the_document_is_the_customers_own_companys(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jan@zakaznik.example", company="Svoboda s.r.o.", companyId="25596641")

    codes = [order(portal, guid, company="Svoboda", companyId=written) for written in (None, "-", "nemám", "12345678")]

    assert {company_of(holds, code)["name"] for code in codes} == {"Svoboda s.r.o."}
    assert marks(holds) == {"shoptet:ico:25596641"}
    assert ["bad_company_id" in issues_of(portal.job(ORDERS, code)) for code in codes] == [False, False, False, True]


@DATA_ONLY
def test_each_document_has_its_own_company_and_the_customer_keeps_his(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jan@zakaznik.example", company="Svoboda s.r.o.", companyId="45274649")

    first = order(portal, guid, **JOINERY)
    second = order(portal, guid, company="Bistro U Mostu", companyId="36631124")
    third = place(portal, "SPO01", customer=guid)
    portal.work()

    assert [company_of(holds, code)["ico"] for code in (first, second, third)] == ["27082440", "36631124", "45274649"]
    (contact,) = [row for row in holds.records("contact") if row["mark"] == f"shoptet:{guid}"]
    assert contact["customerid"] == company_of(holds, third)["id"]


@DATA_ONLY
def test_what_a_company_says_of_itself_is_not_overwritten_by_an_order(portal: Portal, holds: Holdings) -> None:
    register(portal, "ucetni@truhlarstvi.example", company="Truhlářství Jan S., s.r.o.", companyId="27082440", vatId="CZ27082440")

    codes = [order(portal, register(portal, "jan@zakaznik.example"), **JOINERY, city="Praha"), of_guest(portal, **JOINERY, city="Plzeň")]

    (company,) = holds.records("company")
    assert (company["name"], company["town"], company["dic"]) == ("Truhlářství Jan S., s.r.o.", "Brno", "CZ27082440")
    assert {company_of(holds, code)["id"] for code in codes} == {company["id"]}


@DATA_ONLY
def test_a_dash_for_a_number_makes_no_shared_company(portal: Portal, holds: Holdings) -> None:
    guids = [register(portal, f"{name}@zakaznik.example", company=name, companyId="-") for name in ("Malá", "Velký")]
    code = of_guest(portal, company="-", companyId="-")

    assert marks(holds) == {f"shoptet:company:{guid}" for guid in guids}
    assert {row["name"] for row in holds.records("company")} == {"Malá", "Velký"}
    assert not holds.document(code).fields.get("customerid")


@DATA_ONLY
def test_a_number_that_fails_its_check_is_kept_and_shared_with_nobody(portal: Portal, holds: Holdings) -> None:
    guids = [register(portal, f"{name}@zakaznik.example", company=name, companyId="12345678") for name in ("mala", "velky")]

    assert {(row["mark"], row["ico"]) for row in holds.records("company")} == {(f"shoptet:company:{guid}", "12345678") for guid in guids}
    assert issues_of(portal.job(CUSTOMERS, guids[0])) == ["bad_company_id"]


@DATA_ONLY
def test_every_spelling_of_a_number_is_one_company_and_the_good_one_stays(portal: Portal, holds: Holdings) -> None:
    spellings = ("27082440", "27.082.440", "CZ27082440", "IČO: 270 82 440", "270\u00a082\u00a0440", "cz 27082440")

    for number, written in enumerate(spellings):
        register(portal, f"osoba{number}@truhlarstvi.example", company="Truhlářství", companyId=written)

    (company,) = holds.records("company")
    assert (company["mark"], company["ico"]) == ("shoptet:ico:27082440", "27082440")


@DATA_ONLY
def test_one_number_in_two_countries_is_two_companies(portal: Portal, holds: Holdings) -> None:
    register(portal, "cz@firma.example", company="Česká s.r.o.", companyId="27082440", countryCode="CZ")
    register(portal, "sk@firma.example", company="Slovenská s.r.o.", companyId="27082440", countryCode="SK")
    register(portal, "sk2@firma.example", company="Slovenská s.r.o.", companyId="27082440", countryCode="SK")

    assert {row["mark"]: row["name"] for row in holds.records("company")} == {
        "shoptet:ico:27082440": "Česká s.r.o.",
        "shoptet:ico:27082440:SK": "Slovenská s.r.o.",
    }


@DATA_ONLY
def test_of_two_countries_at_the_same_moment_one_comes_first(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    def record(country: str) -> dict[str, Any]:
        return {"company": "Firma", "companyId": "27082440", "billingAddress": {"country": country}}

    with open_context(portal.shop, priority=Priority.ORDERS) as czech, open_context(portal.shop, priority=Priority.ORDERS) as slovak:
        first = companies.company_of(czech, record("CZ"), "somebody")
        # What the second saw before the first had written: nothing.
        answers = iter([None])
        monkeypatch.setattr(companies, "link_of", lambda *args, **options: next(answers, None) or link_of(*args, **options))
        second = companies.company_of(slovak, record("SK"), "somebody else")

    assert first and second
    assert (first.external_id, second.external_id) == ("shoptet:ico:27082440", "shoptet:ico:27082440:SK")


@DATA_ONLY
def test_slovak_numbers_stand_where_slovaks_look_for_them(portal: Portal, holds: Holdings) -> None:
    register(
        portal, "sk@firma.example", company="Slovenská", companyId="36631124", vatId="SK2020123456", taxId="2020123456", countryCode="SK"
    )
    register(portal, "cz@firma.example", company="Česká", companyId="27082440", vatId="CZ27082440", taxId="CZ27082440")

    found = {row["name"]: (row["dic"], row.get("icdph")) for row in holds.records("company")}
    assert found == {"Slovenská": ("2020123456", "SK2020123456"), "Česká": ("CZ27082440", None)}


@DATA_ONLY
def test_a_company_that_the_office_keyed_in_is_found_in_its_spelling(portal: Portal, holds: Holdings) -> None:
    keyed_in = {"27082440": "270 82 440", "25612344": "CZ25612344", "00006947": "6947", "36631124": "36631124"}
    known = {portal.bluejet.store.insert("company", name="Firma", ico=written) for written in keyed_in.values()}

    for number in keyed_in:
        register(portal, f"osoba{number}@firma.example", company="Firma", companyId=number)

    assert {row["id"] for row in holds.records("company")} == known


@DATA_ONLY
def test_a_company_of_another_country_is_not_adopted_by_its_number(portal: Portal, holds: Holdings) -> None:
    portal.bluejet.store.insert("company", name="Česká", ico="36631124", country="Česko")

    register(portal, "sk@firma.example", company="Slovenská", companyId="36631124", countryCode="SK")

    assert sorted(row["name"] for row in portal.bluejet.store.find("company", "ico", "36631124")) == ["Slovenská", "Česká"]


@DATA_ONLY
def test_two_companies_of_one_guest_without_numbers_do_not_overwrite_each_other(portal: Portal, holds: Holdings) -> None:
    codes = [of_guest(portal, company=name) for name in ("Spolek kávy", "Klub čaje", "spolek  KÁVY")]

    names = [company_of(holds, code)["id"] for code in codes]
    assert names[0] == names[2] != names[1]
    assert len(holds.records("company")) == 2


@DATA_ONLY
def test_a_company_that_gets_its_number_later_keeps_its_record(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jan@zakaznik.example", company="Truhlářství")

    portal.control(f"/customers/{guid}", {"billingAddress": {"companyId": "27082440"}})
    announce(portal, "customer:update", guid)
    portal.work(CUSTOMERS)
    register(portal, "ucetni@zakaznik.example", company="Truhlářství", companyId="27 082 440")

    (company,) = holds.records("company")
    assert (company["mark"], company["ico"]) == (f"shoptet:company:{guid}", "27082440")


@DATA_ONLY
def test_the_number_of_an_order_does_not_take_the_customers_own_company_away(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jan@zakaznik.example", company=JOINERY["company"])

    code = order(portal, guid, **JOINERY)
    look_at(portal, CUSTOMERS, guid)
    portal.work(CUSTOMERS)

    assert company_of(holds, code)["mark"] == "shoptet:ico:27082440"
    assert marks(holds) == {"shoptet:ico:27082440", f"shoptet:company:{guid}"}
    assert RecordLink.objects.get(kind="contact", key=guid).parent_key == f"company:{guid}"


def cash_desk_sale(portal: Portal) -> str:
    nobody = dict.fromkeys(("email", "fullName", "phone", "street", "houseNumber", "city", "zip"))
    return of_guest(portal, **nobody)


def test_a_sale_without_any_person_arrives_without_a_contact(portal: Portal, holds: Holdings) -> None:
    code = cash_desk_sale(portal)

    assert portal.job(ORDERS, code).state == "done"
    assert not holds.document(code).fields.get("contactid" if holds.dialect == "data" else "customerId")
    assert holds.records("contact") == []


@pytest.mark.parametrize("by", ["email", "id"])
def test_a_sale_without_any_person_belongs_to_the_contact_that_staff_named(portal: Portal, holds: Holdings, by: str) -> None:
    known = holds.office_adds("contact", email="pokladna@shop.example", **{"last name": "Pokladna"})
    Shop.objects.update(collective_contact=known if by == "id" else "Pokladna@shop.example")

    code = cash_desk_sale(portal)

    assert holds.document(code).fields["contactid" if holds.dialect == "data" else "customerId"] == known


def test_a_collective_contact_that_is_not_there_is_told_and_holds_no_sale(portal: Portal, holds: Holdings) -> None:
    Shop.objects.update(collective_contact="nikdo@shop.example")

    code = cash_desk_sale(portal)

    job = portal.job(ORDERS, code)
    assert (job.state, "collective_contact_unknown" in issues_of(job)) == ("done", True)


@DATA_ONLY
def test_addresses_that_differ_in_spacing_case_and_form_only_are_one(portal: Portal, holds: Holdings) -> None:
    guests = [
        {"street": "Dlouhá", "houseNumber": "12", "zip": "602 00"},
        {"street": "DLOUHÁ  12", "houseNumber": "12", "zip": "60200"},
        {"street": "Dlouha\u0301 12", "houseNumber": None, "zip": "602\u00a000", "fullName": "jan svoboda"},
    ]

    codes = [of_guest(portal, **guest) for guest in guests]

    assert len({holds.document(code).fields["prijemfakturyadd"] for code in codes}) == 1
    assert len(holds.records("address")) == 1
    assert RecordLink.objects.filter(kind="address").count() == 1


@DATA_ONLY
def test_an_order_that_is_looked_at_again_writes_nothing(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jan@zakaznik.example", company="Svoboda s.r.o.", companyId="45274649")
    code = order(portal, guid, **JOINERY)
    writes = holds.writes()

    look_at(portal, ORDERS, code)
    look_at(portal, CUSTOMERS, guid)
    portal.work(ORDERS, CUSTOMERS)

    assert holds.writes() == writes


@DATA_ONLY
def test_an_account_corrects_what_an_order_told_of_its_company(portal: Portal, holds: Holdings, pass_time: Callable[[float], None]) -> None:
    account = {"email": "ucetni@truhlarstvi.example", "fullName": "Eva Účetní"}
    own = {"company": "Truhlářství Jan S., s.r.o.", "companyId": "27082440", **HOME}
    guid = portal.control("/customers", {"account": account, "billingAddress": own})["guid"]
    pass_time(3600)
    of_guest(portal, **JOINERY, city="Plzeň")

    look_at(portal, CUSTOMERS, guid)
    portal.work(CUSTOMERS)

    (company,) = holds.records("company")
    assert (company["name"], company["town"]) == ("Truhlářství Jan S., s.r.o.", "Brno")
    assert issues_of(portal.job(CUSTOMERS, guid)) == []


@DATA_ONLY
def test_an_earlier_order_does_not_bring_back_what_its_company_was_called_then(
    portal: Portal, holds: Holdings, pass_time: Callable[[float], None]
) -> None:
    guid = register(portal, "jan@zakaznik.example")
    first = order(portal, guid, **JOINERY)
    pass_time(3600)
    order(portal, guid, **{**JOINERY, "company": "Truhlářství s.r.o."})
    pass_time(3600)

    change(portal, first, status=-3)
    portal.work()

    (company,) = holds.records("company")
    assert company["name"] == "Truhlářství s.r.o."


@DATA_ONLY
def test_a_whole_run_finds_what_the_office_keyed_in_in_any_spelling(portal: Portal, holds: Holdings) -> None:
    known = portal.bluejet.store.insert("company", name="Truhlářství", ico="270 82 440")
    account = {"email": "jan@truhlarstvi.example", "fullName": "Jan Svoboda"}
    portal.control("/customers", {"account": account, "billingAddress": {**HOME, **JOINERY}})

    portal.run(CUSTOMERS)

    # What the office keyed in stays as it is: the record was there before.
    (company,) = [row for row in portal.bluejet.store.rows("company") if row.get("externiidsupl") == "shoptet:ico:27082440"]
    assert (company["customerid"], company["ico"], company["externiidsupl"]) == (known, "270 82 440", "shoptet:ico:27082440")


@DATA_ONLY
def test_a_rehearsal_reserves_no_company(portal: Portal, holds: Holdings) -> None:
    FlowSetting.objects.update(mode=FlowSetting.Mode.SHADOW)

    register(portal, "jan@truhlarstvi.example", **JOINERY)

    assert not RecordLink.objects.filter(kind="company").exists()
