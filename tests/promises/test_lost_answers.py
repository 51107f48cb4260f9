"""Whatever becomes of the answer to a write, BlueJet ends up with one record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sync.models import SyncJob
from tests.promises.partners import expected_lines, held_lines
from tests.promises.stack import Stack, order_event
from webhooks.models import WebhookEvent

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
PRODUCT, CONTACT, ADDRESS, OFFER, ORDER, STOCK_CARD = 217, 222, 243, 293, 321, 441
# The client gives up after 2 s; what it sent is searched for 5 s later. A commit that comes late comes between the two.
PATIENCE = {"BLUEJET_TIMEOUT": "2", "SYNC_SETTLE_SECONDS": "5", "SYNC_LEASE_SECONDS": "8", "SYNC_CLAIM_SECONDS": "12"}
LATE = 3.5


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """Return a stack with little patience."""
    return make_stack(**PATIENCE)


def place_orders(stack: Stack) -> list[str]:
    """Place orders that become Nabídky and Objednávky, of guests and of customers; each brings records of its own."""
    shop = stack.shoptet
    variants, customers = shop.variants(), list(shop.state()["customers"])
    guests = [{"guest": {"email": f"guest{number}@host.example", "street": f"Lipová {number}"}} for number in range(6)]
    buyers: list[dict[str, Any]] = [*guests, *({"customer": guid} for guid in customers[:6])]
    return [
        shop.place(variants[number], {"code": variants[number + 12], "amount": 2}, status=-2 if number % 2 else -1, **buyer)
        for number, buyer in enumerate(buyers)
    ]


def break_writes(stack: Stack) -> None:
    """Let a write of each kind of record go wrong in each of the ways that leave it open whether it was applied.

    What a look finds to be there already is not written a second time, so there are no more writes than records to strike.
    """
    for evidence in (OFFER, ORDER, PRODUCT, CONTACT, ADDRESS, STOCK_CARD):
        stack.bluejet.fault("drop_after", no=evidence, times=1)
        stack.bluejet.fault("late_commit", no=evidence, times=1, seconds=LATE)
        stack.bluejet.fault("error_after", no=evidence, times=1)


def test_a_write_whose_answer_is_lost_or_that_is_committed_after_the_client_gave_up_is_one_record(stack: Stack) -> None:
    stack.start()
    stack.shoptet.keep_quiet()
    codes = place_orders(stack)
    break_writes(stack)

    for code in codes:
        stack.deliver(order_event(code))
    stack.wait_until_quiet(seconds=150)

    assert stack.bluejet.get("/faults")["faults"] == []
    documents, orders = stack.bluejet.documents(), stack.shoptet.orders()
    assert {code: len(found) for code, found in documents.items()} == dict.fromkeys(codes, 1)
    assert {code: held_lines(documents[code][0][1]) for code in codes} == {code: expected_lines(orders[code]) for code in codes}
    assert not stack.bluejet.duplicates("product", "contact", "company", "address", "stock_card", "offer_line", "order_line")
    assert WebhookEvent.objects.filter(status="completed").count() == len(codes)
    assert not SyncJob.objects.exclude(state="done").exists()
