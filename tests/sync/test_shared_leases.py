"""Two shops of one BlueJet account at the same moment: one record of both is written by one of them at a time, and made once."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clients.bluejet.session import Login
from sandbox.shoptet.customer_changes import find_customer, save_customer
from sync.models import RecordLease
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, bring, guid_of, issues_of, look_at, place
from tests.sync.portal import Portal
from tests.sync.two_shops import ADDRESS, TwoShops, register

pytestmark = pytest.mark.usefixtures("impatient")
PassTime = Callable[[float], None]
MAIL = "jana@zakaznik.example"
COMPANY = {"company": "Kavárna Na Nároží s.r.o.", "companyId": "27082440", "vatId": "CZ27082440"}


def in_the_middle_of_the_first_write(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Have something happen once, when the first request that writes is about to go out."""
    send_with, pending = Login._send_with, [happens]

    def watched(self: Login, token: str, method: str, *arguments: Any) -> Any:
        if method != "GET" and pending:
            pending.pop()()
        return send_with(self, token, method, *arguments)

    monkeypatch.setattr(Login, "_send_with", watched)


def ask_for_customer(portal: Portal) -> None:
    look_at(portal, CUSTOMERS, register(portal, MAIL, **COMPANY))


def ask_for_guest(portal: Portal) -> None:
    place(portal, "SPO01", guest={"email": MAIL, "fullName": "Jana Nová", **ADDRESS, **COMPANY})


def ask_for_product(portal: Portal) -> None:
    portal.shop.owns_products = True
    portal.shop.save()
    look_at(portal, PRODUCTS, guid_of(portal, "SPO02"))


@pytest.mark.parametrize("wish", [ask_for_customer, ask_for_guest, ask_for_product])
def test_two_shops_that_make_the_same_at_the_same_moment_make_one_record(
    shops: TwoShops, monkeypatch: pytest.MonkeyPatch, wish: Callable[[Portal], None]
) -> None:
    bring(shops.first, "SPO01")
    for portal in shops.both:
        wish(portal)

    in_the_middle_of_the_first_write(monkeypatch, lambda: shops.second.work(CUSTOMERS, ORDERS, PRODUCTS, rounds=2))
    shops.first.work(CUSTOMERS, ORDERS, PRODUCTS)
    monkeypatch.undo()
    shops.wait()

    assert shops.stopped() == []
    assert shops.twice() == []
    assert not RecordLease.objects.exists()


def test_after_an_answer_that_one_shop_lost_the_other_waits_too_and_makes_nothing_twice(shops: TwoShops, pass_time: PassTime) -> None:
    guids = [register(portal, MAIL) for portal in shops.both]
    no, match = (222, "") if shops.books.dialect == "data" else (0, "contacts")
    shops.first.bluejet.fault("drop_after", method="POST", no=no, match=match, times=1)
    for portal, guid in zip(shops.both, guids, strict=True):
        look_at(portal, CUSTOMERS, guid)
        portal.work(CUSTOMERS, rounds=1)

    early = [issues_of(portal.job(CUSTOMERS, guid)) for portal, guid in zip(shops.both, guids, strict=True)]
    pass_time(200)
    shops.work()

    assert early == [["outcome_unknown"], ["outcome_unknown"]]
    assert shops.stopped() == []
    assert len(shops.books.contacts(MAIL)) == 1


@pytest.mark.parametrize("dialect", ["data"])
def test_a_record_that_another_shop_is_writing_is_let_alone_and_one_that_a_dead_worker_left_is_read_first(
    shops: TwoShops, pass_time: PassTime
) -> None:
    guids = [register(portal, MAIL) for portal in shops.both]
    for portal, guid in zip(shops.both, guids, strict=True):
        look_at(portal, CUSTOMERS, guid)
        portal.work(CUSTOMERS)
    (contact,) = shops.books.contacts(MAIL)
    other = {"holder": uuid.uuid4(), "held_until": timezone.now() + timedelta(seconds=60)}
    RecordLease.objects.create(account=shops.first.shop.bluejet, kind="contact", subject=f"id:{contact['id']}", **other)

    change_phone(shops.second, guids[1], "+420605000001")
    look_at(shops.second, CUSTOMERS, guids[1])
    shops.second.work(CUSTOMERS, rounds=1)
    early = issues_of(shops.second.job(CUSTOMERS, guids[1]))
    pass_time(61)
    shops.second.work(CUSTOMERS)

    assert early == ["busy"]
    assert shops.row("contact", str(contact["id"]))["mobilephone"] == "+420605000001"
    assert not RecordLease.objects.exists()


def change_phone(portal: Portal, guid: str, phone: str) -> None:
    shop = portal.shoptet.state
    customer = find_customer(shop, guid)
    save_customer(shop, {**customer, "accounts": [{**customer["accounts"][0], "phone": phone}]})


PERSONS = itertools.count()
STEPS = st.sampled_from(["registers", "orders", "changes", "office", "goes", "work"])


@pytest.mark.parametrize("dialect", ["data"])
# A story that fails is short enough to be read as it is.
@settings(max_examples=8, phases=[Phase.generate], deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(STEPS, st.integers(0, 1)), min_size=4, max_size=9))
def test_however_the_two_shops_events_fall_a_person_is_there_once_and_both_come_to_rest(
    shops: TwoShops, steps: list[tuple[str, int]]
) -> None:
    story = Story(shops, f"person{next(PERSONS)}@zakaznik.example")
    for step, who in steps:
        story.happen(step, shops.both[who])
    shops.wait()
    story.look_at_all()
    before = shops.books.writes()
    story.look_at_all()

    assert shops.books.writes() == before
    assert shops.stopped() == []
    assert len(shops.books.contacts(story.email)) == (1 if story.is_known else 0)


class Story:
    """What one person does in two shops, and what the office does with his record."""

    def __init__(self, shops: TwoShops, email: str) -> None:
        self.shops, self.email, self.number = shops, email, 0
        self.accounts: dict[str, str] = {}
        self.orders: list[tuple[Portal, str]] = []
        self.is_known = False
        bring(shops.first, "SPO01")

    def happen(self, step: str, portal: Portal) -> None:
        """Let one thing happen at this shop."""
        self.number += 1
        getattr(self, f"_{step}")(portal)

    def look_at_all(self) -> None:
        """Have both look at everything of theirs."""
        for portal in self.shops.both:
            if guid := self.accounts.get(portal.shop.name):
                look_at(portal, CUSTOMERS, guid)
        for portal, code in self.orders:
            look_at(portal, ORDERS, code)
        self.shops.wait()

    def _registers(self, portal: Portal) -> None:
        if portal.shop.name not in self.accounts:
            self.accounts[portal.shop.name] = register(portal, self.email, phone=f"+42060500{self.number:04}")
            look_at(portal, CUSTOMERS, self.accounts[portal.shop.name])
            self.is_known = True

    def _orders(self, portal: Portal) -> None:
        guest = {"email": self.email, "fullName": f"Host {self.number}", "phone": f"+42060600{self.number:04}", **ADDRESS}
        self.orders.append((portal, place(portal, "SPO01", guest=guest)))
        self.is_known = True

    def _changes(self, portal: Portal) -> None:
        if guid := self.accounts.get(portal.shop.name):
            change_phone(portal, guid, f"+42060700{self.number:04}")
            look_at(portal, CUSTOMERS, guid)

    def _office(self, portal: Portal) -> None:
        for row in self.shops.books.contacts(self.email):
            self.shops.first.bluejet.store.change("contact", str(row["id"]), mobilephone=f"+42090000{self.number:04}")

    def _goes(self, portal: Portal) -> None:
        if guid := self.accounts.pop(portal.shop.name, None):
            portal.control(f"/customers/{guid}", method="DELETE")
            look_at(portal, CUSTOMERS, guid, deleted=True)

    def _work(self, portal: Portal) -> None:
        portal.work(CUSTOMERS, ORDERS)
