"""Nothing is lost and nothing is doubled, however often and in whatever order Shoptet tells of it."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest

from shops.models import FlowName
from sync.models import SyncRun
from tests.promises.partners import expected_lines, held_lines
from tests.promises.stack import Stack, is_over, now, order_event
from tests.promises.waiting import until
from webhooks.models import WebhookEvent

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]
CLIENTS = 5


def place_orders(stack: Stack) -> list[str]:
    """Place 200 orders of ten kinds: guests and customers, discounts, gifts, a foreign currency, a rounded total."""
    codes, customers = stack.shoptet.variants(), list(stack.shoptet.state()["customers"])
    kinds: list[tuple[list[Any], dict[str, Any]]] = [
        ([codes[0]], {}),
        ([{"code": codes[1], "amount": 3}, codes[2]], {"customer": customers[0]}),
        ([codes[3], codes[4], codes[5]], {"coupon": "15 %", "guest": {"email": "first@host.example"}}),
        ([codes[6]], {"gift": codes[7], "customer": customers[1]}),
        ([codes[8], codes[9]], {"currency": "EUR", "guest": {"email": "second@host.example"}}),
        ([{"code": codes[10], "amount": 7}], {"payment": "cash", "shipping": "pickup"}),
        ([codes[11]], {"payment": "cod", "customer": customers[2]}),
        ([codes[12], codes[13]], {"volumeDiscount": "10", "freeShipping": True}),
        ([codes[14]], {"status": -2, "paid": True, "customer": customers[3]}),
        ([codes[15], {"code": codes[16], "amount": 2}], {"remark": "Zvoňte dvakrát", "guest": {"email": "third@host.example"}}),
    ]
    return [code for items, order in kinds for code in stack.shoptet.place_many(20, *items, **order)]


def deliver_at_once(stack: Stack, bodies: list[bytes], *, between: threading.Event | None = None) -> set[int]:
    """Send every body by five clients at the same moment; return the statuses. Half way `between` is set."""
    gate = threading.Barrier(CLIENTS)
    statuses: set[int] = set()

    def send() -> None:
        for position, body in enumerate(bodies):
            if between is not None and position == len(bodies) // 2:
                between.set()
            gate.wait()
            statuses.add(stack.deliver(body)[0])

    clients = [threading.Thread(target=send) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return statuses


def test_200_orders_announced_five_times_at_once_with_a_run_between_are_200_orders_complete_to_the_line(stack: Stack) -> None:
    stack.start()
    stack.shoptet.keep_quiet()
    codes = place_orders(stack)
    half_way = threading.Event()
    daily = threading.Thread(target=lambda: half_way.wait() and stack.beat.send("maintenance.scheduled_run", FlowName.ORDER_TO_BLUEJET))
    daily.start()

    statuses = deliver_at_once(stack, [order_event(code) for code in codes], between=half_way)
    daily.join()
    stack.wait_until_quiet(seconds=240)

    run = SyncRun.objects.get()
    until(lambda: is_over(run), "the daily run is over")
    assert statuses == {200}
    assert WebhookEvent.objects.count() == len(codes) == 200
    assert set(WebhookEvent.objects.values_list("status", "times_seen")) == {("completed", CLIENTS)}
    assert (run.state, run.read) == ("completed", 200)
    assert run.ended_at and WebhookEvent.objects.filter(processed_at__gt=run.started_at, created_at__lt=run.ended_at).exists()
    orders, documents = stack.shoptet.orders(), stack.bluejet.documents()
    assert {code: len(found) for code, found in documents.items()} == dict.fromkeys(codes, 1)
    assert {code: held_lines(documents[code][0][1]) for code in codes} == {code: expected_lines(orders[code]) for code in codes}
    assert not stack.bluejet.duplicates("product", "contact", "company", "address", "stock_card", "offer_line", "order_line")


EVENTS = ("order:create", "order:update", "order:cancel", "order:paid")
# What differs from order to order whatever happened to it.
OWN_COLUMNS = {
    *("nabidkaid", "objednavkaid", "polozkaid", "externiidsupl", "externicislosupl", "kodnabidky", "kodobjednavky", "nazev"),
    *("createdon", "modifiedon"),
}


class Story:
    """One order to which the same four things happen, told in an order of its own."""

    def __init__(self, stack: Stack, variants: list[str], told: tuple[str, ...]) -> None:
        self.stack, self.variants, self.told = stack, variants, told
        self.happened: dict[str, str] = {}
        self.code = ""

    def tell(self, position: int) -> None:
        """Send the event at this position; what it tells has happened by then, and all that came before it."""
        event = self.told[position]
        for earlier in EVENTS[len(self.happened) : EVENTS.index(event) + 1]:
            self._happen(earlier)
            self.happened[earlier] = now()
        assert self.stack.deliver(order_event(self.code, event, self.happened[event]))[0] == 200

    def _happen(self, event: str) -> None:
        shop, (first, second, third) = self.stack.shoptet, self.variants
        if event == "order:create":
            self.code = shop.place(first, second, remark="Prosím dárkový papír")
        elif event == "order:update":
            changes = {"amounts": {first: 3, second: 0}, "add": [third], "notes": {"customerRemark": "Bez papíru"}}
            shop.call(f"/orders/{self.code}", changes)
        elif event == "order:cancel":
            shop.call(f"/orders/{self.code}/cancel")
        else:
            shop.call(f"/orders/{self.code}/pay")


def content(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what a row says apart from ids, numbers and times."""
    return tuple(sorted((name, str(value)) for name, value in row.items() if name not in OWN_COLUMNS))


@pytest.mark.parametrize("one_by_one", [True, False], ids=["one by one", "all at once"])
def test_create_update_cancel_and_pay_end_in_the_same_state_in_whatever_order_they_are_told(stack: Stack, one_by_one: bool) -> None:
    stack.start()
    stack.shoptet.keep_quiet()
    stories = [Story(stack, stack.shoptet.variants()[:3], told) for told in itertools.permutations(EVENTS)]

    for position in range(len(EVENTS)):
        for story in stories:
            story.tell(position)
        if one_by_one:
            stack.wait_until_quiet()
    stack.wait_until_quiet()

    documents, orders = stack.bluejet.documents(), stack.shoptet.orders()
    assert {code: len(found) for code, found in documents.items()} == dict.fromkeys((story.code for story in stories), 1)
    states = {(content(header), tuple(sorted(map(content, lines)))) for ((header, lines),) in documents.values()}
    assert len(states) == 1
    for code, ((header, lines),) in documents.items():
        assert (header["statuscode"], header["stavuhrady"], header["poznamka"]) == ("Stornovaná", "Uhrazeno", "Bez papíru")
        assert held_lines(lines) == expected_lines(orders[code])
    assert not stack.bluejet.duplicates("product", "contact", "company", "address", "stock_card", "offer_line")
