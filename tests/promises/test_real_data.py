"""Data as real shops hold it, through real processes: one odd record troubles nobody but itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.db.models import Q, QuerySet

from clients.shoptet.config import ORDER_SECTIONS, PRODUCT_SECTIONS
from shops.models import FlowName
from sync.models import SyncJob
from tests.promises.stack import TOKEN, Stack
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]
Record = dict[str, Any]
Change = Callable[[Record], None]
AT_REST = ("done", "parked")
# A third worker lost over the same order would show it to a person.
KILLS = 2
NINES = "9" * 30


def put(*path: Any, value: Any) -> Change:
    """Return what puts a value at a place in a record; "*" stands for every member of a list."""

    def change(record: Any, steps: tuple[Any, ...] = path) -> None:
        first, *rest = steps
        for holder in record if first == "*" else [record]:
            if first == "*":
                change(holder, tuple(rest))
            elif rest:
                change(holder[first], tuple(rest))
            else:
                holder[first] = value

    return change


ODD_ORDERS: dict[str, Change] = {
    "a NUL in the remark": put("notes", "customerRemark", value="Ahoj\x00"),
    "half a surrogate pair in the name": put("billingAddress", "fullName", value="Jan \ud800 Novák"),
    "a NUL in a line's name": put("items", "*", "name", value="\x00hrnec\udfff"),
    "a NUL in the e-mail": put("email", value="jan\x00@example.com"),
    "a time before time": put("changeTime", value="0001-01-01T00:00:00+0100"),
    "created at the calendar's end": put("creationTime", value="9999-12-31T23:59:59-1200"),
    "an amount beyond all measure": put("items", "*", "itemPrice", "withVat", value=f"{NINES}.99"),
    "a rate beyond all measure": put("price", "exchangeRate", value=f"{NINES}.12345678"),
    "VAT of minus a hundred": put("items", "*", "itemPrice", "vatRate", value="-100.00"),
    "a code without end": put("items", "*", "code", value="K" * 300),
    "an e-mail without end": put("email", value="a" * 400 + "@example.com"),
    "no number where a number is": put("items", "*", "amount", value="NaN"),
    "a currency of NULs": put("price", "currencyCode", value="\x00\x00\x00"),
    "a status that is a text": put("status", "id", value="\x00"),
    "an address of another kind": put("billingAddress", "street", value={"a": ["\x00"]}),
}
ODD_PRODUCTS: dict[str, Change] = {
    "a broken address": put("url", value="http://["),
    "a NUL in the name": put("name", value="Hrnec\x00"),
    "half a pair in the description": put("description", value="\ud83d\ude00 \ud83d text"),
    "VAT of minus a hundred": put("variants", "*", "vatRate", value="-100.00"),
    "a code without end": put("variants", "*", "code", value="K" * 300),
    "a NUL in the code": put("variants", "*", "code", value="K\x001"),
    "a time before time": put("changeTime", value="0001-01-01T00:00:00+0100"),
    "a price beyond all measure": put("variants", "*", "price", value=f"{NINES}.99"),
    "a NUL in the EAN": put("variants", "*", "ean", value="859\x000"),
}


def answer_oddly(stack: Stack, path: str, sections: tuple[str, ...], change: Change, section: str = "") -> None:
    """Have the shop answer one record with an odd value in it."""
    headers = {"Shoptet-Private-API-Token": TOKEN}
    answer = requests.get(f"{stack.shoptet.url}{path}", params={"include": ",".join(sections)}, headers=headers, timeout=10)
    body = answer.json()
    change(body["data"][section] if section else body["data"])
    stack.shoptet.fault("answer", match=f"^{re.escape(path)}$", method="GET", body=json.dumps(body))


def at_rest(jobs: QuerySet[SyncJob]) -> QuerySet[SyncJob]:
    """Return those that are done, stand before a person, or wait for the shop to tell of them what can be read."""
    return jobs.filter(Q(state__in=AT_REST) | Q(state="waiting", issues__contains=[{"code": "malformed"}]))


def come_to_rest(flow: str, keys: list[str], seconds: float = 60) -> dict[str, str]:
    """Wait until every one of these jobs is at rest; return their states."""
    jobs = SyncJob.objects.filter(flow=flow, key__in=keys)
    until(lambda: at_rest(jobs).count() == len(keys), "all at rest", seconds=seconds)
    return dict(jobs.values_list("key", "state"))


def test_the_orders_around_an_odd_one_arrive_and_it_ends_itself(stack: Stack) -> None:
    shop = stack.start()
    stack.pass_over(shop, FlowName.PRODUCT_TO_BLUEJET)
    variant = stack.shoptet.variants()[0]
    for name, change in ODD_ORDERS.items():
        stack.shoptet.keep_quiet()
        codes = [stack.shoptet.place(variant) for _ in range(5)]
        answer_oddly(stack, f"/api/orders/{codes[2]}", ORDER_SECTIONS, change, "order")
        stack.shoptet.keep_quiet(False)
        for code in codes:
            stack.shoptet.call(f"/orders/{code}/resend")

        states = come_to_rest(FlowName.ORDER_TO_BLUEJET, codes)

        documents = stack.bluejet.documents()
        assert [(name, states[code], len(documents.get(code, ()))) for code in codes if code != codes[2]] == [(name, "done", 1)] * 4
        assert len(documents.get(codes[2], ())) <= 1, name
    before = stack.bluejet.last_commit()
    assert stack.bluejet.commits_since(before, wait=5) == []
    stack.shoptet.mend()
    until(lambda: not SyncJob.objects.filter(flow=FlowName.ORDER_TO_BLUEJET, state="waiting").exists(), "what is mended arrives")


def test_a_pass_over_products_counts_an_odd_one_alone(stack: Stack) -> None:
    shop = stack.start()
    products = stack.shoptet.state()["catalogue"]["own"]
    for (name, change), product in zip(ODD_PRODUCTS.items(), products[5:], strict=False):
        answer_oddly(stack, f"/api/products/{product['guid']}", PRODUCT_SECTIONS, change)
        assert name
    odd = {variant["code"] for product in products[5 : 5 + len(ODD_PRODUCTS)] for variant in product["variants"]}

    (run,) = stack.pass_over(shop, FlowName.PRODUCT_TO_BLUEJET)

    sound = {variant["code"] for product in products for variant in product["variants"]} - odd
    assert (run.state, run.error) == ("completed", "")
    assert sound <= set(stack.bluejet.ours("product"))
    assert stack.bluejet.duplicates("product") == {}
    until(lambda: at_rest(SyncJob.objects.all()).count() == SyncJob.objects.count(), "all at rest", seconds=60)


@pytest.fixture
def mortal_stack(make_stack: Callable[..., Stack]) -> Stack:
    """Return a stack whose dead workers are noticed soon."""
    return make_stack(SYNC_CLAIM_SECONDS="6", SYNC_LEASE_SECONDS="4", BLUEJET_TIMEOUT="2")


@pytest.mark.timeout(700)
def test_workers_killed_among_odd_orders_lose_none_and_double_none(mortal_stack: Stack) -> None:
    stack = mortal_stack
    shop = stack.start(workers=1)
    stack.pass_over(shop, FlowName.PRODUCT_TO_BLUEJET)
    variant = stack.shoptet.variants()[0]
    stack.shoptet.keep_quiet()
    odd, sound = [], []
    for change in ODD_ORDERS.values():
        odd.append(stack.shoptet.place(variant))
        answer_oddly(stack, f"/api/orders/{odd[-1]}", ORDER_SECTIONS, change, "order")
        sound.append(stack.shoptet.place(variant))
    stack.shoptet.keep_quiet(False)
    for code in odd + sound:
        stack.shoptet.call(f"/orders/{code}/resend")

    for _ in range(KILLS):
        before = stack.bluejet.last_commit()
        until(lambda before=before: stack.bluejet.last_commit() >= before + 3, "something is written")
        stack.kill_workers()
        stack.start_workers(1)
    # An event whose worker died while it was taken up comes back after five minutes.
    states = come_to_rest(FlowName.ORDER_TO_BLUEJET, odd + sound, seconds=400)

    documents = stack.bluejet.documents()
    assert [(states[code], len(documents.get(code, ()))) for code in sound] == [("done", 1)] * len(sound)
    assert max(len(documents.get(code, ())) for code in odd) == 1
    assert not stack.bluejet.duplicates("contact", "company", "address", "offer_line", "order_line")
    until(lambda: not SyncJob.objects.filter(state="running").exists(), "nothing is being worked on")
    failed = SyncJob.objects.filter(state="failed")
    assert {issue["code"] for job in failed for issue in job.issues} <= {"worker_lost"}
    assert not failed.filter(key__in=sound).exists()
