"""Who may do what in the admin, and that looking never does anything."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from shops.models import Shop
from sync.models import SyncJob, SyncRun
from tests.admin.rows import make_event, make_job, make_run
from webhooks.models import WebhookEvent

BUTTONS = [
    "admin:webhooks_webhookevent_replay",
    "admin:sync_syncjob_replay",
    "admin:sync_syncrun_cancel",
    "admin:shops_shop_test",
    "admin:shops_shop_register",
    "admin:shops_shop_renew_key",
    "admin:shops_bluejetaccount_test",
]


@pytest.fixture
def row(shop: Shop) -> int:
    """Return the key of an event, a job, a run, a shop and an account at once: the first of each."""
    event = make_event(shop, status=WebhookEvent.Status.FAILED)
    job = make_job(shop, state=SyncJob.State.PARKED)
    run = make_run(shop)
    assert len({event.pk, job.pk, run.pk, shop.pk, shop.bluejet_id}) == 1
    return event.pk


@pytest.mark.parametrize("button", BUTTONS)
def test_looking_at_a_buttons_address_presses_nothing(technician: Client, row: int, button: str) -> None:
    answer = technician.get(reverse(button, args=[row]))

    assert answer.status_code == 405
    assert WebhookEvent.objects.get(pk=row).status == WebhookEvent.Status.FAILED
    assert SyncJob.objects.get(pk=row).state == SyncJob.State.PARKED
    assert SyncRun.objects.get(pk=row).state == SyncRun.State.RUNNING


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_refuses_those_who_may_not_press_it(visitor: Client, row: int, button: str) -> None:
    answer = visitor.post(reverse(button, args=[row]))

    assert answer.status_code == 403
    assert WebhookEvent.objects.get(pk=row).status == WebhookEvent.Status.FAILED
    assert SyncJob.objects.get(pk=row).state == SyncJob.State.PARKED
    assert SyncRun.objects.get(pk=row).state == SyncRun.State.RUNNING


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_needs_the_pages_own_token(shop: Shop, row: int, button: str, technician: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = technician.cookies

    assert browser.post(reverse(button, args=[row])).status_code == 403


def test_a_list_offers_no_action_to_those_who_may_only_look(office: Client, shop: Shop) -> None:
    make_job(shop)
    Group.objects.get(name="Office").permissions.filter(codename="replay_job").get().group_set.clear()

    page = office.get(reverse("admin:sync_syncjob_changelist"))

    assert b"replay_selected" not in page.content


def test_the_office_may_not_change_a_shop(office: Client, shop: Shop) -> None:
    assert office.get(reverse("admin:shops_shop_change", args=[shop.pk])).status_code == 200
    assert office.post(reverse("admin:shops_shop_change", args=[shop.pk]), {"name": "Other"}).status_code == 403
    assert Shop.objects.get().name == shop.name


@pytest.mark.parametrize(
    "model", ["webhooks_webhookevent", "sync_syncjob", "sync_syncattempt", "sync_syncrun", "sync_recordlink", "sync_breaker"]
)
def test_nobody_adds_to_a_log(admin_client: Client, shop: Shop, model: str) -> None:
    assert admin_client.get(reverse(f"admin:{model}_add")).status_code == 403


@pytest.mark.parametrize("model", ["webhooks_webhookevent", "sync_syncjob", "sync_syncrun"])
def test_nobody_changes_or_deletes_a_log(admin_client: Client, row: int, model: str) -> None:
    assert admin_client.post(reverse(f"admin:{model}_change", args=[row]), {"state": "done"}).status_code == 405
    assert admin_client.post(reverse(f"admin:{model}_delete", args=[row]), {"post": "yes"}).status_code == 403


def test_a_visitor_without_rights_sees_no_record(visitor: Client, row: int) -> None:
    assert visitor.get(reverse("admin:sync_syncjob_changelist")).status_code == 403
    assert visitor.get(reverse("admin:sync_syncjob_change", args=[row])).status_code == 403
    assert visitor.get(reverse("admin:shops_shop_webhooks", args=[row])).status_code == 403
    assert visitor.get(reverse("admin:sync_syncrun_start")).status_code == 403
