"""Credentials that a partner refuses under load: one alarm and a handful of requests, and all arrives once others are saved."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.urls import reverse

from shops.models import BlueJetAccount, Shop
from sync.models import Breaker, SyncJob
from sync.partners import bluejet_name, shoptet_name
from tests.promises.partners import expected_lines, held_lines
from tests.promises.person import Person
from tests.promises.stack import Stack, is_quiet, now, order_event
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
ORDERS = 60
NEW = "222651-p-40113-made-anew"
# So long the sweepers send the workers out each second, and nothing may be asked.
LOOKED_ON = 8
HANDFUL = 8


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """Return a stack on which the five minutes between two probes last, and whose pages need no files that a release has built."""
    return make_stack(SYNC_TIME_SCALE="1", DEBUG="true")


class Shoptet:
    """The shop's administration makes another token; the portal's staff copy it."""

    label, words = "Shoptet", "Shoptet (Gastro"

    def __init__(self, stack: Stack, shop: Shop) -> None:
        self.stack, self.partner = stack, shoptet_name(shop)
        self.form = "shop_form", reverse("admin:shops_shop_change", args=[shop.pk]), {"api_token": NEW}

    def rotate(self) -> None:
        self.stack.shoptet.call("/token", {"token": NEW})

    def asked(self) -> int:
        return int(self.stack.shoptet.get("/stats")["requests"])


class BlueJet:
    """BlueJet's administrator gives the portal's user another token hash."""

    def __init__(self, stack: Stack, shop: Shop) -> None:
        self.stack, self.partner = stack, bluejet_name(shop.bluejet)
        self.form = "bluejetaccount_form", reverse("admin:shops_bluejetaccount_change", args=[shop.bluejet_id]), {"token_hash": NEW}

    def rotate(self) -> None:
        self.stack.bluejet.call("/options", {"token_hash": NEW})
        self.stack.bluejet.call("/expire-sessions")

    def asked(self) -> int:
        return int(self.stack.bluejet.get("/stats")["total"])


def refused(partner: str) -> bool:
    """Whether the portal knows that the partner refuses the credentials."""
    return any(row.refuses_us for row in Breaker.objects.filter(partner=partner))


@pytest.mark.parametrize("make_side", [Shoptet, BlueJet])
def test_a_key_that_was_changed_under_load_is_one_alarm_and_all_orders_arrive_once_the_new_one_is_saved(
    stack: Stack, make_side: Callable[[Stack, Shop], Shoptet | BlueJet]
) -> None:
    shop = stack.start(workers=2, concurrency=3)
    side, person = make_side(stack, shop), Person(stack.address)
    person.log_in()
    stack.shoptet.keep_quiet()
    variants = stack.shoptet.variants()
    at, codes = now(), stack.shoptet.place_many(ORDERS, variants[0], variants[1])
    half = ORDERS // 2
    calm = person.read("/admin/")

    for code in codes[:half]:
        assert stack.deliver(order_event(code, at=at))[0] == 200
    until(lambda: len(stack.bluejet.documents()) >= 5, "some orders have arrived")
    before = side.asked()
    side.rotate()
    for code in codes[half:]:
        assert stack.deliver(order_event(code, at=at))[0] == 200
    until(lambda: refused(side.partner), "the portal knows that the credentials are refused")
    until(lambda: not SyncJob.objects.filter(state="running").exists(), "nobody is at work any more")
    known = side.asked()
    threading.Event().wait(LOOKED_ON)

    at_rest, red = side.asked(), person.read("/admin/")
    tries = set(SyncJob.objects.values_list("tries", flat=True))
    form, address, credentials = side.form
    page = person.save(address, form, **credentials)
    until(lambda: not refused(side.partner), "the new credentials work", seconds=30)
    until(is_quiet, "everything has arrived", seconds=150)

    words = "has refused the portal&#x27;s credentials since"
    assert (words in calm, words in red, words in person.read("/admin/")) == (False, True, False)
    assert 'class="alarm"' in red
    assert address in red
    assert "The credentials are being tried" in page
    assert "The credentials work; last tried" in person.read(address)
    assert at_rest == known
    assert tries == {0}
    assert Breaker.objects.filter(opened_at__isnull=False).count() == 0
    documents, orders = stack.bluejet.documents(), stack.shoptet.orders()
    assert {code: len(documents[code]) for code in codes} == dict.fromkeys(codes, 1)
    assert {code: held_lines(documents[code][0][1]) for code in codes} == {code: expected_lines(orders[code]) for code in codes}
    assert before <= known
    assert BlueJetAccount.objects.count() == 1


@pytest.mark.parametrize("make_side", [Shoptet, BlueJet])
def test_due_jobs_by_the_hundred_cost_a_handful_of_refused_requests(
    stack: Stack, make_side: Callable[[Stack, Shop], Shoptet | BlueJet]
) -> None:
    stack.start_partners("--products", "40", "--customers", "20", "--orders", "0")
    shop = stack.set_up_shop()
    stack.start_web()
    side = make_side(stack, shop)
    stack.shoptet.keep_quiet()
    codes = stack.shoptet.place_many(200, stack.shoptet.variants()[0])
    for code in codes:
        assert stack.deliver(order_event(code))[0] == 200
    side.rotate()
    before = side.asked()

    stack.beat.start()
    stack.start_workers(2, concurrency=3)
    until(lambda: SyncJob.objects.count() >= 200, "every event has its job", seconds=120)
    until(lambda: refused(side.partner), "the portal knows that the credentials are refused")
    threading.Event().wait(LOOKED_ON)

    assert side.asked() - before <= HANDFUL
    assert set(SyncJob.objects.values_list("tries", flat=True)) == {0}
