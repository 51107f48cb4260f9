"""What a partner's trouble makes of a record: it waits without losing a try, and arrives once when the trouble is over."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import redis
from django.utils import timezone
from pytest_django import Settings

from sandbox.bluejet import rest_api
from sandbox.bluejet.bodies import WriteObject
from sandbox.bluejet.refusals import Refusal
from sandbox.bluejet.transaction import Transaction
from shops.models import BlueJetAccount
from sync.jobs import replay_jobs
from sync.models import RecordLink, SyncJob
from sync.partners import bluejet_name, shoptet_name
from sync.probes import probe
from tests.sync.happenings import ORDERS, PRODUCTS, announce, bring, change, finished, guid_of, issues_of, look_at, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = pytest.mark.usefixtures("impatient")
WRITES = {"data": "/api/v1/data", "rest": "/rest/"}


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    bring(portal, "SPO01", "SPO02")
    return Holdings(portal)


def all_is_well_again(portal: Portal, redis_client: redis.Redis) -> None:
    """End every fault, and the pause that a 429 asked for, which Redis counts by its own clock."""
    portal.bluejet.faults.switch_off()
    portal.control("/faults", method="DELETE")
    for key in redis_client.scan_iter("pace:*:held"):
        redis_client.delete(key)


def is_whole(portal: Portal, holds: Holdings, code: str) -> bool:
    """Whether BlueJet holds the order once, to the line and to the cent."""
    document, order = holds.document(code), portal.shoptet.state.orders[code]
    total = sum((line.total for line in document.lines), Decimal(0))
    return len(document.lines) == len(order["items"]) and total == document.total == Decimal(order["price"]["toPay"])


def sent_again(portal: Portal, code: str) -> SyncJob:
    """Let a person send an order again; return its job afterwards."""
    replay_jobs([portal.job(ORDERS, code)], by="jana")
    portal.work()
    return portal.job(ORDERS, code)


@pytest.mark.parametrize(
    "fault", ["500", "503", "429", "423", "outage", "drop_before", "drop_after", "error_after", "malformed", "truncated"]
)
def test_trouble_at_bluejet_costs_time_but_no_try(
    portal: Portal, holds: Holdings, pass_time: PassTime, redis_client: redis.Redis, fault: str
) -> None:
    portal.bluejet.fault(fault)
    code = place(portal, "SPO01")

    portal.work(ORDERS)
    troubled = portal.job(ORDERS, code)
    all_is_well_again(portal, redis_client)
    for _ in range(3):
        pass_time(90)
        portal.work()

    assert (troubled.state, troubled.tries) == ("waiting", 0)
    assert portal.job(ORDERS, code).state == "done"
    assert is_whole(portal, holds, code)


@pytest.mark.parametrize(
    ("fault", "wishes"),
    [
        ("500", {}),
        ("503", {}),
        ("429", {"seconds": 20}),
        ("drop_before", {}),
        ("malformed", {}),
        ("truncated", {}),
        ("missing_field", {"field": "code", "match": "/api/orders/"}),
        ("401", {}),
    ],
)
@pytest.mark.parametrize("dialect", ["data"])
def test_trouble_at_shoptet_costs_time_but_no_try(
    portal: Portal, holds: Holdings, pass_time: PassTime, redis_client: redis.Redis, fault: str, wishes: dict[str, Any]
) -> None:
    code = place(portal, "SPO01")
    portal.control("/faults", {"fault": fault, **wishes})

    portal.work(ORDERS)
    troubled = portal.job(ORDERS, code)
    all_is_well_again(portal, redis_client)
    pass_time(400)
    probe(shoptet_name(portal.shop))
    portal.work()

    assert (troubled.state, troubled.tries) == ("waiting", 0)
    assert is_whole(portal, holds, code)


def test_a_partner_that_does_not_answer_in_time_is_asked_again_later(
    portal: Portal, holds: Holdings, pass_time: PassTime, settings: Settings
) -> None:
    settings.BLUEJET_TIMEOUT = 0.2
    portal.bluejet.fault("slow", seconds=0.4, method="POST", match=WRITES[holds.dialect])
    code = place(portal, "SPO01")

    portal.work(ORDERS)
    troubled = portal.job(ORDERS, code)
    portal.bluejet.faults.switch_off()
    pass_time(90)
    portal.work()

    assert (troubled.state, troubled.tries) == ("waiting", 0)
    assert is_whole(portal, holds, code)


def test_credentials_that_bluejet_refuses_hold_everything_until_they_are_right(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    BlueJetAccount.objects.update(token_hash="wrong")
    portal.bluejet.sessions.expire_all()
    code = place(portal, "SPO01")

    portal.work(ORDERS)
    troubled = portal.job(ORDERS, code)
    BlueJetAccount.objects.update(token_hash="demo")
    pass_time(400)
    probe(bluejet_name(portal.shop.bluejet))
    portal.work()

    assert (troubled.state, issues_of(troubled)) == ("waiting", ["credentials_refused"])
    assert is_whole(portal, holds, code)


def test_no_order_is_lost_or_doubled_while_bluejet_misbehaves(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    codes = [place(portal, "SPO01", "SPO02") for _ in range(6)]
    for number, fault in enumerate(["500", "drop_after", "429", "malformed", "error_after", "truncated", "drop_before"]):
        portal.bluejet.fault(fault, times=2, skip=3 * number)

    for _ in range(10):
        portal.work(ORDERS, rounds=1)
        pass_time(70)

    assert {portal.job(ORDERS, code).state for code in codes} == {"done"}
    assert all(is_whole(portal, holds, code) for code in codes)


# An answer that was lost


@pytest.mark.parametrize("fault", ["drop_after", "error_after", "truncated"])
def test_a_lost_answer_is_searched_for_after_a_while_and_not_made_again(
    portal: Portal, holds: Holdings, pass_time: PassTime, fault: str
) -> None:
    code = place(portal, "SPO01")
    portal.bluejet.fault(fault, method="POST", no=293 if holds.dialect == "data" else 0, match="orders" if holds.dialect == "rest" else "")

    portal.work(ORDERS)
    troubled = portal.job(ORDERS, code)
    portal.bluejet.faults.switch_off()
    SyncJob.objects.update(next_try_at=timezone.now())
    portal.work(ORDERS)
    early = portal.job(ORDERS, code)
    pass_time(61)
    portal.work(ORDERS)

    assert issues_of(troubled) == issues_of(early) == ["outcome_unknown"]
    assert portal.job(ORDERS, code).attempts.first().result == "created"
    assert is_whole(portal, holds, code)


def test_a_write_that_commits_after_the_client_gave_up_is_one_record(
    portal: Portal, holds: Holdings, pass_time: PassTime, settings: Settings
) -> None:
    settings.BLUEJET_TIMEOUT = 0.3
    code = place(portal, "SPO01")
    no, match = (293, "") if holds.dialect == "data" else (0, "orders")
    portal.bluejet.fault("late_commit", seconds=0.8, hold=0.5, times=1, no=no, match=match, method="POST")
    people_and_document = holds.writes() + (3 if holds.dialect == "data" else 2)

    portal.work(ORDERS)
    assert portal.bluejet.journal.wait_for(people_and_document, seconds=5)
    pass_time(61)
    portal.work(ORDERS)

    assert portal.job(ORDERS, code).state == "done"
    assert is_whole(portal, holds, code)


def test_an_update_that_commits_after_the_client_gave_up_does_not_undo_a_newer_one(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    no, match = (217, "") if holds.dialect == "data" else (0, "products")
    portal.bluejet.fault("late_commit", seconds=1.0, hold=0.0, times=3, no=no, match=match, method="PUT")
    late = holds.writes() + 3
    for price in ("111", "222"):
        portal.control("/products/SPO01/price", {"price": price})
        look_at(portal, PRODUCTS, guid_of(portal, "SPO01"))
        portal.work(PRODUCTS)

    assert portal.bluejet.journal.wait_for(late, seconds=5)
    pass_time(120)
    portal.work(PRODUCTS)

    assert holds.product("SPO01")["price"] == Decimal("268.62")  # 222 and 21 %
    assert not SyncJob.objects.exclude(state="done").exists()


@pytest.mark.parametrize("dialect", ["data"])
def test_a_key_that_no_address_can_hold_is_parked_alone(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    look_at(portal, ORDERS, "..")

    portal.work()

    assert (portal.job(ORDERS, "..").state, portal.job(ORDERS, code).state) == ("parked", "done")


@pytest.mark.parametrize("dialect", ["data"])
def test_a_batch_of_products_whose_answer_was_lost_is_there_once(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    portal.bluejet.fault("drop_after", no=217, method="POST", times=2)

    run = finished(planned(portal, PRODUCTS))
    for _ in range(3):
        pass_time(120)
        finished(run)

    codes = [row["code"] for row in holds.all("product")]
    assert not SyncJob.objects.exclude(state="done").exists()
    assert len(holds.records("product")) == portal.shoptet.state.catalogue.variant_total
    assert len(codes) == len(set(codes))
    assert (run.state, run.created, run.unchanged) == ("completed", 44, 2)


def test_a_line_that_was_added_while_the_answer_got_lost_is_there_once(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    code = place(portal, "SPO01")
    portal.work()
    method, no, match = ("POST", 291, "") if holds.dialect == "data" else ("PUT", 0, "orders")
    portal.bluejet.fault("drop_after", method=method, no=no, match=match, times=3)

    change(portal, code, add=[{"code": "SPO02"}])
    portal.work(ORDERS)
    portal.bluejet.faults.switch_off()
    pass_time(120)
    portal.work(ORDERS)

    assert (portal.job(ORDERS, code).state, issues_of(portal.job(ORDERS, code))) == ("done", [])
    assert is_whole(portal, holds, code)


def lose_the_answer(portal: Portal, holds: Holdings) -> str:
    """Place an order whose Nabídka is written while the answer gets lost."""
    code = place(portal, "SPO01")
    portal.bluejet.fault("drop_after", method="POST", times=1, **new_document(holds, "offer"))
    portal.work(ORDERS)
    assert issues_of(portal.job(ORDERS, code)) == ["outcome_unknown"]
    return code


def new_document(holds: Holdings, kind: str) -> dict[str, Any]:
    """Return what a fault has to say to strike the writing of new documents."""
    return {"match": "orders"} if holds.dialect == "rest" else {"no": {"offer": 293, "order": 321}[kind]}


def test_a_nabidka_whose_answer_was_lost_is_not_left_open_beside_the_objednavka(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    code = lose_the_answer(portal, holds)

    change(portal, code, status=-3)
    portal.work(ORDERS)
    pass_time(61)
    portal.work(ORDERS)

    *closed, order = holds.documents(code)
    assert order.kind == "order"
    assert [document.state for document in closed] == (["Potvrzená"] if holds.dialect == "data" else [])
    assert portal.job(ORDERS, code).state == "done"


def test_a_document_whose_answer_was_lost_is_cancelled_with_its_order(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    code = lose_the_answer(portal, holds)

    portal.control(f"/orders/{code}", method="DELETE")
    announce(portal, "order:delete", code)
    portal.work(ORDERS)
    pass_time(61)
    portal.work(ORDERS)

    assert holds.document(code).state == {"data": "Stornovaná", "rest": "Stornováno"}[holds.dialect]
    assert portal.job(ORDERS, code).state == "done"


@pytest.mark.parametrize("dialect", ["data"])
def test_a_product_whose_answer_was_lost_is_put_away_with_it(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    guid = guid_of(portal, "SPO03")
    look_at(portal, PRODUCTS, guid)
    portal.bluejet.fault("drop_after", method="POST", times=1, no=217)
    portal.work(PRODUCTS)

    portal.control("/products/SPO03", method="DELETE")
    announce(portal, "product:delete", guid)
    portal.work(PRODUCTS)
    pass_time(61)
    portal.work(PRODUCTS)

    assert holds.product("SPO03")["archived"]
    assert portal.job(PRODUCTS, guid).state == "done"


# One bad record


@pytest.mark.parametrize("dialect", ["data"])
def test_a_record_that_bluejet_refuses_is_parked_alone_and_its_batch_goes_through(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Transaction._taken

    def refusing(self: Transaction, evidence: Any, columns: dict[str, Any]) -> Any:
        if columns.get("code") == "KON03":
            raise Refusal("Kód KON03 je zakázán.", 400, "code")
        return taken(self, evidence, columns)

    monkeypatch.setattr(Transaction, "_taken", refusing)

    run = portal.run(PRODUCTS)

    (job,) = SyncJob.objects.filter(state="parked")
    assert (run.parked, run.created, run.unchanged) == (1, 43, 2)
    assert (job.key, issues_of(job)) == (guid_of(portal, "KON03"), ["refused"])
    assert "Kód KON03 je zakázán." in job.issues[0]["params"]["message"]


@pytest.mark.parametrize("dialect", ["data"])
def test_a_batch_that_is_too_large_is_halved_until_it_fits(portal: Portal, holds: Holdings) -> None:
    portal.bluejet.fault("413", method="POST", times=3)

    run = portal.run(PRODUCTS)

    assert (run.created, run.parked, run.waiting) == (44, 0, 0)


# What somebody did in BlueJet


def test_a_document_that_was_deleted_in_bluejet_is_made_anew_only_when_a_person_says_so(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    portal.work()
    document = holds.document(code)
    holds.office_deletes(document.kind, document.id)

    change(portal, code, amounts={"SPO01": 2})
    portal.work()
    parked = portal.job(ORDERS, code)
    held = holds.documents(code)
    job = sent_again(portal, code)

    assert (parked.state, issues_of(parked), held) == ("parked", ["gone_in_bluejet"], [])
    assert job.state == "done"
    assert holds.document(code).id != document.id
    assert is_whole(portal, holds, code)


def test_a_product_that_was_deleted_in_bluejet_is_made_anew_only_when_a_person_says_so(portal: Portal, holds: Holdings) -> None:
    gone = holds.product("SPO01")["id"]
    holds.office_deletes("product", gone)
    guid = guid_of(portal, "SPO01")

    portal.control("/products/SPO01/price", {"price": "30000"})
    look_at(portal, PRODUCTS, guid)
    portal.work(PRODUCTS)
    parked = portal.job(PRODUCTS, guid)
    replay_jobs([parked], by="jana")
    portal.work(PRODUCTS)

    assert (parked.state, issues_of(parked)) == ("parked", ["gone_in_bluejet"])
    assert portal.job(PRODUCTS, guid).state == "done"
    assert holds.product("SPO01")["id"] != gone


def test_a_document_that_lost_a_line_is_shown_to_a_person_and_made_whole_when_sent_again(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _lose_the_last_line(patch)
        code = place(portal, "SPO01", "SPO02")
        portal.work()
    parked = portal.job(ORDERS, code)

    job = sent_again(portal, code)

    assert (parked.state, issues_of(parked)) == ("parked", ["not_read_back"])
    assert (parked.issues[0]["params"]["seen_lines"], parked.issues[0]["params"]["lines"]) == ("3", "4")
    assert job.state == "done"
    assert is_whole(portal, holds, code)


def _lose_the_last_line(patch: pytest.MonkeyPatch) -> None:
    """Let BlueJet keep a document without its last line, and say that all went well."""
    insert, with_line_ids = Transaction.insert, rest_api.with_line_ids

    def forgetful(self: Transaction, item: WriteObject) -> str:
        item.inner = item.inner[:-1]
        return insert(self, item)

    patch.setattr(Transaction, "insert", forgetful)
    patch.setattr(rest_api, "with_line_ids", lambda row: {**with_line_ids(row), "lineItems": with_line_ids(row).get("lineItems", [])[:-1]})


def office_gives_a_discount(holds: Holdings, code: str) -> None:
    """Let somebody at BlueJet change the price of a document's first line."""
    document = holds.document(code)
    line = document.lines[0]
    if holds.dialect == "data":
        holds.store.change("offer_line", line.id, jcenadphprodej="1", cenadphprodej="1")
        return
    orders = holds.store.resources["orders"]
    row = orders.rows[document.id]
    orders.put(document.id, {**row, "lineItems": [{**one, **({"total": 1} if one["id"] == line.id else {})} for one in row["lineItems"]]})


def test_lines_that_somebody_changed_in_bluejet_are_kept_and_the_job_says_so_once(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    portal.work()
    office_gives_a_discount(holds, code)

    change(portal, code, notes={"customerRemark": "Prosím zavolat"})
    portal.work()
    told = set(issues_of(portal.job(ORDERS, code)))
    change(portal, code, notes={"customerRemark": "Už nevolejte"})
    portal.work()

    job = portal.job(ORDERS, code)
    assert (told, issues_of(job), job.state) == ({"changed_in_bluejet"}, [], "done")
    assert holds.document(code).lines[0].total == 1


# Several workers


def test_an_older_state_never_overwrites_a_later_one(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    portal.work()
    RecordLink.objects.filter(key=code).update(source_changed_at=timezone.now() + timedelta(minutes=5))
    writes = holds.writes()

    portal.control(f"/orders/{code}", {"amounts": {"SPO01": 9}})
    look_at(portal, ORDERS, code)
    portal.work(ORDERS)

    job = portal.job(ORDERS, code)
    assert (job.state, issues_of(job), holds.writes()) == ("done", ["stale"], writes)


def test_a_record_that_another_worker_is_writing_waits_for_it(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    code = place(portal, "SPO01")
    portal.work()
    other = {"lease": uuid.uuid4(), "leased_until": timezone.now() + timedelta(seconds=60)}
    RecordLink.objects.filter(key=code).update(**other)

    change(portal, code, amounts={"SPO01": 2})
    portal.work(ORDERS, rounds=1)
    waiting = portal.job(ORDERS, code)
    RecordLink.objects.filter(key=code).update(lease=None, leased_until=None)
    pass_time(2)
    portal.work(ORDERS)

    assert (waiting.state, issues_of(waiting), waiting.tries) == ("waiting", ["busy"], 0)
    assert is_whole(portal, holds, code)


def as_if_the_worker_had_died_after_writing(key: str) -> None:
    """Take from the link what a worker writes down last."""
    RecordLink.objects.filter(key=key).update(
        bluejet_id="",
        draft_hash="",
        lines={},
        pushed_at=None,
        source_changed_at=None,
        fetched_at=None,
        lease=uuid.uuid4(),
        leased_until=timezone.now() - timedelta(seconds=1),
    )


def test_what_a_dead_worker_wrote_is_found_and_counts_as_created(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    portal.work()
    as_if_the_worker_had_died_after_writing(code)

    look_at(portal, ORDERS, code)
    portal.work(ORDERS)

    job = portal.job(ORDERS, code)
    assert (job.state, job.attempts.first().result) == ("done", "created")
    assert is_whole(portal, holds, code)


def test_a_run_does_not_trust_its_index_for_what_a_dead_worker_may_have_written(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.runs.plan.INDEX_FROM", 1)
    run = planned(portal, PRODUCTS)
    bring(portal, "SPO03")
    as_if_the_worker_had_died_after_writing("SPO03")

    finished(run)

    assert holds.product("SPO03")
    assert run.indexed
    assert not SyncJob.objects.exclude(state="done").exists()


def test_our_own_failure_is_tried_three_times_and_then_shown_with_its_traceback(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("code")

    monkeypatch.setattr("sync.flows.order.document.validate_order", broken)
    code = place(portal, "SPO01")

    for _ in range(3):
        portal.work(ORDERS)
        pass_time(100)

    job = portal.job(ORDERS, code)
    assert (job.state, job.tries, issues_of(job)) == ("failed", 3, ["defect"])
    assert "KeyError: 'code'" in job.traceback
