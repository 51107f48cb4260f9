"""What staff see of a partner that refuses the credentials: red on the first page, the way to the field, and what came of saving."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_celery_beat.models import PeriodicTask

from clients.errors import CredentialsRefused, PartnerMessage, PartnerUnavailable, RightMissing, Throttled
from shops.connection import CheckResult
from shops.models import BlueJetAccount, Shop
from sync import checks, probes
from sync.admin.alarms import partner_alarms
from sync.breakers import open_for_credentials
from sync.checks import check_partners
from sync.issues import Issue
from sync.models import Breaker, MissingRight, PartnerCheck, SyncJob
from sync.partners import bluejet_name, shoptet_name
from sync.probes import probe
from tests.admin.test_shops import _shop_form

pytestmark = pytest.mark.django_db
REFUSED = CredentialsRefused(
    "the login was refused",
    partner="BlueJet",
    request="POST users/authenticate",
    status=401,
    request_id="r-1",
    messages=(PartnerMessage("", "Špatné přihlašovací údaje."),),
)


def account_form(account: BlueJetAccount, **changes: Any) -> dict[str, Any]:
    fields = {"name": account.name, "base_url": account.base_url, "dialect": account.dialect, "pace": "0", "evidences": "{}"}
    return fields | {"token_id": "", "token_hash": ""} | changes


def first_page(client: Client) -> str:
    return client.get(reverse("admin:index")).content.decode()


def alarms_on(page: str) -> list[str]:
    """Return the texts of the alarms, without their marks."""
    found = re.findall(r'<(?:div|p) class="alarm[^"]*">(.*?)</(?:div|p)>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in found]


def test_the_first_page_says_in_red_who_refuses_since_when_how_much_waits_and_what_to_do(technician: Client, shop: Shop) -> None:
    partner = bluejet_name(shop.bluejet)
    open_for_credentials(partner, str(REFUSED))
    for number in range(3):
        SyncJob.objects.create(
            shop=shop, flow="order_to_bluejet", key=str(number), state="waiting", blocked_by=partner, next_try_at=timezone.now()
        )

    page = first_page(technician)

    (alarm, *_) = alarms_on(page)
    assert '<div class="alarm">' in page
    assert alarm.startswith("BlueJet has refused the portal&#x27;s credentials since ")
    assert "Records that wait: 3. Nothing is lost." in alarm
    assert "Have BlueJet&#x27;s administrator check the portal&#x27;s user and its token" in alarm
    assert "The partner&#x27;s answer: the login was refused – Špatné přihlašovací údaje." in alarm
    assert "request id" not in alarm
    assert f"{reverse('admin:shops_bluejetaccount_change', args=[shop.bluejet_id])}#id_token_id" in page
    assert "has not answered" not in page


def test_who_may_not_write_credentials_is_told_who_may(office: Client, shop: Shop) -> None:
    open_for_credentials(bluejet_name(shop.bluejet), str(REFUSED))

    page = first_page(office)

    assert "The technician writes the credentials; tell them." in page
    assert "id_token_id" not in page


@pytest.mark.parametrize(("access", "field"), [(Shop.Access.PRIVATE, "id_api_token"), (Shop.Access.OAUTH, "id_oauth_token")])
def test_the_alarm_leads_to_the_field_that_the_shop_uses(technician: Client, shop: Shop, access: str, field: str) -> None:
    Shop.objects.update(access=access)
    open_for_credentials(shoptet_name(shop), "Shoptet: the credentials were not accepted")
    address = f"{reverse('admin:shops_shop_change', args=[shop.pk])}#{field}"

    page = first_page(technician)

    assert address in page
    assert f'id="{field}"' in technician.get(address).content.decode()


def test_a_missing_right_is_a_line_of_its_own_and_no_outage(office: Client, shop: Shop) -> None:
    MissingRight.objects.create(
        partner=shoptet_name(shop),
        right="GET /api/orders/{code}",
        refused_at=timezone.now(),
        held_until=timezone.now(),
        message="No rights.",
    )

    page = first_page(office)

    (alarm, *_) = alarms_on(page)
    assert '<div class="alarm alarm-act">' in page
    assert alarm.startswith("Shoptet (Gastro) lets the portal in, but does not let it read orders (GET /api/orders/{code}). ")
    assert "Add this group to the token in Shoptet&#x27;s administration" in alarm
    assert "The partner&#x27;s answer: No rights." in alarm


def test_a_right_that_nobody_asked_for_in_days_is_not_shown_any_more(office: Client, shop: Shop) -> None:
    MissingRight.objects.create(partner=shoptet_name(shop), right="GET /api/orders", refused_at=timezone.now() - timedelta(days=3))

    assert alarms_on(first_page(office)) == []


# The hourly check


def answering(**errors: Exception) -> Any:
    """Return what asks a partner, which answers or has this error by its side."""

    def ask(owner: Shop | BlueJetAccount) -> CheckResult:
        error = errors.get("shoptet" if isinstance(owner, Shop) else "bluejet")
        if isinstance(error, PartnerUnavailable | RightMissing) or error is None:
            return CheckResult("partner", error is None, "", error=error)
        raise error

    return ask


def test_the_first_page_says_when_the_partners_were_last_checked(office: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_ask", answering())

    before = first_page(office)
    troubles = check_partners()

    assert "The partners have not been checked yet" in before
    assert troubles == {}
    assert "The partners were last checked at" in first_page(office)
    assert alarms_on(first_page(office)) == []


def test_what_was_wrong_at_the_last_check_stands_on_the_first_page(office: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_ask", answering(bluejet=PartnerUnavailable("the partner cannot be reached", partner="BlueJet")))

    check_partners()

    (alarm,) = alarms_on(first_page(office))
    assert "not all of them answer as they should. BlueJet does not answer: the partner cannot be reached. Nothing;" in alarm


def test_one_partners_defect_is_the_result_of_that_partner_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_ask", answering(shoptet=RuntimeError("a defect of ours")))

    assert set(check_partners()) == {shoptet_name(shop)}
    assert {check.partner: (check.issue or {}).get("code") for check in PartnerCheck.objects.all()} == {
        shoptet_name(shop): "defect",
        bluejet_name(shop.bluejet): None,
    }


def test_a_partner_that_is_only_busy_is_well(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = CheckResult("Shoptet", False, "", error=Throttled("too many requests", partner="Shoptet"))
    monkeypatch.setattr(checks, "_ask", lambda owner: busy)

    assert check_partners() == {}
    assert {check.issue for check in PartnerCheck.objects.all()} == {None}


def test_settings_that_cannot_be_used_are_the_result_of_their_account_alone(shop: Shop) -> None:
    BlueJetAccount.objects.update(evidences={"unicorn": {"no": 1}})

    assert set(check_partners()) == {shoptet_name(shop), bluejet_name(shop.bluejet)}
    assert PartnerCheck.objects.count() == 2


@pytest.mark.parametrize(
    ("hours", "enabled", "every", "is_alarm"),
    [(1, True, 60, False), (3, True, 60, True), (3, True, 240, False), (9, True, 240, True), (3, False, 60, True)],
)
def test_a_check_that_does_not_run_is_an_alarm(shop: Shop, hours: int, enabled: bool, every: int, is_alarm: bool) -> None:
    task = PeriodicTask.objects.get(task="maintenance.health_check")
    task.interval.every = every
    task.interval.save()
    PeriodicTask.objects.filter(pk=task.pk).update(enabled=enabled)
    for partner in (shoptet_name(shop), bluejet_name(shop.bluejet)):
        PartnerCheck.objects.create(partner=partner, checked_at=timezone.now() - timedelta(hours=hours))

    assert partner_alarms()["health"].is_alarm == is_alarm


@pytest.mark.parametrize(("last_run", "is_alarm"), [(None, True), (1, False), (5, True)])
def test_a_check_that_was_never_kept_is_an_alarm_unless_it_ran_a_while_ago(shop: Shop, last_run: int | None, is_alarm: bool) -> None:
    Shop.objects.update(created_at=timezone.now() - timedelta(days=9))
    moment = timezone.now() - timedelta(hours=last_run) if last_run else None
    PeriodicTask.objects.filter(task="maintenance.health_check").update(last_run_at=moment)

    assert partner_alarms()["health"].is_alarm == is_alarm


# Saving


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Return the probes that were handed to the workers."""
    found: list[tuple[Any, ...]] = []
    monkeypatch.setattr(probes, "enqueue_after_commit", lambda *what: found.append(what))
    return found


@pytest.mark.parametrize(
    ("changes", "is_tried"),
    [
        ({"token_hash": "another"}, True),
        ({"token_id": "another"}, True),
        ({"base_url": "http://127.0.0.1:8/api"}, True),
        ({"name": "B"}, False),
    ],
)
def test_an_accounts_credentials_are_tried_when_they_are_saved_and_only_then(
    technician: Client, shop: Shop, tried: list[tuple[Any, ...]], changes: dict[str, str], is_tried: bool
) -> None:
    address = reverse("admin:shops_bluejetaccount_change", args=[shop.bluejet_id])

    page = technician.post(address, account_form(shop.bluejet, **changes), follow=True)

    assert tried == ([("probe_credentials", bluejet_name(shop.bluejet))] if is_tried else [])
    assert ("The credentials are being tried just now." in page.content.decode()) == is_tried
    assert (page.redirect_chain[-1][0] == address) == is_tried


@pytest.mark.parametrize(("changes", "is_tried"), [({"api_token": "another"}, True), ({"name": "Gastro 2"}, False)])
def test_a_shops_token_is_tried_when_it_is_saved_and_only_then(
    technician: Client, shop: Shop, tried: list[tuple[Any, ...]], changes: dict[str, str], is_tried: bool
) -> None:
    technician.post(reverse("admin:shops_shop_change", args=[shop.pk]), _shop_form(shop, **changes))

    assert tried == ([("probe_credentials", shoptet_name(shop))] if is_tried else [])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, "The credentials work; last tried:"),
        (REFUSED, "BlueJet does not accept the credentials: Špatné přihlašovací údaje."),
        (PartnerUnavailable("the partner cannot be reached", partner="BlueJet"), "BlueJet does not answer: the partner cannot be reached"),
    ],
)
def test_the_accounts_page_shows_what_came_of_trying(
    technician: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch, tried: list[Any], error: Exception | None, said: str
) -> None:
    address = reverse("admin:shops_bluejetaccount_change", args=[shop.bluejet_id])
    technician.post(address, account_form(shop.bluejet, token_hash="another"))
    monkeypatch.setattr(probes, "ask", lambda owner: CheckResult("BlueJet", error is None, "", error=error))

    probe(bluejet_name(shop.bluejet))

    assert said in technician.get(address).content.decode()


def test_the_button_that_tests_the_connection_lets_everything_go_on(
    technician: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_for_credentials(bluejet_name(shop.bluejet), str(REFUSED))
    monkeypatch.setattr("sync.admin.shop_partners.ask", lambda owner: CheckResult("BlueJet", True, "BlueJet answers."))

    technician.post(reverse("admin:shops_bluejetaccount_test", args=[shop.bluejet_id]))

    assert not Breaker.objects.get().is_open


def test_the_alarms_are_czech_for_czechs(office: Client, shop: Shop) -> None:
    open_for_credentials(bluejet_name(shop.bluejet), str(REFUSED))
    with translation.override("cs"):
        (alarm,) = partner_alarms()["refused"]
        job = Issue("credentials_refused", params={"partner": "BlueJet", "message": "nothing is sent until others work"})
        said = f"{alarm.sentence} {alarm.remedy} {job.sentence()} {job.remedy()}"

    assert "odmítá přihlašovací údaje portálu" in said
    assert "Odpověď partnera: přihlášení odmítl – Špatné přihlašovací údaje." in said
    assert not re.search(r"\b(the|credentials|is)\b", said)
