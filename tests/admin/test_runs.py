"""Starting and cancelling runs from the admin."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from shops.models import FlowName, FlowSetting, Shop
from sync.models import SyncJob, SyncRun
from tests.admin.rows import make_job, make_run

START = "admin:sync_syncrun_start"


def _form(shop: Shop, **changes: object) -> dict[str, object]:
    return {"shop": shop.pk, "flow": FlowName.ORDER_TO_BLUEJET, "mode": "full"} | changes


def test_a_run_starts_only_after_the_confirmation(office: Client, shop: Shop) -> None:
    question = office.post(reverse(START), _form(shop)).content.decode()
    before = SyncRun.objects.count()
    answer = office.post(reverse(START), _form(shop, confirmed="yes"))

    run = SyncRun.objects.get()
    assert "Every record is read and compared" in question
    assert before == 0
    assert answer["Location"] == reverse("admin:sync_syncrun_change", args=[run.pk])
    assert (run.flow, run.mode, run.trigger, run.dry_run) == (FlowName.ORDER_TO_BLUEJET, SyncRun.Mode.FULL, "Jana Nováková", False)


def test_a_window_of_time_needs_its_beginning(office: Client, shop: Shop) -> None:
    page = office.post(reverse(START), _form(shop, mode="window")).content.decode()

    assert "Say since when." in page
    assert not SyncRun.objects.exists()


def test_a_window_begins_in_the_portals_own_time(office: Client, shop: Shop) -> None:
    stock = _form(shop, flow=FlowName.STOCK_TO_BLUEJET, mode="window")
    office.post(reverse(START), stock | {"since": "2026-01-12T08:30", "dry_run": "on", "confirmed": "yes"})

    run = SyncRun.objects.get()
    assert run.since is not None
    assert (run.since.isoformat(), run.dry_run) == ("2026-01-12T07:30:00+00:00", True)


def test_a_window_that_the_feeds_have_forgotten_is_said_to_be_everything(office: Client, shop: Shop) -> None:
    question = office.post(reverse(START), _form(shop, mode="window", since="2026-01-12T08:30")).content.decode()
    office.post(reverse(START), _form(shop, mode="window", since="2026-01-12T08:30", confirmed="yes"))

    assert "reach back 30 days only" in question
    assert (SyncRun.objects.get().mode, SyncRun.objects.get().since) == (SyncRun.Mode.FULL, None)


def test_a_flow_that_is_off_is_said_before_the_start(office: Client, shop: Shop) -> None:
    FlowSetting.objects.filter(shop=shop, flow=FlowName.ORDER_TO_BLUEJET).update(mode=FlowSetting.Mode.OFF)

    assert "switched off for the shop" in office.post(reverse(START), _form(shop)).content.decode()


def test_a_second_start_leads_to_the_run_that_is_under_way(office: Client, shop: Shop) -> None:
    active = make_run(shop, FlowName.ORDER_TO_BLUEJET)

    answer = office.post(reverse(START), _form(shop, confirmed="yes"), follow=True)

    assert SyncRun.objects.get() == active
    assert "This flow is being run already; here is that run." in answer.content.decode()


def test_a_run_is_cancelled_by_its_button(office: Client, shop: Shop) -> None:
    run = make_run(shop)

    answer = office.post(reverse("admin:sync_syncrun_cancel", args=[run.pk]), follow=True).content.decode()

    run.refresh_from_db()
    assert run.state == SyncRun.State.CANCELLED
    assert "The run is cancelled." in answer


def test_a_run_that_has_ended_cannot_be_cancelled(office: Client, shop: Shop) -> None:
    run = make_run(shop, state=SyncRun.State.COMPLETED)

    answer = office.post(reverse("admin:sync_syncrun_cancel", args=[run.pk]), follow=True).content.decode()

    assert "The run had ended already." in answer


def test_a_runs_page_leads_to_the_jobs_that_it_could_not_finish(office: Client, shop: Shop) -> None:
    parked = make_job(shop, "guid-1", flow=FlowName.PRODUCT_TO_BLUEJET, state=SyncJob.State.PARKED)
    make_job(shop, "guid-2", flow=FlowName.PRODUCT_TO_BLUEJET, state=SyncJob.State.DONE)
    page = office.get(reverse("admin:sync_syncrun_change", args=[make_run(shop).pk])).content.decode()

    (address,) = re.findall(r'href="([^"]*state__exact=parked[^"]*)"', page)
    listed = office.get(unescape(address)).context["cl"].result_list

    assert [job.pk for job in listed] == [parked.pk]
