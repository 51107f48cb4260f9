"""A day in the office: what failed is looked at, put right and sent again, by clicking."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mappings.models import MappingVersion, StatusMapping
from shops.models import FlowName, Shop
from sync.models import SyncJob, SyncRun
from tests.admin.rows import make_event, make_job, make_link, make_parked_by_status
from tests.browser.staff import Staff
from webhooks.models import WebhookEvent

# The browser keeps connections to the live server open, which Python notices at some later moment.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]
Status = WebhookEvent.Status


def test_one_event_is_processed_again_by_its_button(office: Staff, shop: Shop) -> None:
    event = make_event(shop, status=Status.FAILED, error="Něco se nepovedlo.")

    office.open(reverse("admin:webhooks_webhookevent_changelist"))
    office.press("nová objednávka\norder:create")
    office.press("Zpracovat znovu")
    office.wait_for("1 událost se zpracovává znovu.")

    event.refresh_from_db()
    assert event.status == Status.PENDING
    assert office.complaints() == []


def test_many_events_are_processed_again_after_a_confirmation(office: Staff, shop: Shop) -> None:
    for number in range(4):
        make_event(shop, instance=f"202600012{number}", status=Status.FAILED)

    office.open(reverse("admin:webhooks_webhookevent_changelist"))
    office.choose_action("Zpracovat znovu", rows=3)
    office.wait_for("Znovu se zpracují 3 události.")
    office.take_picture("confirm-replay")
    untouched = WebhookEvent.objects.filter(status=Status.FAILED).count()
    office.press("Zpracovat znovu")
    office.wait_for("3 události se zpracovávají znovu.")

    assert untouched == 4
    assert WebhookEvent.objects.filter(status=Status.PENDING).count() == 3


def test_going_back_from_the_confirmation_does_nothing(office: Staff, shop: Shop) -> None:
    for number in range(2):
        make_job(shop, f"202600012{number}", state=SyncJob.State.PARKED)

    office.open(reverse("admin:sync_syncjob_changelist"))
    office.choose_action("Odeslat znovu", rows=2)
    office.wait_for("Znovu se odešlou 2 úlohy.")
    office.press("Ne, zpět")
    office.wait_for("2 řádky")

    assert set(SyncJob.objects.values_list("state", flat=True)) == {SyncJob.State.PARKED}


def test_a_missing_status_is_mapped_from_the_order_that_waits_for_it(office: Staff, shop: Shop) -> None:
    job = make_parked_by_status(shop, "2026000900", value="-4", label="Čeká na díl")

    office.open(reverse("admin:index"))
    office.press("všechny zastavené úlohy (1)")
    office.press("Objednávka 2026000900")
    office.wait_for("Stav objednávky „Čeká na díl“ (-4) nemá v BlueJetu protějšek.")
    office.wait_for("Doplňte jej do mapování stavů; čekající objednávky potom pokračují samy.")
    office.press("Přejít tam")
    office.fill("bluejet_value", "Probíhající")
    office.press("Uložit")
    office.wait_for("1 záznam, který čekal na „Čeká na díl“, pokračuje sám.")

    job.refresh_from_db()
    row = StatusMapping.objects.get()
    assert job.state == SyncJob.State.QUEUED
    assert (row.shop, row.shoptet_id, row.shoptet_name, row.bluejet_value) == (shop, "-4", "Čeká na díl", "Probíhající")
    assert str(MappingVersion.objects.get().author) == "jana"
    assert office.complaints() == []


def test_the_missing_mapping_is_one_click_from_the_first_page(office: Staff, shop: Shop) -> None:
    make_parked_by_status(shop, "2026000900", value="-4", label="Čeká na díl")

    office.open(reverse("admin:index"))
    office.press("Doplnit")

    assert office.browser.find_element("name", "shoptet_id").get_attribute("value") == "-4"


def test_a_run_is_started_and_cancelled(office: Staff, shop: Shop) -> None:
    office.open(reverse("admin:sync_syncrun_changelist"))
    office.press("Spustit běh")
    office.browser.find_element("css selector", f"option[value={FlowName.ORDER_TO_BLUEJET}]").click()
    office.browser.find_element("css selector", "input[value=full]").click()
    office.press("Pokračovat")
    office.wait_for("Každý záznam se přečte a porovná")
    started = SyncRun.objects.count()
    office.press("Spustit")
    office.wait_for("Běh je spuštěn.")
    office.press("Zrušit běh")
    office.wait_for("Běh je zrušen.")

    run = SyncRun.objects.get()
    assert started == 0
    assert (run.flow, run.mode, run.state, run.trigger) == (FlowName.ORDER_TO_BLUEJET, "full", "cancelled", "Jana Nováková")


def test_a_job_that_is_being_worked_on_shows_its_end_without_a_reload(office: Staff, shop: Shop) -> None:
    job = make_job(shop, state=SyncJob.State.QUEUED)
    make_link(shop, job.key)

    office.open(reverse("admin:sync_syncjob_change", args=[job.pk]))
    office.wait_for("Je ve frontě")
    SyncJob.objects.filter(pk=job.pk).update(state=SyncJob.State.DONE, done=1)
    office.wait_for("BlueJet má tento záznam tak, jak je v Shoptetu.")

    assert office.complaints() == []


def test_the_language_is_switched_in_the_header(office: Staff, shop: Shop) -> None:
    office.open(reverse("admin:sync_syncjob_changelist"))

    office.browser.find_element("css selector", ".language-switch [value=en]").click()
    office.wait_for("Jobs")
    office.browser.find_element("css selector", ".language-switch [value=cs]").click()
    office.wait_for("Úlohy")
