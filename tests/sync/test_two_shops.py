"""Two shops on one BlueJet account: what both know is one record there, and each shop's orders are its own."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from sandbox.shoptet.customer_changes import find_customer, save_customer
from sync import migrations
from sync.admin.standing import Standing, standings
from sync.models import SyncJob
from tests.sync.happenings import CUSTOMERS, ORDERS, bring, issues_of, look_at, place
from tests.sync.portal import Portal
from tests.sync.two_shops import ADDRESS, TwoShops, register

pytestmark = pytest.mark.usefixtures("impatient")
MAIL = "jana@zakaznik.example"
GUESTS = ("host@zakaznik.example", "HOST@zakaznik.example", "jiny@zakaznik.example")
COMPANY = {"company": "Kavárna Na Nároží s.r.o.", "companyId": "27082440", "vatId": "CZ27082440"}


def fill_both(shops: TwoShops) -> list[str]:
    """Let the same people register and order in both; return the numbers of their orders, which are the same, too."""
    for portal in shops.both:
        guids = [register(portal, "firma@zakaznik.example", **COMPANY), register(portal, "jana@zakaznik.example")]
        for guid in guids:
            place(portal, "SPO01", customer=guid)
        for email in GUESTS:
            place(portal, "SPO02", "SPO01", guest={"email": email, "fullName": "Host Novák", **ADDRESS})
        place(portal, "SPO01", guest={"email": "nakup@firma.example", "fullName": "Nákupčí", **ADDRESS, **COMPANY})
    codes = [sorted(portal.shoptet.state.orders) for portal in shops.both]
    assert codes[0] == codes[1]
    return codes[0]


def test_both_shops_are_whole_and_what_both_know_is_there_once_and_a_second_pass_writes_nothing(shops: TwoShops) -> None:
    codes = fill_both(shops)
    shops.work()
    shops.pass_over(CUSTOMERS, ORDERS)
    before = shops.books.writes()
    shops.pass_over(CUSTOMERS, ORDERS)

    assert shops.books.writes() == before
    assert shops.stopped() == []
    assert [len(shops.documents(portal, code)) for portal in shops.both for code in codes] == [1] * 2 * len(codes)
    assert shops.twice() == []
    assert shops.books.dialect == "rest" or shops.addresses_twice() == []


def look(shops: TwoShops, guids: list[str]) -> None:
    """Have both shops look at this customer, the older first."""
    for portal, guid in zip(shops.both, guids, strict=True):
        look_at(portal, CUSTOMERS, guid)
        portal.work(CUSTOMERS)


def change_phone(portal: Portal, guid: str, phone: str) -> None:
    shop = portal.shoptet.state
    customer = find_customer(shop, guid)
    save_customer(shop, {**customer, "accounts": [{**customer["accounts"][0], "phone": phone}]})


def contact(shops: TwoShops, email: str) -> dict[str, object]:
    (found,) = shops.books.contacts(email)
    return shops.row("contact", str(found["id"]))


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize(
    ("telephones", "expected"),
    [
        (("+420777111222", "+420777111222"), "+420777111222"),
        (("+420777111222", "+420608999888"), "+420777111222"),
        (("", "+420608999888"), "+420608999888"),
        (("+420777111222", ""), "+420777111222"),
    ],
)
def test_what_the_second_shop_says_otherwise_of_a_customer_is_shown_and_what_the_first_did_not_say_is_filled_in(
    shops: TwoShops, telephones: tuple[str, str], expected: str
) -> None:
    guids = [register(portal, MAIL, phone=phone) for portal, phone in zip(shops.both, telephones, strict=True)]
    look(shops, guids)

    job = shops.second.job(CUSTOMERS, guids[1])
    assert contact(shops, MAIL)["mobilephone"] == expected
    assert ("changed_in_bluejet" in issues_of(job)) == (telephones[1] not in (expected, ""))


@pytest.mark.parametrize("dialect", ["data"])
def test_the_later_change_of_either_shop_goes_over_what_the_other_sent_and_both_come_to_rest(shops: TwoShops) -> None:
    guids = [register(portal, MAIL, phone=phone) for portal, phone in zip(shops.both, ("+420777111222", "+420608999888"), strict=True)]
    look(shops, guids)

    held = []
    for portal, guid, phone in ((1, guids[1], "+420605000001"), (0, guids[0], "+420605000002"), (1, guids[1], "+420605000003")):
        change_phone(shops.both[portal], guid, phone)
        look(shops, guids)
        held.append(contact(shops, MAIL)["mobilephone"])
    before = shops.books.writes()
    look(shops, guids)

    assert held == ["+420605000001", "+420605000002", "+420605000003"]
    assert shops.books.writes() == before
    assert shops.twice() == []


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("who", [0, 1])
def test_what_the_office_changed_is_not_written_over_and_both_values_are_shown(shops: TwoShops, who: int) -> None:
    guids = [register(portal, MAIL) for portal in shops.both]
    look(shops, guids)
    row = contact(shops, MAIL)
    shops.first.bluejet.store.change("contact", str(row["contactid"]), mobilephone="+420900900900")

    change_phone(shops.both[who], guids[who], "+420605000001")
    look(shops, guids)

    job = shops.both[who].job(CUSTOMERS, guids[who])
    told = [issue["params"] for issue in job.issues if issue["code"] == "changed_in_bluejet"]
    assert contact(shops, MAIL)["mobilephone"] == "+420900900900"
    assert [(one["ours"], one["theirs"], one["done"]) for one in told] == [("+420605000001", "+420900900900", "kept")]


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("registered_first", [True, False])
def test_a_guest_of_one_shop_changes_nothing_of_a_customer_of_the_other(shops: TwoShops, registered_first: bool) -> None:
    bring(shops.first, "SPO01")
    steps = [
        lambda: look_at(shops.first, CUSTOMERS, register(shops.first, MAIL, phone="+420777111222")),
        lambda: place(shops.second, "SPO01", guest={"email": MAIL, "fullName": "Jana Jiná", "phone": "+420608999888", **ADDRESS}),
    ]
    for step in steps if registered_first else reversed(steps):
        step()
        shops.work()

    assert contact(shops, MAIL)["lastname"] == "Nová"
    assert contact(shops, MAIL)["mobilephone"] == "+420777111222"
    assert shops.stopped() == []


def test_a_strangers_mark_parks_as_it_always_did(shops: TwoShops) -> None:
    shops.books.office_adds("contact", mark="heureka:77", email=MAIL, **{"last name": "Jiná"})
    guid = register(shops.second, MAIL)

    look_at(shops.second, CUSTOMERS, guid)
    shops.work()

    job = shops.second.job(CUSTOMERS, guid)
    assert (job.state, issues_of(job)) == ("parked", ["foreign_record"])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_nothing_is_put_away_while_the_other_shop_still_has_it(shops: TwoShops, order: tuple[int, int]) -> None:
    guids = [register(portal, MAIL) for portal in shops.both]
    look(shops, guids)
    archived, told = [], []

    for one in order:
        portal = shops.both[one]
        portal.control(f"/customers/{guids[one]}", method="DELETE")
        look_at(portal, CUSTOMERS, guids[one], deleted=True)
        shops.work()
        archived.append(shops.books.contacts(MAIL)[0]["archived"])
        job = portal.job(CUSTOMERS, guids[one])
        told.append((issues_of(job), standings([job])[job.pk].standing))

    assert archived == [False, True]
    assert told == [(["kept_for_other_shop"], Standing.KEPT), ([], Standing.ARCHIVED)]


def test_whoever_comes_back_is_taken_back_whichever_shop_put_him_away(shops: TwoShops) -> None:
    guid = register(shops.first, MAIL)
    look_at(shops.first, CUSTOMERS, guid)
    shops.work()
    shops.first.control(f"/customers/{guid}", method="DELETE")
    look_at(shops.first, CUSTOMERS, guid, deleted=True)
    shops.work()
    put_away = shops.books.contacts(MAIL)[0]["archived"]

    look_at(shops.second, CUSTOMERS, register(shops.second, MAIL))
    shops.work()

    assert (put_away, [one["archived"] for one in shops.books.contacts(MAIL)]) == (True, [False])


@pytest.mark.parametrize("dialect", ["data"])
def test_what_stood_parked_for_a_record_of_the_other_shop_goes_on_after_the_migration(shops: TwoShops) -> None:
    guids = {mark: register(shops.second, f"{number}@zakaznik.example") for number, mark in enumerate(("shoptet:x", "heureka:77"))}
    for mark, guid in guids.items():
        look_at(shops.second, CUSTOMERS, guid)
        issue = {"code": "foreign_record", "severity": "error", "field": "", "params": {"owner": mark, "ids": "1", "field": "e-mail"}}
        SyncJob.objects.filter(key=guid).update(state="parked", issues=[issue])

    (module,) = Path(str(migrations.__path__[0])).glob("*_parked_for_a_shared_record.py")
    import_module(f"sync.migrations.{module.stem}").let_go_on(apps, None)

    assert [shops.second.job(CUSTOMERS, guid).state for guid in guids.values()] == ["queued", "parked"]
