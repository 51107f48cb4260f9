"""What webhooks lost is found in the change feeds, the stock movements and Shoptet's own delivery log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.bluejet.values import number
from shops.clients import shoptet_client
from shops.models import FlowSetting, Shop
from sync import catch_up as catching_up
from sync.catch_up import catch_up
from sync.models import SyncJob
from tests.sync.happenings import CUSTOMERS, ORDERS, STOCK, announce, bring
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal
from webhooks.models import WebhookEvent
from webhooks.processing import take_up

PassTime = Callable[[float], None]
pytestmark = pytest.mark.parametrize("dialect", ["data"])
NOBODY_LISTENS = "http://127.0.0.1:9/api/webhooks/shoptet"


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    """Let the portal have been up to date a moment ago, and every webhook be lost from now on."""
    bring(portal, "SPO01", "SPO02")
    SyncJob.objects.all().delete()
    since = timezone.now().isoformat()
    movements = {str(stock): portal.shoptet.state.stock.last_id for stock in portal.shoptet.state.stock.movements}
    FlowSetting.objects.filter(shop=portal.shop).update(cursor={"since": since})
    FlowSetting.objects.filter(shop=portal.shop, flow=STOCK).update(cursor={"since": since, "movements": movements})
    portal.control("/webhooks", {"suppressed": True})
    pass_time(60)
    return Holdings(portal)


def caught_up(portal: Portal) -> set[tuple[str, str]]:
    """Catch up, and return what was asked for besides the stocks' movements."""
    catch_up(portal.shop.pk)
    jobs = SyncJob.objects.exclude(key__startswith="movements:").filter(state="queued")
    return set(jobs.values_list("flow", "key"))


def test_everything_that_changed_unseen_arrives(portal: Portal, holds: Holdings) -> None:
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    portal.control("/products/SPO02/price", {"price": "40000"})
    portal.control("/products/SPO02/stock", {"stock": 1, "real": 77})
    registered = portal.control("/customers", {"account": {"email": "jana@zakaznik.example", "fullName": "Jana Malá"}})

    asked = caught_up(portal)
    portal.work()

    (card,) = [row for row in holds.records("stock_card") if row["mark"] == "shoptet:1:SPO02"]
    assert {(ORDERS, code), (CUSTOMERS, registered["guid"])} <= asked
    assert holds.document(code).lines
    assert (holds.product("SPO02")["price"], number(card["mnozstvi"])) == (Decimal("48400"), 77)
    assert holds.contacts("jana@zakaznik.example")
    assert not WebhookEvent.objects.exists()


def test_what_was_deleted_unseen_is_cancelled_and_put_away(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    caught_up(portal)
    portal.work()
    pass_time(60)

    portal.control(f"/orders/{code}", method="DELETE")
    portal.control("/products/SPO02", method="DELETE")
    caught_up(portal)
    portal.work()

    assert holds.document(code).state == "Stornovaná"
    assert holds.product("SPO02")["archived"]


def test_what_a_webhook_brought_already_is_not_asked_for_again(portal: Portal, holds: Holdings) -> None:
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    announce(portal, "order:create", code)
    portal.work()

    assert caught_up(portal) == set()


def test_what_was_found_and_parked_is_not_found_for_ever(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    code = portal.control("/orders", {"items": ["SPO01"], "status": 11})["code"]
    found = []
    for _ in range(4):
        found.append(caught_up(portal))
        portal.work()
        pass_time(900)

    assert (found[0], found[2:]) == ({(ORDERS, code)}, [set(), set()])
    assert portal.job(ORDERS, code).state == "parked"


def test_a_feed_that_cannot_be_read_is_read_from_the_same_place_later(
    portal: Portal, holds: Holdings, pass_time: PassTime, impatient: None
) -> None:
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    portal.control("/faults", {"fault": "500", "match": "/api/orders/changes"})
    missed = caught_up(portal)

    portal.control("/faults", method="DELETE")
    pass_time(900)

    assert missed == set()
    assert caught_up(portal) == {(ORDERS, code)}


def test_trouble_with_the_feeds_does_not_keep_the_movements_from_being_read(portal: Portal, holds: Holdings, impatient: None) -> None:
    portal.control("/faults", {"fault": "500", "match": "/changes"})

    catch_up(portal.shop.pk)

    assert set(SyncJob.objects.values_list("key", flat=True)) == {"movements:all"}


def test_a_flow_that_is_off_is_not_caught_up(portal: Portal, holds: Holdings) -> None:
    FlowSetting.objects.filter(shop=portal.shop, flow=ORDERS).update(mode=FlowSetting.Mode.OFF)
    portal.control("/orders", {"items": ["SPO01"]})

    assert caught_up(portal) == set()


def test_what_was_lost_before_the_first_pass_is_found_since_the_flow_went_live(portal: Portal, holds: Holdings) -> None:
    FlowSetting.objects.filter(shop=portal.shop).exclude(flow=STOCK).update(cursor={})
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]

    assert (ORDERS, code) in caught_up(portal)


def test_before_a_flow_goes_live_there_is_nothing_to_catch_up_with(portal: Portal, holds: Holdings) -> None:
    portal.control("/orders", {"items": ["SPO01"]})
    FlowSetting.objects.filter(shop=portal.shop).exclude(flow=STOCK).update(cursor={}, begins_at=timezone.now() + timedelta(minutes=10))

    assert caught_up(portal) == set()


def test_a_flow_that_was_off_for_longer_than_shoptet_remembers_is_read_as_far_back_as_that(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    pass_time(40 * 24 * 3600)
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]

    assert (ORDERS, code) in caught_up(portal)


def test_what_was_lost_while_a_flow_was_off_is_found_once_it_is_on(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    FlowSetting.objects.filter(shop=portal.shop).update(mode=FlowSetting.Mode.OFF)
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    while_off = caught_up(portal)
    pass_time(3600)

    FlowSetting.objects.filter(shop=portal.shop).update(mode=FlowSetting.Mode.LIVE)

    assert (while_off, (ORDERS, code) in caught_up(portal)) == (set(), True)


def test_a_delivery_that_shoptet_could_not_make_becomes_an_event(portal: Portal, holds: Holdings) -> None:
    portal.control("/webhooks", {"suppressed": False})
    with shoptet_client(portal.shop) as client:
        client.register_webhooks([("order:create", NOBODY_LISTENS)])
    code = portal.control("/orders", {"items": ["SPO01"]})["code"]
    portal.control("/webhooks/wait", {"timeout": 5})

    catch_up(portal.shop.pk)
    event = WebhookEvent.objects.get()
    take_up(event.pk)
    portal.work()

    event.refresh_from_db()
    assert (event.event_type, event.instance, event.source, event.status) == ("order:create", code, "catch-up", "completed")
    assert holds.document(code).lines


def test_each_active_shop_is_caught_up_in_a_task_of_its_own(portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueued: list[tuple[object, ...]] = []
    monkeypatch.setattr(catching_up, "enqueue", lambda *args: enqueued.append(args))
    other = Shop.objects.create(name="Druhý", eshop_id="7", bluejet=portal.shop.bluejet, external_prefix="druhy")
    Shop.objects.create(name="Zavřený", eshop_id="8", bluejet=portal.shop.bluejet, external_prefix="zavreny", active=False)

    catching_up.catch_up_all()

    assert set(enqueued) == {("catch_up_shop", portal.shop.pk), ("catch_up_shop", other.pk)}


def test_a_day_without_the_portal_is_made_up_for(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    codes = []
    for _ in range(6):
        codes.append(portal.control("/orders", {"items": ["SPO01"]})["code"])
        pass_time(4 * 3600)

    caught_up(portal)
    portal.work()

    assert all(holds.document(code).lines for code in codes)
    assert not SyncJob.objects.exclude(state="done").exists()
