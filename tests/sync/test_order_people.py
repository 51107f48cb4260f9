"""Whom an order belongs to: the registered customer first, guests by e-mail, each person once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.happenings import CUSTOMERS, ORDERS, announce, bring, change, issues_of, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

GUEST = {"email": "Anna.Nova@zakaznik.example", "fullName": "Anna Nová", "phone": "+420777123456"}
CONTACT = {"data": "contactid", "rest": "customerId"}


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


def a_customer(portal: Portal, *, company: bool = False) -> dict[str, Any]:
    """Return one of the shop's registered customers."""
    return next(row for row in portal.shoptet.state.customers.values() if bool(row["billingAddress"]["companyId"]) is company)


def email_of(customer: dict[str, Any]) -> str:
    return str(customer["accounts"][0]["email"])


def contact_of(holds: Holdings, code: str) -> str:
    """Return the BlueJet id of the contact that the order's document names."""
    return str(holds.document(code).fields[CONTACT[holds.dialect]])


def test_two_orders_of_one_guest_share_one_contact(portal: Portal, holds: Holdings) -> None:
    first, second = place(portal, "SPO01", guest=GUEST), place(portal, "SPO01", guest={**GUEST, "email": GUEST["email"].upper()})

    portal.work()

    (contact,) = holds.contacts("anna.nova@zakaznik.example")
    assert contact_of(holds, first) == contact_of(holds, second) == contact["id"]
    assert contact["last name"] == "Nová"


def test_an_earlier_order_that_changes_later_does_not_bring_back_what_the_guest_was_called_then(
    portal: Portal, holds: Holdings, pass_time: Callable[[float], None]
) -> None:
    first = place(portal, "SPO01", guest=GUEST)
    portal.work()
    pass_time(3600)
    second = place(portal, "SPO01", guest={**GUEST, "fullName": "Anna Vdaná"})
    portal.work()
    pass_time(3600)

    change(portal, first, status=-3)
    portal.work()

    (contact,) = holds.contacts("anna.nova@zakaznik.example")
    assert contact["last name"] == "Vdaná"
    assert [(portal.job(ORDERS, code).state, issues_of(portal.job(ORDERS, code))) for code in (first, second)] == [("done", [])] * 2


def test_what_is_put_right_in_an_order_is_put_right_at_its_guest(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01", guest=GUEST)
    portal.work()

    change(portal, code, head={"billingAddress": {"fullName": "Anna Nováková"}})
    portal.work()

    (contact,) = holds.contacts("anna.nova@zakaznik.example")
    assert contact["last name"] == "Nováková"


def test_a_guest_with_a_broken_email_is_delivered_with_a_warning(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01", guest={**GUEST, "email": "anna.nova(at)zakaznik"})

    portal.work()

    job = portal.job(ORDERS, code)
    assert (job.state, "bad_email" in issues_of(job)) == ("done", True)
    assert contact_of(holds, code)


def test_two_guests_without_an_email_are_two_people(portal: Portal, holds: Holdings) -> None:
    first, second = (place(portal, "SPO01", guest={**GUEST, "email": ""}) for _ in range(2))

    portal.work()

    assert contact_of(holds, first) != contact_of(holds, second)


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("typed", ["vyzvednu osobně", "jana.example.cz", "nemám@", "@zakaznik.example", "nemam@nemam", "žluťoučký kůň"])
def test_strangers_who_type_the_same_words_for_an_email_are_two_people(portal: Portal, holds: Holdings, typed: str) -> None:
    first = place(portal, "SPO01", guest={"fullName": "Anna Nová", "email": typed})
    second = place(portal, "SPO01", guest={"fullName": "Petr Malý", "email": typed})
    portal.work()
    change(portal, first, remark="Zvonek nefunguje.")
    portal.work()

    contacts = {contact["id"]: str(contact) for contact in holds.records("contact")}
    assert "Nová" in contacts[contact_of(holds, first)] and "Malý" not in contacts[contact_of(holds, first)]
    assert "Malý" in contacts[contact_of(holds, second)] and "Nová" not in contacts[contact_of(holds, second)]


@pytest.mark.parametrize("dialect", ["data"])
def test_an_order_that_shared_such_a_contact_keeps_it(portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before_this:
        before_this.setattr("sync.flows.order.people.is_somebodys", lambda _email: True)
        first = place(portal, "SPO01", guest={"fullName": "Anna Nová", "email": "vyzvednu osobně"})
        portal.work()
    before = contact_of(holds, first)

    second = place(portal, "SPO01", guest={"fullName": "Petr Malý", "email": "vyzvednu osobně"})
    change(portal, first, remark="Zvonek nefunguje.")
    portal.work()

    assert contact_of(holds, first) == before != contact_of(holds, second)


def test_a_registered_customer_is_brought_before_the_order(portal: Portal, holds: Holdings) -> None:
    customer = a_customer(portal)
    code = place(portal, "SPO01", customer=customer["guid"])

    portal.work(ORDERS)
    waiting = portal.job(ORDERS, code)
    portal.work()

    (contact,) = holds.contacts(email_of(customer))
    assert (waiting.state, issues_of(waiting)) == ("waiting", ["waits_for_customer"])
    assert portal.job(CUSTOMERS, customer["guid"]).state == "done"
    assert contact_of(holds, code) == contact["id"]


def test_the_order_of_a_customer_who_was_deleted_goes_as_a_guests(portal: Portal, holds: Holdings) -> None:
    customer = a_customer(portal)
    code = place(portal, "SPO01", customer=customer["guid"])
    portal.control(f"/customers/{customer['guid']}", method="DELETE")

    portal.work()

    (contact,) = holds.contacts(email_of(customer))
    assert portal.job(ORDERS, code).state == "done"
    assert contact_of(holds, code) == contact["id"]


def test_a_guest_with_the_email_of_a_registered_customer_is_that_customer(portal: Portal, holds: Holdings) -> None:
    customer = a_customer(portal)
    announce(portal, "customer:create", customer["guid"])
    portal.work(CUSTOMERS)
    code = place(portal, "SPO01", guest={**GUEST, "email": email_of(customer)})

    portal.work()

    (contact,) = holds.contacts(email_of(customer))
    assert contact_of(holds, code) == contact["id"]


def test_a_guest_who_registers_later_keeps_the_one_contact(portal: Portal, holds: Holdings) -> None:
    first = place(portal, "SPO01", guest=GUEST)
    portal.work()
    registered = portal.control("/customers", {"account": {"email": GUEST["email"], "fullName": "Anna Nová"}})
    second = place(portal, "SPO01", customer=registered["guid"])

    portal.work()

    (contact,) = holds.contacts("anna.nova@zakaznik.example")
    third = place(portal, "SPO01", guest=GUEST)
    portal.work()
    assert contact_of(holds, first) == contact_of(holds, second) == contact_of(holds, third) == contact["id"]


def test_somebody_whose_account_was_deleted_can_order_as_a_guest(portal: Portal, holds: Holdings) -> None:
    customer = a_customer(portal)
    announce(portal, "customer:create", customer["guid"])
    portal.work(CUSTOMERS)
    portal.control(f"/customers/{customer['guid']}", method="DELETE")
    announce(portal, "customer:delete", customer["guid"])
    portal.work(CUSTOMERS)

    code = place(portal, "SPO01", guest={**GUEST, "email": email_of(customer)})
    portal.work()

    (contact,) = holds.contacts(email_of(customer))
    assert portal.job(ORDERS, code).state == "done"
    assert contact_of(holds, code) == contact["id"]


@pytest.mark.parametrize("dialect", ["data"])
def test_a_guest_of_a_company_brings_the_company_and_its_number(portal: Portal, holds: Holdings) -> None:
    company = {"company": "Bistro U Mostu s.r.o.", "companyId": "27074358", "vatId": "CZ27074358"}
    code = place(portal, "SPO01", guest={**GUEST, **company})

    portal.work()

    (row,) = holds.records("company")
    assert (row["name"], row["ico"], row["dic"]) == ("Bistro U Mostu s.r.o.", "27074358", "CZ27074358")
    assert holds.document(code).fields["customerid"] == row["id"]


@pytest.mark.parametrize("dialect", ["data"])
def test_an_order_keeps_the_addresses_that_it_was_placed_with(portal: Portal, holds: Holdings) -> None:
    delivery = {"fullName": "Sklad Nová", "street": "Skladová", "houseNumber": "7", "city": "Olomouc", "zip": "779 00"}
    code = place(portal, "SPO01", guest=GUEST, deliveryAddress=delivery)

    portal.work()

    fields, contact = holds.document(code).fields, contact_of(holds, code)
    towns = {row["id"]: row["town"] for row in holds.records("address")}
    owners = {row["contactid"] for row in holds.records("address")}
    assert [towns[fields["prijemfakturyadd"]], towns[fields["prijemcezboziadsupl"]]] == ["Brno", "Olomouc"]
    assert owners == {contact}


@pytest.mark.parametrize("dialect", ["data"])
def test_the_addresses_of_a_guest_who_is_registered_belong_to_the_registered_contact(portal: Portal, holds: Holdings) -> None:
    customer = a_customer(portal)
    announce(portal, "customer:create", customer["guid"])
    portal.work(CUSTOMERS)
    code = place(portal, "SPO01", guest={**GUEST, "email": email_of(customer)})

    portal.work()

    address = holds.document(code).fields["prijemfakturyadd"]
    (row,) = [row for row in holds.records("address") if row["id"] == address]
    assert row["contactid"] == contact_of(holds, code)
