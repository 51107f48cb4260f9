"""Who may do what in the admin, and that looking never does anything."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from shops.models import Shop
from sync.models import SyncJob, SyncRun
from tests.admin.rows import make_event, make_job, make_run
from webhooks.models import WebhookEvent

# A button's address, and the kind of row that it is for.
BUTTONS = [
    ("admin:webhooks_webhookevent_replay", "event"),
    ("admin:sync_syncjob_replay", "job"),
    ("admin:sync_syncrun_cancel", "run"),
    ("admin:shops_shop_test", "shop"),
    ("admin:shops_shop_register", "shop"),
    ("admin:shops_shop_renew_key", "shop"),
    ("admin:shops_shop_stock_meaning", "shop"),
    ("admin:shops_bluejetaccount_test", "account"),
]
NOTHING_HAPPENED = (WebhookEvent.Status.FAILED, SyncJob.State.PARKED, SyncRun.State.RUNNING)


@pytest.fixture
def rows(shop: Shop) -> dict[str, int]:
    """Return the keys of a failed event, a parked job, a run under way, a shop and an account."""
    event = make_event(shop, status=WebhookEvent.Status.FAILED)
    job = make_job(shop, state=SyncJob.State.PARKED)
    return {"event": event.pk, "job": job.pk, "run": make_run(shop).pk, "shop": shop.pk, "account": shop.bluejet_id}


def _states() -> tuple[str, str, str]:
    return WebhookEvent.objects.get().status, SyncJob.objects.get().state, SyncRun.objects.get().state


@pytest.mark.parametrize(("button", "kind"), BUTTONS)
def test_looking_at_a_buttons_address_presses_nothing(technician: Client, rows: dict[str, int], button: str, kind: str) -> None:
    answer = technician.get(reverse(button, args=[rows[kind]]))

    assert answer.status_code == 405
    assert _states() == NOTHING_HAPPENED


@pytest.mark.parametrize(("button", "kind"), BUTTONS)
def test_a_button_refuses_those_who_may_not_press_it(visitor: Client, rows: dict[str, int], button: str, kind: str) -> None:
    answer = visitor.post(reverse(button, args=[rows[kind]]))

    assert answer.status_code == 403
    assert _states() == NOTHING_HAPPENED


@pytest.mark.parametrize(("button", "kind"), BUTTONS)
def test_a_button_needs_the_pages_own_token(technician: Client, rows: dict[str, int], button: str, kind: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = technician.cookies

    answer = browser.post(reverse(button, args=[rows[kind]]))

    assert answer.status_code == 403
    assert _states() == NOTHING_HAPPENED


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


@pytest.mark.parametrize(("model", "kind"), [("webhooks_webhookevent", "event"), ("sync_syncjob", "job"), ("sync_syncrun", "run")])
def test_nobody_changes_or_deletes_a_log(admin_client: Client, rows: dict[str, int], model: str, kind: str) -> None:
    changed = admin_client.post(reverse(f"admin:{model}_change", args=[rows[kind]]), {"state": "done"})
    deleted = admin_client.post(reverse(f"admin:{model}_delete", args=[rows[kind]]), {"post": "yes"})

    assert (changed.status_code, deleted.status_code) == (405, 403)
    assert _states() == NOTHING_HAPPENED


def test_a_visitor_without_rights_sees_no_record(visitor: Client, rows: dict[str, int]) -> None:
    assert visitor.get(reverse("admin:sync_syncjob_changelist")).status_code == 403
    assert visitor.get(reverse("admin:sync_syncjob_change", args=[rows["job"]])).status_code == 403
    assert visitor.get(reverse("admin:shops_shop_webhooks", args=[rows["shop"]])).status_code == 403
    assert visitor.get(reverse("admin:sync_syncrun_start")).status_code == 403


def test_after_the_login_nobody_is_led_to_a_foreign_page(shop: Shop) -> None:
    User.objects.create_superuser("jana", password="heslo-pro-testy")
    login = {"username": "jana", "password": "heslo-pro-testy", "next": "https://evil.example/"}

    answer = Client().post(reverse("admin:login"), login)

    assert answer.headers["Location"] == reverse("admin:index")
