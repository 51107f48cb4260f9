"""Switching flows on in a browser: the question, the answer, and what the front page says meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from shops.models import FlowName, FlowSetting, Shop
from sync.jobs.held import let_go
from sync.models import EventJob, SyncJob
from tests.admin.rows import make_event, make_job
from tests.browser.staff import Staff
from webhooks.processing import FLOW_HELD

# The browser keeps connections to the live server open, which Python notices at some later moment.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]
ORDERS, PRODUCTS = FlowName.ORDER_TO_BLUEJET, FlowName.PRODUCT_TO_BLUEJET


def test_two_flows_are_switched_on_and_what_they_held_is_let_go_by_clicking(administrator: Staff, shop: Shop) -> None:
    FlowSetting.objects.filter(shop=shop, flow__in=[ORDERS, PRODUCTS]).update(mode="off")
    for days in range(6):
        for flow in (ORDERS, PRODUCTS):
            issues = [{"code": "flow_off", "severity": "warning"}]
            asked_at = timezone.now() - timedelta(days=days, minutes=1)
            job = make_job(shop, f"202600012{days}", flow=flow, state=SyncJob.State.HELD, asked_at=asked_at, issues=issues)
            event = make_event(shop, instance=job.key, status="processing", error=FLOW_HELD)
            EventJob.objects.create(event=event, job=job, wanted=1)

    for name, address in (("held-job", "sync_syncjob_change"), ("held-event", "webhooks_webhookevent_change")):
        administrator.open(reverse(f"admin:{address}", args=[job.pk if "job" in name else event.pk]))
        administrator.take_picture(name)
    administrator.open(reverse("admin:shops_shop_change", args=[shop.pk]))
    for number in range(4):
        Select(administrator.browser.find_element(By.NAME, f"flows-{number}-mode")).select_by_value("live")
    administrator.press("Uložit")
    administrator.wait_for("6 záznamů je zadržených.")
    administrator.take_picture("held-question")
    administrator.open(reverse("admin:index"))
    administrator.wait_for("Přenos teď běží naostro. Řekněte, co se má přenést do BlueJetu.")
    administrator.take_picture("held-front-page")

    administrator.open(reverse("admin:shops_shop_held", args=[shop.pk]))
    administrator.browser.find_element(By.CSS_SELECTOR, f"input[name={ORDERS}-what][value=all]").click()
    administrator.browser.find_element(By.CSS_SELECTOR, f"input[name={PRODUCTS}-what][value=since]").click()
    since = f"{timezone.localtime() - timedelta(days=2):%Y-%m-%dT%H:%M}"
    field = administrator.browser.find_element(By.NAME, f"{PRODUCTS}-since")
    administrator.browser.execute_script("arguments[0].value = arguments[1]", field, since)
    administrator.press("Pokračovat")
    administrator.wait_for("Přenese se: 2. Uzavře se: 4 (přišlo před")
    administrator.take_picture("held-confirmation")
    administrator.press("Ano, provést")
    administrator.wait_for("Přenese se 6 záznamů.")
    administrator.take_picture("held-answered")

    for setting in FlowSetting.objects.filter(release_to__isnull=False):
        let_go(setting.pk)
    assert list(SyncJob.objects.filter(flow=ORDERS).values_list("state", flat=True)) == ["queued"] * 6
    assert sorted(SyncJob.objects.filter(flow=PRODUCTS).values_list("state", flat=True)) == ["done"] * 4 + ["queued"] * 2
    assert administrator.complaints() == []
