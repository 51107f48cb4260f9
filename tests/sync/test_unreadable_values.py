"""What cannot be read costs the value or the row that it stands in: neighbours arrive, side data holds nothing up, and it is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from clients.answers import Answer
from clients.shoptet.connection import Connection
from shops.models import FlowSetting
from sync.issues import Issue
from sync.models import RecordLink, SyncJob, SyncRun
from sync.runs import plan_run
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, STOCK, announce, bring, finished, guid_of, issues_of, look_at, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

pytestmark = pytest.mark.parametrize("dialect", ["data"])
BRNO = "1"
Spoil = Callable[[str, Callable[[Any], None]], None]


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


@pytest.fixture
def spoil(monkeypatch: pytest.MonkeyPatch) -> Spoil:
    """Return what changes the `data` of Shoptet's answers to a path from now on, as it is parsed."""
    changes: list[tuple[str, Callable[[Any], None]]] = []
    send = Connection._send

    def spoiling(self: Connection, method: str, path: str, values: Any, token: str, **options: Any) -> Answer:
        answer = send(self, method, path, values, token, **options)
        for wanted, change in changes:
            if path == wanted:
                change(answer.body["data"])
        return answer

    monkeypatch.setattr(Connection, "_send", spoiling)
    return lambda path, change: changes.append((path, change))


def unread(job: SyncJob) -> list[str]:
    """Return the fields that a job's warnings say could not be read."""
    return [issue["field"] for issue in job.issues if issue["code"] == "unreadable_value"]


@pytest.mark.parametrize("remark", ["Ahoj\x00", "Ahoj\ud83d", "\udc00", "\x01\x7f\ufffe", "\r", "\ufeffAhoj\u202e", "🍲", "Ne\u0301co"])
def test_an_order_with_any_text_arrives_and_so_do_its_neighbours(portal: Portal, holds: Holdings, remark: str) -> None:
    first, odd, last = (place(portal, "SPO01") for _ in range(3))
    portal.shoptet.state.orders[odd]["notes"]["customerRemark"] = remark

    portal.work(ORDERS)

    assert [portal.job(ORDERS, code).state for code in (first, odd, last)] == ["done"] * 3
    kept = remark.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd").replace("\udc00", "\ufffd").strip()
    (document,) = portal.documents(odd)
    assert any(kept in str(value) for value in document.values())


def test_a_change_time_that_cannot_be_read_is_a_warning(portal: Portal, holds: Holdings) -> None:
    odd, other = place(portal, "SPO01"), place(portal, "SPO01")
    portal.shoptet.state.orders[odd]["changeTime"] = "0001-01-01T00:00:00+0100"

    portal.work(ORDERS)

    assert [portal.job(ORDERS, code).state for code in (odd, other)] == ["done", "done"]
    assert unread(portal.job(ORDERS, odd)) == ["changeTime"]
    assert holds.document(odd).total == holds.document(other).total


@pytest.mark.parametrize(
    ("field", "odd"),
    [("birthDate", "0000-00-00"), ("birthDate", "yesterday"), ("creationTime", "0001-01-01T00:00:00+0100"), ("priceRatio", "a lot")],
)
def test_side_data_of_a_customer_never_holds_an_order(portal: Portal, holds: Holdings, field: str, odd: str) -> None:
    guid = _customer(portal)
    portal.shoptet.state.customers[guid][field] = odd
    code = place(portal, "SPO01", customer=guid)

    portal.work()

    assert [portal.job(ORDERS, code).state, portal.job(CUSTOMERS, guid).state] == ["done", "done"]
    assert unread(portal.job(CUSTOMERS, guid)) == [field]


def test_a_broken_email_of_a_second_login_is_left_out_with_a_warning(portal: Portal, holds: Holdings) -> None:
    guid = _customer(portal)
    customer = portal.shoptet.state.customers[guid]
    second = {**customer["accounts"][0], "guid": "second", "mainAccount": False, "email": "petr(at)zakaznik"}
    customer["accounts"] = [customer["accounts"][0], second]
    code = place(portal, "SPO01", customer=guid)

    portal.work()

    assert [portal.job(ORDERS, code).state, portal.job(CUSTOMERS, guid).state] == ["done", "done"]
    assert issues_of(portal.job(CUSTOMERS, guid)) == ["bad_email"]
    (contact,) = [row for row in holds.records("contact") if row["mark"] == f"shoptet:{guid}"]
    assert contact["emailaddress1"] == customer["accounts"][0]["email"]
    assert not contact.get("emailaddress2")


def test_what_could_not_be_read_clears_nothing_in_bluejet(portal: Portal, holds: Holdings) -> None:
    guid = _customer(portal)
    portal.shoptet.state.customers[guid] |= {"birthDate": "1974-03-14", "remark": "platí včas"}
    look_at(portal, CUSTOMERS, guid)
    portal.work(CUSTOMERS)

    portal.shoptet.state.customers[guid] |= {"birthDate": "0000-00-00"}
    look_at(portal, CUSTOMERS, guid)
    portal.work(CUSTOMERS)

    (contact,) = [row for row in holds.records("contact") if row["mark"] == f"shoptet:{guid}"]
    assert str(contact["datumnarozeni"]).startswith("1974-03-14")


@pytest.mark.parametrize("url", ["http://[", "//[", "http://[::1"])
def test_a_product_whose_address_is_none_arrives_without_it(portal: Portal, holds: Holdings, url: str) -> None:
    guids = [guid_of(portal, code) for code in ("SPO02", "KON01")]
    portal.shoptet.state.catalogue.get(guids[0])["url"] = url
    look_at(portal, PRODUCTS, *guids)

    portal.work(PRODUCTS)

    assert [portal.job(PRODUCTS, guid).state for guid in guids] == ["done", "done"]
    assert unread(portal.job(PRODUCTS, guids[0])) == ["url"]


@pytest.mark.parametrize(
    ("field", "odd"), [("vatRate", "-100.00"), ("vatRate", "101"), ("price", "a lot"), ("currencyCode", None), ("code", "x" * 256)]
)
def test_a_variant_that_cannot_be_read_costs_neither_its_siblings_nor_their_records(
    portal: Portal, holds: Holdings, spoil: Spoil, field: str, odd: Any
) -> None:
    product = next(one for one in portal.shoptet.state.catalogue.products() if len(one["variants"]) > 1)
    look_at(portal, PRODUCTS, product["guid"])
    portal.work(PRODUCTS)
    codes = [variant["code"] for variant in product["variants"]]

    spoil("/api/products/{guid}", lambda data: data["variants"][0].update({field: odd}))
    spoil("/api/products/{guid}", lambda data: data["variants"][1].update({"price": "4321.00"}))
    look_at(portal, PRODUCTS, product["guid"])
    portal.work(PRODUCTS)

    job = portal.job(PRODUCTS, product["guid"])
    assert (job.state, issues_of(job)[-1]) == ("waiting", "malformed")
    assert "variants[1]" in job.issues[-1]["params"]["message"]
    assert holds.product(codes[1])["price"] == 4321
    assert not RecordLink.objects.filter(key__in=codes, archived=True).exists()


def test_a_movement_that_cannot_be_read_holds_neither_the_others_nor_the_cursor(portal: Portal, holds: Holdings, spoil: Spoil) -> None:
    bring(portal, "SPO02", "KON01")
    stock = portal.shoptet.state.stock
    FlowSetting.objects.filter(shop=portal.shop, flow=STOCK).update(
        cursor={"movements": {str(one): stock.last_id for one in stock.movements}}
    )
    for code in ("SPO01", "SPO02", "KON01"):
        portal.control(f"/products/{code}/stock", {"stock": int(BRNO), "amount": 7})

    def odd(data: Any) -> None:
        data["movements"][0]["productCode"] = None
        data["movements"][1]["changeTime"] = "0001-01-01T00:00:00+0100"

    spoil("/api/stocks/{stockId}/movements", odd)
    announce(portal, "stock:movement", BRNO)
    portal.work(STOCK)

    cursor = FlowSetting.objects.get(shop=portal.shop, flow=STOCK).cursor["movements"]
    assert cursor[BRNO] == stock.last_id
    assert set(SyncJob.objects.filter(flow=STOCK, key__in=["SPO02", "KON01"]).values_list("state", flat=True)) == {"done"}
    assert issues_of(SyncJob.objects.get(flow=STOCK, key__startswith="movements:")) == ["unreadable_rows"]


def test_a_stock_whose_amount_cannot_be_read_is_left_as_it_is(portal: Portal, holds: Holdings, spoil: Spoil) -> None:
    look_at(portal, STOCK, "SPO01")
    portal.work(STOCK)
    before = {row["mark"]: row for row in holds.records("stock_card")}
    spoil("/api/products/code/{code}", lambda data: [one.update(amount="plenty") for one in data["variants"][0]["perStockAmounts"][:1]])

    look_at(portal, STOCK, "SPO01")
    portal.work(STOCK)

    assert {row["mark"]: row for row in holds.records("stock_card")} == before
    assert (portal.job(STOCK, "SPO01").state, unread(portal.job(STOCK, "SPO01"))) == ("done", ["variants[1].perStockAmounts[1]"])


def test_a_run_over_amounts_reads_a_variant_by_itself_whose_row_cannot_be_read(portal: Portal, holds: Holdings, spoil: Spoil) -> None:
    def odd(data: Any) -> None:
        for row in data["supplies"]:
            if row["code"] == "SPO01":
                row["amount"] = "plenty"

    spoil("/api/stocks/{stockId}/supplies", odd)

    run = finished(planned(portal, STOCK))

    assert run.state == SyncRun.State.COMPLETED
    assert holds.records("stock_card")
    assert {row["mark"].split(":")[2] for row in holds.records("stock_card")} == {"SPO01"}


def test_what_a_run_left_out_of_a_record_is_shown_at_its_job_until_it_is_mended(portal: Portal, holds: Holdings) -> None:
    guid = _customer(portal)
    portal.shoptet.state.customers[guid]["birthDate"] = "0000-00-00"

    finished(planned(portal, CUSTOMERS))
    job = portal.job(CUSTOMERS, guid)
    portal.shoptet.state.customers[guid]["birthDate"] = "1974-03-14"
    finished(planned(portal, CUSTOMERS))

    assert (job.state, unread(job)) == ("done", ["birthDate"])
    assert issues_of(portal.job(CUSTOMERS, guid)) == []
    assert SyncJob.objects.filter(flow=CUSTOMERS).count() == 1


def test_a_run_says_how_many_rows_it_could_not_read_and_what_is_wrong_with_them(portal: Portal, holds: Holdings, spoil: Spoil) -> None:
    spoil("/api/products", lambda data: data["products"][3].update(guid=None))

    run = finished(planned(portal, PRODUCTS))

    assert (run.state, run.unreadable, run.error) == ("completed", 1, "")
    assert ["guid" in reason for reason in run.left_out] == [True]
    assert run.read + 1 >= run.expected


def test_a_feed_with_one_unreadable_time_still_brings_its_record(portal: Portal, holds: Holdings, spoil: Spoil) -> None:
    code = place(portal, "SPO01")
    SyncJob.objects.all().delete()
    spoil("/api/orders/changes", lambda data: [row.update(changeTime="9999-12-31T23:59:59-1200") for row in data["changes"]])

    run = finished(planned(portal, ORDERS, SyncRun.Mode.WINDOW, since=datetime(2026, 1, 1, tzinfo=UTC)))

    assert (run.state, run.unreadable) == ("completed", 0)
    assert holds.documents(code)


def test_a_list_without_an_end_ends_the_run_with_a_sentence(
    portal: Portal, holds: Holdings, spoil: Spoil, pass_time: Callable[[float], None]
) -> None:
    spoil("/api/products", lambda data: data["paginator"].update(pageCount=10**9))
    run = planned(portal, PRODUCTS)
    assert (run.state, "says that it has 1000000000 pages" in run.error) == ("planning", True)

    pass_time(400)
    plan_run(run.pk)

    run.refresh_from_db()
    assert (run.state, "says that it has 1000000000 pages" in run.error) == ("failed", True)
    assert planned(portal, PRODUCTS).pk != run.pk


def test_a_run_that_waited_long_for_a_partner_is_not_ended_by_one_odd_answer(
    portal: Portal, holds: Holdings, spoil: Spoil, pass_time: Callable[[float], None]
) -> None:
    portal.control("/faults", {"fault": "answer", "match": "^/api/products$", "method": "GET", "body": "<html>"})
    run = planned(portal, PRODUCTS)
    portal.control("/faults", method="DELETE")
    spoil("/api/products", lambda data: data["paginator"].update(pageCount=10**9))
    pass_time(400)

    plan_run(run.pk)

    run.refresh_from_db()
    assert run.state == "planning"


def test_the_warning_names_the_field_the_reason_and_the_place_to_mend_it(dialect: str) -> None:
    issue = Issue("unreadable_value", "warning", "birthDate", {"reason": "not_a_date"})

    assert issue.sentence() == "The field “birthDate” could not be read at Shoptet: it is not a date. It was left out."
    assert "Shoptet" in issue.remedy()


def _customer(portal: Portal) -> str:
    return str(next(row["guid"] for row in portal.shoptet.state.customers.values() if not row["billingAddress"]["companyId"]))
