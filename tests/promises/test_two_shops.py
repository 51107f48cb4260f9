"""Two shops with the same customers, products and order numbers on one BlueJet run side by side, and both are whole."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from shops.models import FlowName, Shop
from sync.models import RecordLease, SyncJob
from tests.promises.partners import ShoptetShop, expected_lines, held_lines
from tests.promises.stack import SECOND_PREFIX, Stack

pytestmark = [pytest.mark.services, pytest.mark.timeout(500)]
SMALL = ("--products", "12", "--customers", "10", "--orders", "0")
COMPANY = {"company": "Kavárna Na Nároží s.r.o.", "companyId": "27082440", "vatId": "CZ27082440"}
ADDRESS = {"street": "Dlouhá", "houseNumber": "5", "city": "Brno", "zip": "602 00"}


def live_in(shop: ShoptetShop) -> list[str]:
    """Let the same people order in a shop: registered ones and guests, one of them by a registered one's e-mail, and companies."""
    variants, customers = shop.variants(), shop.state()["customers"]
    guids = list(customers)[:5]
    known = customers[guids[0]]["accounts"][0]["email"]
    wishes: list[dict[str, Any]] = [{"customer": guid} for guid in guids]
    wishes += [{"guest": {"email": f"host{number}@zakaznik.example", "fullName": "Host Novák", **ADDRESS}} for number in range(5)]
    wishes += [{"guest": {"email": known, "fullName": "Někdo Jiný", "phone": "+420608999888", **ADDRESS}}]
    wishes += [{"guest": {"email": f"nakup{n}@firma.example", "fullName": "Nákupčí", **ADDRESS, **COMPANY}} for n in range(3)]
    return [shop.place(variants[number % len(variants)], variants[0], **wish) for number, wish in enumerate(wishes)]


def twice(stack: Stack) -> list[str]:
    """Return what BlueJet holds more than once of what both shops know."""
    columns = {"contact": "emailaddress1", "company": "ico", "product": "code"}
    counts = {kind: Counter(str(row.get(column) or "").lower() for row in stack.bluejet.rows(kind)) for kind, column in columns.items()}
    return [f"{kind} {value}" for kind, found in counts.items() for value, count in found.items() if value and count > 1]


def test_two_shops_with_the_same_people_products_and_order_numbers_run_side_by_side_and_both_are_whole(stack: Stack) -> None:
    stack.start_partners(*SMALL)
    first, second = stack.set_up_shop(), stack.start_second_shop(*SMALL)
    stack.start_workers(2)
    stack.start_web()
    stack.beat.start()
    shops = {"shoptet:": stack.shoptet, f"{SECOND_PREFIX}:": stack.second_shoptet}

    codes = [live_in(shop) for shop in shops.values()]
    for shop in (first, second):
        stack.pass_over(shop, FlowName.PRODUCT_TO_BLUEJET, FlowName.CUSTOMER_TO_BLUEJET, FlowName.STOCK_TO_BLUEJET)
    stack.wait_until_quiet(seconds=240)

    assert codes[0] == codes[1]
    assert [job.issues for job in SyncJob.objects.filter(state="parked")] == []
    for prefix, shop in shops.items():
        orders, documents = shop.orders(), stack.bluejet.documents(prefix)
        assert {code: len(found) for code, found in documents.items()} == dict.fromkeys(orders, 1)
        assert [code for code, [(_, lines)] in documents.items() if held_lines(lines) != expected_lines(orders[code])] == []
    assert twice(stack) == []

    before = stack.bluejet.last_commit()
    for shop in Shop.objects.all():
        stack.pass_over(shop, FlowName.CUSTOMER_TO_BLUEJET, FlowName.ORDER_TO_BLUEJET)
    stack.wait_until_quiet()

    assert stack.bluejet.last_commit() == before
    assert not RecordLease.objects.exists()
