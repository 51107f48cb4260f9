"""Every way in which a record may stand, made by the real pipeline between both stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from shops.models import FlowSetting
from sync.flows import FLOWS
from sync.models import SyncJob
from tests.sync.happenings import ORDERS, PRODUCTS, announce, bring, change, guid_of, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

UNMAPPED = 11
# Shoptet shows a change at once: what it announces is not older than what it then tells.
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
Ways = tuple[Portal, Holdings, pytest.MonkeyPatch]


@dataclass(frozen=True)
class Situation:
    """One record: its job, and what BlueJet's stand-in has of it for whoever looks into its store.

    `is_right` says whether it is there as Shoptet has it, `is_to_be` whether it should be.
    """

    job: SyncJob
    is_there: bool
    is_right: bool
    is_to_be: bool = True


def _product(ways: Ways, code: str, *, is_right: bool, is_to_be: bool = True) -> Situation:
    portal, holds, _patch = ways
    job = portal.job(PRODUCTS, guid_of(portal, code))
    return Situation(job, _has(holds, code), is_right, is_to_be)


def _has(holds: Holdings, code: str) -> bool:
    mark = {row["mark"] for row in holds.records("product")}
    return f"shoptet:{code}" in mark


def _order(ways: Ways, code: str, *, is_right: bool, is_to_be: bool = True) -> Situation:
    portal, holds, _patch = ways
    return Situation(portal.job(ORDERS, code), bool(holds.documents(code)), is_right, is_to_be)


def _tell(portal: Portal, code: str) -> None:
    """Let Shoptet say that a product is new or changed, and let it be worked on once."""
    announce(portal, "product:update", guid_of(portal, code), created=LONG_AGO)
    portal.work(PRODUCTS, rounds=1)


def _reprice(portal: Portal, code: str, price: str) -> None:
    portal.control(f"/products/{code}/price", {"price": price})


def _mode(portal: Portal, flow: str, mode: str) -> None:
    FlowSetting.objects.filter(shop=portal.shop, flow=flow).update(mode=mode)


def created(ways: Ways) -> Situation:
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=True)


def updated(ways: Ways) -> Situation:
    portal = ways[0]
    _tell(portal, "SPO01")
    _reprice(portal, "SPO01", "1234.00")
    _tell(portal, "SPO01")
    return _product(ways, "SPO01", is_right=True)


def unchanged(ways: Ways) -> Situation:
    _tell(ways[0], "SPO01")
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=True)


def _refused(ways: Ways, status: str) -> Situation:
    ways[0].bluejet.fault(status, method="POST", match="/api/v1/data|/rest/")
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=False)


def refused_400(ways: Ways) -> Situation:
    return _refused(ways, "400")


def refused_422(ways: Ways) -> Situation:
    return _refused(ways, "422")


def update_refused(ways: Ways) -> Situation:
    portal = ways[0]
    _tell(portal, "SPO01")
    _reprice(portal, "SPO01", "1234.00")
    portal.bluejet.fault("422", method="PUT")
    _tell(portal, "SPO01")
    return _product(ways, "SPO01", is_right=False)


def answer_lost(ways: Ways) -> Situation:
    ways[0].bluejet.fault("drop_after", method="POST", match="/api/v1/data|/rest/")
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=False)


def bluejet_is_down(ways: Ways) -> Situation:
    ways[0].bluejet.fault("outage")
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=False)


def foreign_record(ways: Ways) -> Situation:
    ways[1].office_adds("product", mark="jiny-eshop:SPO01", code="SPO01", name="Sporák")
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=False)


def gone_in_bluejet(ways: Ways) -> Situation:
    portal, holds, _patch = ways
    _tell(portal, "SPO01")
    (row,) = [row for row in holds.records("product") if row["mark"] == "shoptet:SPO01"]
    if holds.dialect == "data":
        holds.store.remove("product", row["id"])
    else:
        holds.store.resources["products"].rows.pop(row["id"])
    _reprice(portal, "SPO01", "1234.00")
    _tell(portal, "SPO01")
    return _product(ways, "SPO01", is_right=False)


def flow_is_off(ways: Ways) -> Situation:
    _mode(ways[0], PRODUCTS, FlowSetting.Mode.OFF)
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=False)


def flow_was_switched_off(ways: Ways) -> Situation:
    _tell(ways[0], "SPO01")
    _reprice(ways[0], "SPO01", "1234.00")
    _mode(ways[0], PRODUCTS, FlowSetting.Mode.OFF)
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=False)


def shadow(ways: Ways) -> Situation:
    _mode(ways[0], PRODUCTS, FlowSetting.Mode.SHADOW)
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=False)


def shadow_after_live(ways: Ways) -> Situation:
    _tell(ways[0], "SPO01")
    _mode(ways[0], PRODUCTS, FlowSetting.Mode.SHADOW)
    _reprice(ways[0], "SPO01", "1234.00")
    _tell(ways[0], "SPO01")
    return _product(ways, "SPO01", is_right=False)


def done_while_live_and_shadow_now(ways: Ways) -> Situation:
    _tell(ways[0], "SPO01")
    _mode(ways[0], PRODUCTS, FlowSetting.Mode.SHADOW)
    return _product(ways, "SPO01", is_right=True)


def not_worked_on_yet(ways: Ways) -> Situation:
    announce(ways[0], "product:update", guid_of(ways[0], "SPO01"))
    return _product(ways, "SPO01", is_right=False)


def failed_by_a_defect(ways: Ways) -> Situation:
    portal, _holds, patch = ways

    def broken(*_given: Any) -> Any:
        raise KeyError("price")

    patch.setitem(FLOWS, PRODUCTS, replace(FLOWS[PRODUCTS], stages=[replace(stage, map=broken) for stage in FLOWS[PRODUCTS].stages]))
    announce(portal, "product:update", guid_of(portal, "SPO01"))
    for _try in range(3):
        SyncJob.objects.update(next_try_at=timezone.now())
        portal.work(PRODUCTS, rounds=1)
    return _product(ways, "SPO01", is_right=False)


def deleted_in_shoptet(ways: Ways) -> Situation:
    portal, holds, _patch = ways
    _tell(portal, "SPO01")
    guid = guid_of(portal, "SPO01")
    portal.control("/products/SPO01", method="DELETE")
    announce(portal, "product:delete", guid)
    portal.work(PRODUCTS)
    return Situation(portal.job(PRODUCTS, guid), _has(holds, "SPO01"), True)


def deleted_before_it_was_brought(ways: Ways) -> Situation:
    portal, holds, _patch = ways
    guid = guid_of(portal, "SPO01")
    portal.control("/products/SPO01", method="DELETE")
    announce(portal, "product:delete", guid)
    portal.work(PRODUCTS)
    return Situation(portal.job(PRODUCTS, guid), _has(holds, "SPO01"), False, is_to_be=False)


def order_in_bluejet(ways: Ways) -> Situation:
    bring(ways[0], "SPO02")
    code = place(ways[0], "SPO02")
    ways[0].work()
    return _order(ways, code, is_right=True)


def status_without_counterpart(ways: Ways) -> Situation:
    bring(ways[0], "SPO02")
    code = place(ways[0], "SPO02", status=UNMAPPED)
    ways[0].work()
    return _order(ways, code, is_right=False)


def later_status_without_counterpart(ways: Ways) -> Situation:
    bring(ways[0], "SPO02")
    code = place(ways[0], "SPO02")
    ways[0].work()
    change(ways[0], code, status=UNMAPPED)
    ways[0].work()
    return _order(ways, code, is_right=False)


def waits_for_its_product(ways: Ways) -> Situation:
    code = place(ways[0], "SPO02")
    ways[0].work(ORDERS, rounds=1)
    return _order(ways, code, is_right=False)


def order_refused(ways: Ways) -> Situation:
    bring(ways[0], "SPO02")
    no = {"no": 293} if ways[1].dialect == "data" else {"match": "orders"}
    ways[0].bluejet.fault("422", method="POST", **no)
    code = place(ways[0], "SPO02")
    ways[0].work()
    return _order(ways, code, is_right=False)


SITUATIONS: dict[str, Callable[[Ways], Situation]] = {
    made.__name__: made
    for made in (
        created,
        updated,
        unchanged,
        refused_400,
        refused_422,
        update_refused,
        answer_lost,
        bluejet_is_down,
        foreign_record,
        gone_in_bluejet,
        flow_is_off,
        flow_was_switched_off,
        shadow,
        shadow_after_live,
        done_while_live_and_shadow_now,
        not_worked_on_yet,
        failed_by_a_defect,
        deleted_in_shoptet,
        deleted_before_it_was_brought,
        order_in_bluejet,
        status_without_counterpart,
        later_status_without_counterpart,
        waits_for_its_product,
        order_refused,
    )
}
