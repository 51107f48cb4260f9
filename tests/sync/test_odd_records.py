"""Records with values that no database, calendar or arithmetic can hold: each is mended or stands before a person, the others arrive."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from sync import sweepers
from sync.models import RecordLink, SampleRecord, SyncChunk, SyncJob, SyncRun
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, STOCK, bring, finished, guid_of, look_at, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
# What PostgreSQL refuses spoils a transaction around it, and workers have none.
pytestmark = [
    pytest.mark.django_db(transaction=connection.vendor == "postgresql"),
    pytest.mark.usefixtures("impatient"),
    pytest.mark.parametrize("dialect", ["data"]),
]
NUL, HALF = "\x00", "\ud800"
LONG = "X" * 300
YEAR_ONE, LAST_YEAR = "0001-01-01T00:00:00+0100", "9999-12-31T23:59:59-0100"
HUGE = "9" * 30
Path = tuple[str | int, ...]

OF_ORDERS: list[tuple[Path, Any]] = [
    (("notes", "customerRemark"), f"Ahoj{NUL}"),
    (("notes", "customerRemark"), f"Ahoj{HALF}"),
    (("billingAddress", "fullName"), f"Jana{NUL}Malá"),
    (("billingAddress", "fullName"), LONG),
    (("email",), f"jana{NUL}@host.example"),
    (("email",), f"jana{HALF}@host.example"),
    (("email",), f"{LONG}@host.example"),
    (("changeTime",), YEAR_ONE),
    (("changeTime",), LAST_YEAR),
    (("creationTime",), YEAR_ONE),
    (("price", "exchangeRate"), HUGE),
    (("price", "withVat"), "NaN"),
    (("items", 0, "code"), f"SPO{NUL}01"),
    (("items", 0, "name"), f"Sporák{NUL}"),
    (("items", 0, "amount"), f"1e{HUGE}"),
    (("items", 0, "itemPrice", "vatRate"), "-100.00"),
    (("items", 0, "itemPrice", "withVat"), HUGE),
    (("items", 0, "itemId"), None),
    (("items",), None),
    (("status", "id"), 10**30),
    (("status", "name"), f"Nová{NUL}"),
    (("customerGuid",), LONG),
    (("paymentMethod", "name"), HALF),
]
OF_PRODUCTS: list[tuple[Path, Any]] = [
    (("name",), f"Konvektomat{NUL}"),
    (("name",), f"Konvektomat{HALF}"),
    (("url",), "http://["),
    (("changeTime",), YEAR_ONE),
    (("changeTime",), LAST_YEAR),
    (("variants", 0, "code"), LONG),
    (("variants", 0, "code"), f"KON{NUL}"),
    (("variants", 0, "ean"), f"85{NUL}" + "9" * 200),
    (("variants", 0, "vatRate"), "-100.00"),
    (("variants", 0, "price"), f"{HUGE}.99"),
    (("variants", 0, "weight"), "Infinity"),
    (("variants", 0, "stocks"), "none"),
    (("defaultCategory", "guid"), LONG),
    (("defaultCategory", "name"), NUL),
    (("brand", "name"), f"Retigo{NUL}"),
    (("descriptiveParameters",), {"a": 1}),
    (("variants",), []),
]


def changed(record: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Return the record with another value at this place."""
    made = copy.deepcopy(record)
    place: Any = made
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return made


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    return Holdings(portal)


def rounds(portal: Portal, flow: str, pass_time: PassTime, times: int = 6) -> None:
    for _ in range(times):
        portal.work(flow)
        pass_time(200)
        sweepers.requeue_abandoned()


def ended(portal: Portal, flow: str, pass_time: PassTime) -> SyncRun:
    """Pass over a flow; what a partner seems to fail at is asked for ten times before it becomes a job."""
    run = planned(portal, flow)
    for _ in range(16):
        if finished(run).is_active:
            pass_time(61)
    return run


def is_explained(job: SyncJob) -> bool:
    """Whether the job arrived, or a sentence says why it did not; one that waits for another record says so, too."""
    return job.state == "done" or (job.state in ("parked", "failed", "waiting") and bool(job.issues))


def everything_can_be_read() -> bool:
    """Whether no row was stored that the database cannot give back."""
    return all(len(list(model.objects.all())) >= 0 for model in (RecordLink, SyncJob, SampleRecord, SyncChunk))


def test_orders_with_odd_values_do_not_keep_the_others_from_arriving(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    bring(portal, "SPO01")
    sound, odd = [], []
    for number, (path, value) in enumerate(OF_ORDERS):
        odd.append(place(portal, "SPO01"))
        portal.shoptet.state.orders[odd[-1]] = changed(portal.shoptet.state.orders[odd[-1]], path, value)
        if number % 4 == 0:
            sound.append(place(portal, "SPO01"))

    rounds(portal, ORDERS, pass_time)
    writes = holds.writes()
    rounds(portal, ORDERS, pass_time, times=2)

    assert [portal.job(ORDERS, code).state for code in sound] == ["done"] * len(sound)
    assert [len(holds.documents(code)) for code in sound] == [1] * len(sound)
    assert [
        (path, job.state, job.issues)
        for code, (path, _) in zip(odd, OF_ORDERS, strict=True)
        if not is_explained(job := portal.job(ORDERS, code))
    ] == []
    assert max(len(holds.documents(code)) for code in odd) <= 1
    assert holds.writes() == writes
    assert everything_can_be_read()


@pytest.fixture
def oddities(portal: Portal) -> list[str]:
    """Let so many products of the shop be odd, one in each way; return their GUIDs."""
    products = [product for product in portal.shoptet.state.catalogue.products() if len(product["variants"]) == 1]
    chosen = [product for product in products if product["variants"][0]["code"] != "SPO01"][: len(OF_PRODUCTS)]
    assert len(chosen) == len(OF_PRODUCTS)
    for product, (path, value) in zip(chosen, OF_PRODUCTS, strict=True):
        portal.shoptet.state.catalogue.put(changed(product, path, value))
    return [product["guid"] for product in chosen]


def sound_codes(portal: Portal, oddities: list[str]) -> list[str]:
    products = [product for product in portal.shoptet.state.catalogue.products() if product["guid"] not in oddities]
    return [variant["code"] for product in products for variant in product["variants"]]


def test_products_with_odd_values_do_not_keep_the_others_from_arriving(
    portal: Portal, holds: Holdings, pass_time: PassTime, oddities: list[str]
) -> None:
    sound = [guid_of(portal, code) for code in ("SPO01", "FRI01/230", "FRI02/230")]
    look_at(portal, PRODUCTS, *oddities[:5], *sound, *oddities[5:])

    rounds(portal, PRODUCTS, pass_time)

    assert [portal.job(PRODUCTS, guid).state for guid in sound] == ["done"] * len(sound)
    jobs = [portal.job(PRODUCTS, guid) for guid in oddities]
    assert [(path, job.state, job.issues) for job, (path, _) in zip(jobs, OF_PRODUCTS, strict=True) if not is_explained(job)] == []
    assert everything_can_be_read()


@pytest.mark.parametrize("index_from", [1, 100])
def test_a_run_over_odd_products_brings_all_the_others_and_ends(
    portal: Portal, holds: Holdings, pass_time: PassTime, oddities: list[str], monkeypatch: pytest.MonkeyPatch, index_from: int
) -> None:
    monkeypatch.setattr("sync.runs.plan.INDEX_FROM", index_from)
    holds.office_adds("product", code=LONG, name=f"Konvektomat{NUL}")
    run = ended(portal, PRODUCTS, pass_time)
    rounds(portal, PRODUCTS, pass_time)

    held = [row["code"] for row in holds.all("product")]
    sound = sound_codes(portal, oddities)
    assert run.state == "completed"
    assert [held.count(code) for code in sound] == [1] * len(sound)
    assert not SyncChunk.objects.exclude(state="done").exists()
    assert [(job.key, job.state) for job in SyncJob.objects.all() if not is_explained(job)] == []
    assert everything_can_be_read()


@pytest.mark.parametrize("flow", [STOCK, CUSTOMERS])
def test_a_run_over_odd_stock_and_odd_customers_ends(
    portal: Portal, holds: Holdings, pass_time: PassTime, oddities: list[str], flow: str
) -> None:
    for guid, value in zip(list(portal.shoptet.state.customers)[:4], (NUL, HALF, LONG, 7), strict=True):
        customer = portal.shoptet.state.customers[guid]
        portal.shoptet.state.customers[guid] = changed(customer, ("billingAddress", "fullName"), value)
    if flow == STOCK:
        ended(portal, PRODUCTS, pass_time)

    run = ended(portal, flow, pass_time)

    assert run.state == "completed"
    assert run.created > 10
    assert everything_can_be_read()
