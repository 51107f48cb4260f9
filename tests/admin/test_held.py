"""Switching a flow on shows how much was held and asks what becomes of it; nothing goes over, and nothing is closed, in silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shops.models import FlowName, FlowSetting, Shop
from sync.jobs.held import let_go_all
from sync.models import EventJob, SyncJob
from sync.tasks import let_held_go
from tests.admin.rows import make_event, make_job
from tests.admin.test_shops import _shop_form
from webhooks.processing import FLOW_HELD

Mode = FlowSetting.Mode
ORDERS, PRODUCTS = FlowName.ORDER_TO_BLUEJET, FlowName.PRODUCT_TO_BLUEJET


@pytest.fixture
def held(shop: Shop) -> Shop:
    """Return a shop whose orders and products were off for ten days and held one record a day."""
    FlowSetting.objects.filter(shop=shop, flow__in=[ORDERS, PRODUCTS]).update(mode=Mode.OFF)
    for day in range(10):
        for flow in (ORDERS, PRODUCTS):
            asked_at = timezone.now() - timedelta(days=day, minutes=1)
            issues = [{"code": "flow_off", "severity": "warning"}]
            job = make_job(shop, f"{flow[0]}{day}", flow=flow, state=SyncJob.State.HELD, asked_at=asked_at, issues=issues)
            event = make_event(shop, instance=job.key, status="processing", error=FLOW_HELD)
            EventJob.objects.create(event=event, job=job, wanted=1)
    return shop


def switched_on(client: Client, shop: Shop, **more: Any) -> Any:
    """Make all flows live by the shop's form; return the answer."""
    modes = {f"flows-{number}-mode": "live" for number in range(shop.flows.count())}
    return client.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, **modes, **more))


def answer(client: Client, shop: Shop, **answers: Any) -> Any:
    """Answer the page's questions; `confirmed` included or not."""
    return client.post(
        reverse("admin:shops_shop_held", args=[shop.pk]), {name.replace("__", "-"): value for name, value in answers.items()}
    )


def carry_out() -> None:
    """Let the worker do what was answered."""
    for setting in FlowSetting.objects.filter(release_to__isnull=False):
        let_held_go(setting.pk)


def states(shop: Shop, flow: str) -> list[str]:
    return list(SyncJob.objects.filter(shop=shop, flow=flow).order_by("-asked_at").values_list("state", flat=True))


ALL = {"order_to_bluejet__what": "all", "product_to_bluejet__what": "all"}


def test_switching_flows_on_leads_to_the_question_and_lets_nothing_go(technician: Client, held: Shop) -> None:
    answer = switched_on(technician, held)

    page = technician.get(answer.url).content.decode()
    assert answer.url == reverse("admin:shops_shop_held", args=[held.pk])
    assert page.count("10 records are held.") == 2
    assert set(states(held, ORDERS) + states(held, PRODUCTS)) == {"held"}


def test_all_go_over_at_the_lowest_priority_after_the_answer_was_confirmed(technician: Client, held: Shop) -> None:
    switched_on(technician, held)

    question = answer(technician, held, **ALL).content.decode()
    unconfirmed = FlowSetting.objects.filter(release_to__isnull=False).count()
    answer(technician, held, **ALL, confirmed="yes")
    carry_out()

    assert (question.count("10 records go over."), unconfirmed) == (2, 0)
    assert set(SyncJob.objects.values_list("state", "priority", "done")) == {("queued", 50, 0)}
    assert not SyncJob.objects.filter(asked_by_events__event__error=FLOW_HELD).exists()
    assert LogEntry.objects.filter(object_id=str(held.pk), change_message__contains="10 records go over.").count() == 2


def test_only_what_came_since_a_date_goes_over_and_the_rest_is_closed_with_a_sentence(technician: Client, held: Shop) -> None:
    switched_on(technician, held)
    since = timezone.localtime(timezone.now() - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    chosen = {"order_to_bluejet__what": "since", "order_to_bluejet__since": since, "product_to_bluejet__what": "later"}

    question = answer(technician, held, **chosen).content.decode()
    answer(technician, held, **chosen, confirmed="yes")
    carry_out()

    assert "3 go over; 7 are closed, since they came before" in question
    assert states(held, ORDERS) == ["queued"] * 3 + ["done"] * 7
    assert set(states(held, PRODUCTS)) == {"held"}
    closed = SyncJob.objects.get(key="o9")
    assert ([issue["code"] for issue in closed.issues], closed.done) == (["held_closed"], closed.wanted)
    event = closed.asked_by_events.get().event
    page = technician.get(reverse("admin:webhooks_webhookevent_change", args=[event.pk])).content.decode()
    assert (event.status, "left out what came before" in page) == ("ignored", True)
    assert "left out what came before" in technician.get(reverse("admin:sync_syncjob_change", args=[closed.pk])).content.decode()
    assert LogEntry.objects.filter(object_id=str(held.pk), change_message__contains="7 are closed").exists()


def test_as_long_as_nobody_answers_the_front_page_asks(office: Client, technician: Client, held: Shop) -> None:
    off = office.get(reverse("admin:index")).content.decode()
    FlowSetting.objects.filter(shop=held, flow=ORDERS).update(mode=Mode.LIVE)

    page = office.get(reverse("admin:index")).content.decode()

    address = reverse("admin:shops_shop_held", args=[held.pk])
    assert (address in off, address in page) == (False, True)
    assert "they came while this flow was not live – orders to BlueJet" in page
    answer(technician, held, order_to_bluejet__what="all", confirmed="yes")
    assert address not in office.get(reverse("admin:index")).content.decode()


def test_a_flow_that_is_still_off_or_in_an_inactive_shop_shows_its_count_and_asks_nothing(technician: Client, held: Shop) -> None:
    address = reverse("admin:shops_shop_held", args=[held.pk])

    off = technician.get(address).content.decode()
    Shop.objects.filter(pk=held.pk).update(active=False)
    FlowSetting.objects.filter(shop=held).update(mode=Mode.LIVE)
    inactive = technician.get(address).content.decode()

    assert ("10 records are held." in off, 'type="radio"' in off) == (True, False)
    assert ("The shop is switched off." in inactive, 'type="radio"' in inactive) == (True, False)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Choose what becomes of them."),
        ({"order_to_bluejet__what": "since"}, "Say since when."),
        ({"order_to_bluejet__what": "since", "order_to_bluejet__since": "2999-01-01T08:00"}, "This lies in the future."),
    ],
)
def test_an_answer_that_is_none_changes_nothing(technician: Client, held: Shop, answers: dict[str, str], sentence: str) -> None:
    FlowSetting.objects.filter(shop=held, flow=ORDERS).update(mode=Mode.LIVE)

    page = answer(technician, held, **answers, confirmed="yes").content.decode()

    assert sentence in page
    assert not FlowSetting.objects.filter(release_to__isnull=False).exists()


def test_who_may_not_switch_flows_sees_what_is_held_and_cannot_let_it_go(office: Client, visitor: Client, held: Shop) -> None:
    FlowSetting.objects.filter(shop=held, flow=ORDERS).update(mode=Mode.LIVE)
    address = reverse("admin:shops_shop_held", args=[held.pk])

    page = office.get(address).content.decode()

    assert ("10 records are held." in page, 'type="radio"' in page) == (True, False)
    assert answer(office, held, order_to_bluejet__what="all", confirmed="yes").status_code == 403
    assert visitor.get(address).status_code == 403
    assert not FlowSetting.objects.filter(release_to__isnull=False).exists()


def test_an_answer_is_void_when_the_flow_is_switched_off_before_it_was_carried_out(technician: Client, held: Shop) -> None:
    FlowSetting.objects.filter(shop=held, flow=ORDERS).update(mode=Mode.LIVE)
    answer(technician, held, order_to_bluejet__what="all", confirmed="yes")
    FlowSetting.objects.filter(shop=held, flow=ORDERS).update(mode=Mode.OFF)

    carry_out()
    let_go_all()

    assert set(states(held, ORDERS)) == {"held"}
    assert not FlowSetting.objects.filter(release_to__isnull=False).exists()


def test_a_held_record_is_held_on_every_page(office: Client, held: Shop) -> None:
    job = SyncJob.objects.get(key="o1")
    event = job.asked_by_events.get().event
    badge = '<span class="badge badge-wait">held</span>'

    job_page = office.get(reverse("admin:sync_syncjob_change", args=[job.pk])).content.decode()
    pages = [
        job_page,
        office.get(reverse("admin:webhooks_webhookevent_change", args=[event.pk])).content.decode(),
        office.get(reverse("admin:sync_syncjob_changelist") + "?question=held").content.decode(),
        office.get(reverse("admin:sync_syncjob_changelist") + "?question=open").content.decode(),
        office.get(reverse("admin:webhooks_webhookevent_changelist")).content.decode(),
    ]

    assert [badge in page for page in pages] == [True] * 5
    assert not any("badge-ok" in page for page in pages)
    assert "It is held: it came while its flow was not live." in job_page
    assert f'href="{reverse("admin:shops_shop_held", args=[held.pk])}"' in job_page
