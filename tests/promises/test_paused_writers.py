"""A worker that is stopped inside a write and goes on after another has written: BlueJet ends with what the shop says last."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from decimal import Decimal

import pytest

from shops.models import FlowName, Shop
from sync.jobs import Ask, ask
from sync.models import RecordLink, SyncAttempt, SyncJob
from sync.models.job import Priority
from tests.promises.programs import Program
from tests.promises.stack import Stack
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
PRODUCT, STOCK_CARD = 217, 441
# A stopped worker's claim and lease run out in 3 s; what it wrote may be carried out until 12 + 2 s after its attempt began.
PATIENCE = {"SYNC_CLAIM_SECONDS": "3", "SYNC_LEASE_SECONDS": "3", "BLUEJET_TIMEOUT": "12", "SYNC_SETTLE_SECONDS": "2"}
NEW = "NOVINKA-1"
WAYS: dict[str, tuple[str, dict[str, float]]] = {
    "answered late": ("delay_answer", {"seconds": 10}),
    "broken off after it was carried out": ("late_commit", {"seconds": 0.1, "hold": 10}),
    "carried out after the other": ("late_commit", {"seconds": 38}),
}
LATE = "carried out after the other"


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """Return a stack with little patience."""
    return make_stack(**PATIENCE)


class Shelf:
    """A product that is there, one that is not yet, and a stock card, each with a figure that changes."""

    def __init__(self, stack: Stack, shop: Shop) -> None:
        self.stack, self.shop, self.code = stack, shop, stack.shoptet.variants()[0]
        self._look(FlowName.PRODUCT_TO_BLUEJET, self._guid(self.code))
        stack.wait_until_quiet()
        self._look(FlowName.STOCK_TO_BLUEJET, self.code)
        stack.wait_until_quiet()

    def change_price(self, price: int) -> None:
        """Give the product that is there a price."""
        self.stack.shoptet.call(f"/products/{self.code}/price", {"price": str(price), "includingVat": True})
        self._look(FlowName.PRODUCT_TO_BLUEJET, self._guid(self.code))

    def price_new(self, price: int) -> None:
        """Give the other product a price; the first time it is made."""
        if NEW not in self.stack.shoptet.variants():
            self.stack.shoptet.call("/products", {"code": NEW, "name": "Novinka"})
        self.stack.shoptet.call(f"/products/{NEW}/price", {"price": str(price), "includingVat": True})
        self._look(FlowName.PRODUCT_TO_BLUEJET, self._guid(NEW))

    def change_stock(self, amount: int) -> None:
        """Put so many pieces on the shelf."""
        self.stack.shoptet.call(f"/products/{self.code}/stock", {"quantity": amount, "real": amount})
        self._look(FlowName.STOCK_TO_BLUEJET, self.code)

    def held(self) -> tuple[set[Decimal], set[Decimal], set[Decimal]]:
        """Return both prices and the amounts as BlueJet holds them."""
        products, cards = self.stack.bluejet.ours("product"), self.stack.bluejet.rows("stock_card")
        prices = [{Decimal(row["cenadphprodej"]) for row in products.get(code, ())} for code in (self.code, NEW)]
        return prices[0], prices[1], {Decimal(card["mnozstvi"]) for card in cards if card["mnozstvi"]}

    def known(self) -> set[Decimal]:
        """Return both prices as the portal believes to have sent them last."""
        sent = RecordLink.objects.filter(kind="product", key__in=[self.code, NEW]).values_list("sent", flat=True)
        return {Decimal(str(value)) for link in sent for name, value in link.items() if name.lower() == "cenadphprodej"}

    def _guid(self, code: str) -> str:
        return str(self.stack.shoptet.get(f"/products/{code}")["product"]["guid"])

    def _look(self, flow: str, key: str) -> None:
        ask(self.shop, [Ask(flow, key, Priority.ORDERS)], asked_by="test")


def send(worker: Program, number: signal.Signals) -> None:
    """Send a signal to a worker and all that it started."""
    for process in [worker.process_id, *worker.children()]:
        os.kill(process, number)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.replace(" ", "-"))
def test_what_a_stopped_worker_wrote_does_not_stay_once_another_has_written_what_is_newer(stack: Stack, way: str) -> None:
    shelf = Shelf(stack, stack.start("--products", "5", "--customers", "1", "--orders", "0", workers=1, concurrency=3))
    stopped = stack.workers[0]
    struck, times = WAYS[way]

    # each alone, so that each has a worker of its own
    for number, (change, evidence) in enumerate(
        ((shelf.change_price, PRODUCT), (shelf.price_new, PRODUCT), (shelf.change_stock, STOCK_CARD)), start=1
    ):
        stack.bluejet.fault(struck, no=evidence, times=1, **times)
        change(1000)
        until(lambda number=number: stack.bluejet.get("/stats")["faults"].get(struck, 0) >= number, f"write {number} is under way")
    send(stopped, signal.SIGSTOP)
    before = shelf.held()
    for change in (shelf.change_price, shelf.price_new, shelf.change_stock):
        change(2000)
    stack.start_workers(1, concurrency=2)
    newer = ({Decimal(2000)}, {Decimal(2000)})
    until(lambda: shelf.held()[:2] == newer and Decimal(2000) in shelf.held()[2], "another worker has written what is newer")
    if way == LATE:
        until(lambda: Decimal(1000) in shelf.held()[0] | shelf.held()[1], "what was sent first is carried out last", seconds=40)
    send(stopped, signal.SIGCONT)
    until(lambda: not SyncAttempt.objects.filter(ended_at=None).exists(), "the stopped worker has come to its end")
    stack.wait_until_quiet()

    print(f"{way}: {before} before, {shelf.held()} in the end")
    assert (shelf.held()[:2], shelf.known()) == (newer, {Decimal(2000)})
    assert Decimal(2000) in shelf.held()[2]
    assert Decimal(1000) not in shelf.held()[2]
    assert not stack.bluejet.duplicates("product", "stock_card")
    assert not SyncJob.objects.exclude(state="done").exists()
