"""BlueJet down for two hours, the portal down for a day: afterwards everything is there, and no person was needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone

from shops.models import FlowName
from sync.flows.stock import MOVEMENTS
from sync.models import Breaker, SyncJob
from tests.promises.partners import expected_lines, held_lines
from tests.promises.stack import Stack, is_quiet, order_event
from tests.promises.waiting import until
from webhooks.models import WebhookEvent

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
Record = dict[str, Any]
TWO_HOURS = 7200
OUTAGE = 24.0
# At this pace Shoptet's three attempts, 15 minutes apart, are over within seconds.
SHOPTET_PACE = "900"


@pytest.fixture
def stack(request: pytest.FixtureRequest, make_stack: Callable[..., Stack]) -> Stack:
    """Return a stack on which time runs as fast as the test wants."""
    return make_stack(**getattr(request, "param", {}))


def needs_a_person() -> bool:
    """Whether anything stopped that would not go on by itself."""
    return SyncJob.objects.needs_attention().exists() or WebhookEvent.objects.filter(status="failed").exists()


def assert_orders_agree(stack: Stack, codes: list[str]) -> None:
    """Hold BlueJet's documents against the shop's orders."""
    documents, orders = stack.bluejet.documents(), stack.shoptet.orders()
    assert {code: len(found) for code, found in documents.items() if code in codes} == dict.fromkeys(codes, 1)
    assert {code: held_lines(documents[code][0][1]) for code in codes} == {code: expected_lines(orders[code]) for code in codes}
    assert not stack.bluejet.duplicates("product", "contact", "company", "address", "stock_card", "offer_line", "order_line")


@pytest.mark.parametrize("stack", [{"SYNC_TIME_SCALE": str(TWO_HOURS / OUTAGE)}], indirect=True, ids=["scaled"])
def test_after_two_hours_without_bluejet_all_that_came_meanwhile_arrives_and_nobody_was_needed(stack: Stack) -> None:
    stack.start()
    stack.shoptet.keep_quiet()
    variants, customers = stack.shoptet.variants(), list(stack.shoptet.state()["customers"])
    stack.bluejet.call("/down", {"seconds": OUTAGE})
    codes, called, was_open, pause = [], False, False, threading.Event()

    for number in range(30):
        buyer = {"customer": customers[number % 10]} if number % 2 else {"guest": {"email": f"guest{number}@host.example"}}
        codes.append(stack.shoptet.place(variants[number], variants[0], **buyer))
        assert stack.deliver(order_event(codes[-1]))[0] == 200
        pause.wait(OUTAGE / 30)
        called = called or needs_a_person()
        was_open = was_open or Breaker.objects.filter(partner__startswith="bluejet", opened_at__isnull=False).exists()

    def is_over() -> bool:
        nonlocal called
        called = called or needs_a_person()
        return is_quiet()

    until(is_over, "all has arrived", seconds=120)
    assert (was_open, called) == (True, False)
    assert not Breaker.objects.filter(opened_at__isnull=False).exists()
    assert_orders_agree(stack, codes)


def quoted(code: str) -> str:
    """Return a variant's code as a part of an address; it may hold a slash."""
    return quote(code, safe="")


class Day:
    """What happens in the shop on one day, to records of its own each time."""

    def __init__(self, stack: Stack, number: int) -> None:
        self.stack, shop = stack, stack.shoptet
        state = shop.state()
        self.variants, self.customers, self.orders = shop.variants(), list(state["customers"]), list(state["orders"])
        self.first = 5 * number
        self.email = f"new{number}@zakaznik.example"

    def pass_by(self) -> None:
        """Let a day pass in the shop."""
        shop, first = self.stack.shoptet, self.first
        self.priced, self.counted, self.sold, self.ended, other = self.variants[first : first + 5]
        self.new_orders = [shop.place(self.sold, self.priced), shop.place(other, customer=self.customers[first])]
        self.changed_order, self.paid_order, self.deleted_order = self.orders[first : first + 3]
        shop.call(f"/orders/{self.changed_order}", {"add": [other], "notes": {"customerRemark": "Přidejte ještě jeden"}})
        shop.call(f"/orders/{self.paid_order}/status", {"status": -2, "paid": True})
        shop.call(f"/orders/{self.deleted_order}", method="DELETE")
        shop.call(f"/products/{quoted(self.priced)}/price", {"price": "4321"})
        shop.call(f"/products/{quoted(self.counted)}/stock", {"change": "17", "stock": 1})
        shop.call(f"/products/{quoted(self.ended)}", method="DELETE")
        shop.call(f"/customers/{self.customers[first]}", {"billingAddress": {"city": "Nové Město"}})
        shop.call("/customers", {"account": {"email": self.email, "fullName": "Nová Zákaznice"}, "billingAddress": {"city": "Zlín"}})

    def assert_arrived(self) -> None:
        """Hold what BlueJet says now against what happened."""
        books, shop = self.stack.bluejet, self.stack.shoptet
        assert_orders_agree(self.stack, [*self.new_orders, self.changed_order])
        documents, products, contacts = books.documents(), books.ours("product"), books.ours("contact")
        assert documents[self.changed_order][0][0]["poznamka"] == "Přidejte ještě jeden"
        assert [header["stavuhrady"] for header, _ in documents[self.paid_order]][-1] == "Uhrazeno"
        assert documents[self.deleted_order][0][0]["statuscode"] == "Stornovaná"
        assert Decimal(products[self.priced][0]["cenaprodej" if not self._includes_vat() else "cenadphprodej"]) == 4321
        assert products[self.ended][0]["vyrazenosupl"] == "1"
        assert contacts[self.customers[self.first]][0]["town"] == "Nové Město"
        assert self.email in {row["emailaddress1"] for (row,) in contacts.values()}
        for code in (self.counted, self.sold):
            cards = books.ours("stock_card")
            for stock in shop.get(f"/products/{quoted(code)}")["stocks"]:
                (card,) = cards[f"{stock['stockId']}:{code}"]
                assert Decimal(card["mnozstvi"]) == Decimal(stock["amount"]) + Decimal(stock["claim"])
                assert Decimal(card["mnozstvirezervovane"]) == Decimal(stock["claim"])

    def _includes_vat(self) -> bool:
        return bool(self.stack.shoptet.get(f"/products/{quoted(self.priced)}")["variant"]["includingVat"])


def all_attempts_failed(stack: Stack) -> bool:
    """Whether Shoptet has given up every delivery that it could not make."""
    rows = stack.shoptet.get("/webhooks")["notifications"]
    return bool(rows) and {(row["status"], row["attempts"], row["active"]) for row in rows} == {("failed", 3, False)}


def catch_up(stack: Stack) -> None:
    """Do what beat has done every quarter of an hour, once, and all that follows from it."""
    begun = timezone.now()
    stack.beat.send("maintenance.catch_up")
    movements = SyncJob.objects.filter(key__startswith=MOVEMENTS, asked_by="catch-up", changed_at__gt=begun)
    until(movements.exists, "catch-up has looked at everything")
    stack.wait_until_quiet(seconds=120)


def test_after_a_day_without_the_portal_catch_up_brings_everything_that_happened_in_the_shop(stack: Stack) -> None:
    shop = stack.start("--products", "40", "--customers", "20", "--orders", "0", "--time-scale", SHOPTET_PACE)
    stack.shoptet.keep_quiet()
    stack.shoptet.place_many(10, *stack.shoptet.variants()[10:12])
    flows = (FlowName.CUSTOMER_TO_BLUEJET, FlowName.PRODUCT_TO_BLUEJET, FlowName.STOCK_TO_BLUEJET, FlowName.ORDER_TO_BLUEJET)
    stack.pass_over(shop, *flows)
    catch_up(stack)
    stack.beat.stop()
    stack.kill_workers()
    stack.kill_web()
    stack.shoptet.keep_quiet(False)
    events = WebhookEvent.objects.count()

    told, untold = Day(stack, 0), Day(stack, 1)
    told.pass_by()
    until(lambda: all_attempts_failed(stack), "Shoptet has given up")
    stack.shoptet.keep_quiet()
    untold.pass_by()
    stack.start_web()
    stack.start_workers()
    stack.beat.start()
    catch_up(stack)

    assert WebhookEvent.objects.filter(source="catch-up").count() > events == 0
    assert not needs_a_person()
    told.assert_arrived()
    untold.assert_arrived()
