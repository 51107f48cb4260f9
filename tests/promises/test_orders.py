"""Nothing is lost and nothing is doubled, however often and in whatever order Shoptet tells of it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from shops.models import FlowName
from sync.models import SyncRun
from tests.promises.partners import expected_lines, held_lines
from tests.promises.stack import Stack, is_over, order_event
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
