"""Customers to BlueJet: a contact each, a company once for all who work there, addresses that follow the shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sync.models import RecordLink
from tests.sync.happenings import CUSTOMERS, announce, issues_of, look_at
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

DATA_ONLY = pytest.mark.parametrize("dialect", ["data"])
COMPANY = {"company": "Kavárna Na Nároží s.r.o.", "companyId": "27082440", "vatId": "CZ27082440"}


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def register(portal: Portal, email: str, name: str = "Jana Malá", **billing: Any) -> str:
    """Let somebody register, and Shoptet announce it; return the customer's GUID."""
    address = {"street": "Dlouhá", "houseNumber": "5", "city": "Brno", "zip": "602 00", **billing}
    made = portal.control(
        "/customers", {"account": {"email": email, "fullName": name, "phone": "+420777111222"}, "billingAddress": address}
    )
    announce(portal, "customer:create", made["guid"])
    portal.work(CUSTOMERS)
    return str(made["guid"])


def move(portal: Portal, guid: str, **billing: Any) -> None:
    """Let a customer change the billing address, and Shoptet announce it."""
    portal.control(f"/customers/{guid}", {"billingAddress": billing})
    announce(portal, "customer:update", guid)
    portal.work(CUSTOMERS)


def mine(rows: list[dict[str, Any]], mark: str) -> Mapping[str, Any]:
    (found,) = [row for row in rows if row["mark"] == f"shoptet:{mark}"]
    return found


def test_a_customer_is_a_contact_with_the_name_split(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jana@zakaznik.example", "Ing. Jana Malá")

    contact = mine(holds.records("contact"), guid)
    first, last = ("firstname", "lastname") if holds.dialect == "data" else ("firstName", "lastName")
    assert (contact[first], contact[last]) == ("Jana", "Malá")


@DATA_ONLY
def test_two_customers_of_one_company_share_it(portal: Portal, holds: Holdings) -> None:
    guids = [register(portal, f"{name}@kavarna.example", **COMPANY) for name in ("jana", "petr")]

    (company,) = holds.records("company")
    owners = {mine(holds.records("contact"), guid)["customerid"] for guid in guids}
    assert (company["ico"], company["dic"], company["mark"]) == ("27082440", "CZ27082440", "shoptet:ico:27082440")
    assert owners == {company["id"]}


@DATA_ONLY
def test_a_company_that_the_office_keyed_in_is_adopted_by_its_number(portal: Portal, holds: Holdings) -> None:
    (known,) = portal.bluejet.store.find("company", "ico", "27074358")

    guid = register(portal, "provoz@most.example", company="Bistro U Mostu s.r.o.", companyId="270 74 358")

    assert mine(holds.records("contact"), guid)["customerid"] == known["customerid"]
    assert len(portal.bluejet.store.find("company", "ico", "27074358")) == 1


@DATA_ONLY
def test_a_number_without_its_leading_zeros_is_the_same_company(portal: Portal, holds: Holdings) -> None:
    register(portal, "jana@urad.example", company="Město Lípa", companyId="00260428")
    register(portal, "petr@urad.example", company="Město Lípa", companyId="260428")

    assert [row["mark"] for row in holds.records("company")] == ["shoptet:ico:00260428"]


@DATA_ONLY
def test_a_company_without_a_number_belongs_to_its_customer_alone(portal: Portal, holds: Holdings) -> None:
    first, second = (register(portal, f"{name}@spolek.example", company="Spolek přátel kávy") for name in ("a", "b"))

    assert {row["mark"] for row in holds.records("company")} == {f"shoptet:company:{first}", f"shoptet:company:{second}"}


@DATA_ONLY
def test_addresses_belong_to_the_contact_and_the_company(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jana@kavarna.example", **COMPANY)

    billing = mine(holds.records("address"), f"{guid}:billing")
    assert (billing["street1"], billing["town"], billing["zipcode"]) == ("Dlouhá 5", "Brno", "602 00")
    assert billing["contactid"] == mine(holds.records("contact"), guid)["id"]
    assert billing["customerid"] == mine(holds.records("company"), "ico:27082440")["id"]


def test_a_new_address_changes_the_record_that_is_there(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jana@zakaznik.example")
    before = mine(holds.records("contact"), guid)["id"]

    move(portal, guid, city="Olomouc", zip="779 00")

    contact = mine(holds.records("contact"), guid)
    town = contact["town"] if holds.dialect == "data" else contact["billingAddress"]["city"]
    assert (contact["id"], town) == (before, "Olomouc")


@DATA_ONLY
def test_a_moved_customer_has_one_billing_address(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jana@zakaznik.example")

    move(portal, guid, city="Olomouc", zip="779 00")

    assert [row["town"] for row in holds.records("address") if row["mark"] == f"shoptet:{guid}:billing"] == ["Olomouc"]


def test_an_announcement_without_a_change_writes_nothing(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jana@kavarna.example", **COMPANY)
    writes = holds.writes()

    look_at(portal, CUSTOMERS, guid)
    portal.work(CUSTOMERS)

    assert holds.writes() == writes


def test_a_deleted_customer_is_put_away(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jana@zakaznik.example")

    portal.control(f"/customers/{guid}", method="DELETE")
    announce(portal, "customer:delete", guid)
    portal.work(CUSTOMERS)

    (contact,) = holds.contacts("jana@zakaznik.example")
    assert contact["archived"]
    assert RecordLink.objects.get(kind="contact", key=guid).archived


def test_somebody_who_registers_again_gets_the_old_contact_back(portal: Portal, holds: Holdings) -> None:
    first = register(portal, "jana@zakaznik.example")
    portal.control(f"/customers/{first}", method="DELETE")
    announce(portal, "customer:delete", first)
    portal.work(CUSTOMERS)
    (before,) = holds.contacts("jana@zakaznik.example")

    second = register(portal, "jana@zakaznik.example")

    (after,) = holds.contacts("jana@zakaznik.example")
    assert portal.job(CUSTOMERS, second).state == "done"
    assert (before["archived"], after["archived"], after["id"]) == (True, False, before["id"])


@DATA_ONLY
def test_the_company_of_a_deleted_customer_stays(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jana@kavarna.example", **COMPANY)

    portal.control(f"/customers/{guid}", method="DELETE")
    announce(portal, "customer:delete", guid)
    portal.work(CUSTOMERS)

    assert mine(holds.records("company"), "ico:27082440").get("vyrazenosupl") != "1"


def test_two_contacts_with_the_customers_email_are_shown_to_a_person(portal: Portal, holds: Holdings) -> None:
    known = {holds.office_adds("contact", email="jana@zakaznik.example", **{"last name": name}) for name in ("Malá", "Nová")}

    guid = register(portal, "jana@zakaznik.example")

    job = portal.job(CUSTOMERS, guid)
    assert (job.state, issues_of(job), set(job.issues[0]["params"]["ids"].split(", "))) == ("parked", ["candidates"], known)


def test_a_contact_that_the_office_keyed_in_is_adopted_by_its_email(portal: Portal, holds: Holdings) -> None:
    known = holds.office_adds("contact", email="Jana@Zakaznik.example", **{"last name": "Malá"})

    guid = register(portal, "jana@zakaznik.example")

    assert mine(holds.records("contact"), guid)["id"] == known


def test_two_registered_customers_with_one_email_do_not_take_each_others_contact(portal: Portal, holds: Holdings) -> None:
    first = register(portal, "spolecny@zakaznik.example", "Jana Malá")

    second = register(portal, "spolecny@zakaznik.example", "Petr Malý")

    job = portal.job(CUSTOMERS, second)
    assert (job.state, issues_of(job)) == ("parked", ["foreign_record"])
    assert mine(holds.records("contact"), first)


def test_a_registered_customer_with_a_broken_email_is_delivered_without_it_with_a_warning(portal: Portal, holds: Holdings) -> None:
    guid = register(portal, "jana@zakaznik")

    job = portal.job(CUSTOMERS, guid)
    assert (job.state, "bad_email" in issues_of(job)) == ("done", True)
    assert "jana@zakaznik" not in mine(holds.records("contact"), guid).values()
