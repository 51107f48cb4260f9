"""Numbers of orders that a shop gives again: two orders, two documents, and neither touches the other's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.flows.order.numbers import code_of
from sync.models import RecordLink
from sync.push.alike import tells_the_same
from tests.sync.happenings import ORDERS, announce, bring, change, issues_of, look_at, place
from tests.sync.holdings import Document, Holdings
from tests.sync.portal import Portal

CODE = "2026000777"
CANCELLED = {"data": "Stornovaná", "rest": "Stornováno"}


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    bring(portal, "SPO01", "SPO02")
    return Holdings(portal)


def placed(portal: Portal, product: str, **wishes: object) -> str:
    """Place an order under the number, and bring it; return its GUID."""
    place(portal, product, code=CODE, **wishes)
    portal.work()
    return guid_now(portal)


def guid_now(portal: Portal) -> str:
    return str(portal.control(f"/orders/{CODE}", method="GET")["guid"])


def deleted(portal: Portal, *, announced: bool = True) -> None:
    portal.control(f"/orders/{CODE}", method="DELETE")
    if announced:
        announce(portal, "order:delete", CODE)


def again(holds: Holdings, guid: str) -> Document:
    return holds.document(f"{CODE}-{guid[:8]}")


@pytest.mark.parametrize("announced", ["and brought", "and not yet brought", "never"])
def test_a_number_that_is_used_again_makes_a_second_document(portal: Portal, holds: Holdings, announced: str) -> None:
    placed(portal, "SPO01")
    first = holds.document(CODE)

    deleted(portal, announced=announced != "never")
    if announced == "and brought":
        portal.work()
    guid = placed(portal, "SPO02")

    old, new = holds.document(CODE), again(holds, guid)
    assert new.id != old.id
    assert old.lines == first.lines
    assert (old.state == CANCELLED[holds.dialect]) is (announced != "never")
    assert new.state != CANCELLED[holds.dialect]
    job = portal.job(ORDERS, CODE)
    assert (job.state, issues_of(job)) == ("done", ["order_number_reused"] if announced == "never" else [])


def test_what_happens_to_the_number_afterwards_is_the_new_orders(portal: Portal, holds: Holdings) -> None:
    placed(portal, "SPO01")
    deleted(portal, announced=False)
    guid = placed(portal, "SPO02")
    first = holds.document(CODE)

    change(portal, CODE, status=-3)
    portal.work()
    assert holds.document(CODE) == first

    deleted(portal)
    portal.work()
    documents = holds.documents(f"{CODE}-{guid[:8]}")
    assert documents[-1].state == CANCELLED[holds.dialect]
    assert holds.document(CODE) == first


def test_a_third_order_with_the_number_is_a_third_document(portal: Portal, holds: Holdings) -> None:
    placed(portal, "SPO01")
    guids = []
    for _ in range(2):
        deleted(portal)
        portal.work()
        guids.append(placed(portal, "SPO02"))

    assert len({holds.document(CODE).id, *(again(holds, guid).id for guid in guids)}) == 3


@pytest.mark.parametrize("dialect", ["data"])
def test_an_order_that_changes_stays_the_document_it_is(portal: Portal, holds: Holdings) -> None:
    guid = placed(portal, "SPO01")
    before = holds.document(CODE)

    change(portal, CODE, amounts={"SPO01": 3})
    portal.work()

    assert holds.document(CODE).id == before.id
    assert RecordLink.objects.get(key=CODE).guid == guid


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize("is_the_same", [True, False])
def test_a_link_from_before_guids_were_kept_takes_the_order_that_was_there_already(
    portal: Portal, holds: Holdings, is_the_same: bool
) -> None:
    guid = placed(portal, "SPO01")
    linked_at = timezone.now() if is_the_same else timezone.now() - timedelta(days=30)
    RecordLink.objects.filter(key=CODE).update(guid="", created_at=linked_at)

    change(portal, CODE, amounts={"SPO01": 3})
    portal.work()

    keys = {link.key: link.guid for link in RecordLink.objects.filter(kind="offer")}
    assert keys == ({CODE: guid} if is_the_same else {CODE: "", f"{CODE}-{guid[:8]}": guid})


@pytest.mark.parametrize("way", ["an event", "a run"])
@pytest.mark.parametrize("is_the_same", [True, False])
def test_a_document_whose_link_was_lost_is_adopted_only_where_it_tells_of_the_same_order(
    portal: Portal, holds: Holdings, is_the_same: bool, way: str
) -> None:
    placed(portal, "SPO01")
    before = holds.document(CODE)
    if not is_the_same:
        deleted(portal, announced=False)
        portal.control("/orders", {"items": [{"code": "SPO02", "amount": 2}], "code": CODE})
    RecordLink.objects.filter(key=CODE).delete()

    if way == "a run":
        portal.run(ORDERS)
    look_at(portal, ORDERS, CODE)
    portal.work(ORDERS)

    job = portal.job(ORDERS, CODE)
    assert (job.state, issues_of(job)) == (("done", []) if is_the_same else ("parked", ["candidates"]))
    assert holds.document(CODE).id == before.id
    assert is_the_same or holds.document(CODE) == before


DATES = st.dates().map(str)


@settings(max_examples=40, deadline=None)
@given(
    date=DATES, other=DATES, total=st.decimals(min_value=0, max_value=10**6, places=2), more=st.decimals(min_value=0, max_value=9, places=2)
)
def test_date_and_sum_have_to_agree_for_a_document_to_be_the_same(date: str, other: str, total: object, more: object) -> None:
    draft, held = {"datum": date, "celkem": total, "nazev": "E-shop 1"}, {"Datum": other, "Celkem": f"{total + more:.3f}", "nazev": "jiný"}  # type: ignore[operator]

    assert tells_the_same(draft, held, "celkem") is (date == other and not more)
    assert not tells_the_same(draft, {"nazev": "E-shop 1"}, "celkem")


@settings(max_examples=40, deadline=None)
@given(code=st.text("0123456789-A", min_size=1, max_size=12), guid=st.uuids().map(str))
def test_a_links_key_leads_back_to_the_number(code: str, guid: str) -> None:
    keys = [RecordLink(key=key, guid=guid) for key in (code, f"{code}-{guid[:8]}")]

    assert [code_of(link) for link in keys] == [code, code]


ODD_GUIDS = ["Nerezový stůl " * 10, "x" * 64, "x" * 65, "A" * 3000, "a\x00b" * 40, "\ud800" * 70, " guid ", "-" * 9, "%|;'", "", None, 7]


@pytest.mark.parametrize("dialect", ["data"])
def test_an_order_with_whatever_for_a_guid_stays_one_order_at_every_look(portal: Portal, holds: Holdings) -> None:
    orders = portal.shoptet.state.orders
    codes = [place(portal, "SPO01") for _ in ODD_GUIDS]
    for code, guid in zip(codes, ODD_GUIDS, strict=True):
        orders[code] = {**orders[code], "guid": guid}
    portal.work()

    for _ in range(2):
        look_at(portal, ORDERS, *codes)
        portal.work()

    assert [len([mark for mark in marks(portal) if mark.startswith(f"shoptet:{code}")]) for code in codes] == [1] * len(codes)
    assert {portal.job(ORDERS, code).state for code in codes} == {"done"}


def marks(portal: Portal) -> list[str]:
    return [str(row.get("externiidsupl")) for kind in ("offer", "order") for row in portal.bluejet.store.rows(kind)]
