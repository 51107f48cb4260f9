"""What the pages say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from mappings.models import StatusMapping
from shops.models import FlowName, FlowSetting, Shop
from sync.admin.attempt_words import answered_in_words
from sync.admin.schedules import PURPOSES
from sync.admin.sentences import asker_in_words
from sync.models import Breaker, EventJob, SyncAttempt, SyncJob, UnmappedValue
from sync.schedules import SCHEDULES
from sync.waiting import job_topic, wait
from tests.admin.rows import DRAFT, make_answered, make_attempt, make_event, make_job, make_link, make_parked_by_status, make_run
from webhooks.models import WebhookEvent


def _page(client: Client, model: str, pk: int) -> str:
    answer = client.get(reverse(f"admin:{model}_change", args=[pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_parked_jobs_page_says_what_happened_what_to_do_and_leads_there(office: Client, shop: Shop) -> None:
    job = make_parked_by_status(shop, "2026000900", value="-4", label="Čeká na díl")

    page = _page(office, "sync_syncjob", job.pk)

    assert "The order status “Čeká na díl” (-4) has no counterpart in BlueJet." in page
    assert "Add it to the status mappings; the waiting orders go on by themselves." in page
    assert f"/admin/mappings/statusmapping/add/?shop={shop.pk}&amp;shoptet_id=-4&amp;shoptet_name=%C4%8Cek%C3%A1+na+d%C3%ADl" in page


def test_a_jobs_page_shows_the_draft_the_attempts_and_the_events(office: Client, shop: Shop) -> None:
    job = make_answered(shop, "2026000123")

    page = _page(office, "sync_syncjob", job.pk)

    assert "BlueJet has this record as Shoptet gave it." in page
    assert "Fritéza stolní RM-600" in page
    assert "Nabídka 2026000123 – created, id 7d1c" in page
    assert reverse("admin:webhooks_webhookevent_change", args=[WebhookEvent.objects.get().pk]) in page
    assert "badge-ok" in page


@pytest.mark.parametrize(
    ("code", "done", "differs"),
    [
        ("changed_in_bluejet", "kept", True),
        ("changed_in_bluejet", "lost", False),
        ("value_left_out", "", True),
        ("update_resets", "", False),
    ],
)
def test_a_record_that_differs_from_shoptet_is_not_said_to_be_as_shoptet_gave_it(
    office: Client, shop: Shop, code: str, done: str, differs: bool
) -> None:
    params = {"theirs": "Uhrazeno", "ours": "Neuhrazeno", "reason": "-", "fields": "poznamka", **({"done": done} if done else {})}
    job = make_job(
        shop, state=SyncJob.State.DONE, done=1, issues=[{"code": code, "severity": "warning", "field": "stav", "params": params}]
    )
    make_link(shop, job.key)

    page = _page(office, "sync_syncjob", job.pk)

    assert ("where it differs from Shoptet is said below" in page, "as Shoptet gave it" in page) == (differs, not differs)


def test_a_links_page_shows_both_sides_of_what_bluejet_holds_otherwise(office: Client, shop: Shop) -> None:
    link = make_link(shop, "2026000123", sent={"stavuhrady": "Neuhrazeno"}, seen={"stavuhrady": "Uhrazeno"})

    page = _page(office, "sync_recordlink", link.pk)

    assert "<tr><th>stavuhrady</th><td>Uhrazeno</td><td>Neuhrazeno</td></tr>" in page


def test_a_runs_page_names_the_rows_that_could_not_be_read(office: Client, shop: Shop) -> None:
    run = make_run(shop, state="completed", unreadable=1, left_out=["products[3]: guid: it is missing"])

    page = _page(office, "sync_syncrun", run.pk)

    assert "products[3]: guid: it is missing" in page
    assert "Look at these records in Shoptet and save them there; the others were read." in page


def test_kinds_that_bluejet_empties_are_named_as_people_name_them(office: Client, shop: Shop) -> None:
    shop.bluejet.partial_updates = {"contact": {"at": shop.bluejet.base_url, "state": "reset"}}
    shop.bluejet.save()

    page = office.get(reverse("admin:index")).content.decode()

    assert "empties columns that an update does not name (contacts)" in page


def test_a_job_of_a_shadow_flow_is_not_called_done(office: Client, shop: Shop) -> None:
    FlowSetting.objects.filter(shop=shop, flow=FlowName.ORDER_TO_BLUEJET).update(mode=FlowSetting.Mode.SHADOW)
    job = make_job(shop, state=SyncJob.State.HELD, issues=[{"code": "flow_shadow", "severity": "warning"}])

    page = _page(office, "sync_syncjob", job.pk)

    assert "computed only" in page
    assert "It was computed and not written: this flow runs in shadow mode." in page


def test_a_deleted_record_is_said_to_be_archived(office: Client, shop: Shop) -> None:
    job = make_job(shop, state=SyncJob.State.DONE, done=1)
    make_link(shop, job.key, archived=True)

    assert "Shoptet deleted this record, and BlueJet has it archived." in _page(office, "sync_syncjob", job.pk)


def test_a_finished_job_is_green_only_if_bluejet_holds_its_record(office: Client, shop: Shop) -> None:
    make_job(shop, "2026000124", state=SyncJob.State.DONE, done=1)

    nowhere = office.get(reverse("admin:sync_syncjob_changelist")).content.decode()
    make_link(shop, "2026000124")
    there = office.get(reverse("admin:sync_syncjob_changelist")).content.decode()

    assert ("badge-ok" in nowhere, "badge-quiet" in nowhere) == (False, True)
    assert ("badge-ok" in there, "badge-quiet" in there) == (True, False)


def test_a_job_of_a_flow_that_is_off_is_held_and_not_green(office: Client, shop: Shop) -> None:
    job = make_job(shop, state=SyncJob.State.DONE, done=1, issues=[{"code": "flow_off", "severity": "warning"}])

    page = _page(office, "sync_syncjob", job.pk)

    assert "Its flow was not live, so nothing was done; a pass over the flow brings it." in page
    assert '<span class="badge badge-ok">' not in page


def test_a_waiting_job_links_to_the_job_that_it_waits_for(office: Client, shop: Shop) -> None:
    product = make_job(shop, "guid-1", flow=FlowName.PRODUCT_TO_BLUEJET, state=SyncJob.State.PARKED)
    order = make_job(shop, state=SyncJob.State.WAITING, next_try_at=timezone.now() + timedelta(hours=2))
    wait(order, [job_topic(FlowName.PRODUCT_TO_BLUEJET, "guid-1")])

    page = _page(office, "sync_syncjob", order.pk)

    assert f'<a href="{reverse("admin:sync_syncjob_change", args=[product.pk])}">Product guid-1</a>' in page


def test_a_job_that_is_tried_again_shows_its_old_finding_as_past(office: Client, shop: Shop) -> None:
    job = make_parked_by_status(shop, "2026000900")
    SyncJob.objects.filter(pk=job.pk).update(state=SyncJob.State.QUEUED)

    page = _page(office, "sync_syncjob", job.pk)

    assert "What happened the last time" in page
    assert "What to do" not in page


def test_an_events_page_shows_the_body_and_the_jobs_with_their_reasons(office: Client, shop: Shop) -> None:
    job = make_parked_by_status(shop, "2026000900")
    event = job.asked_by_events.get().event

    page = _page(office, "webhooks_webhookevent", event.pk)

    assert "&quot;eventInstance&quot;: &quot;2026000900&quot;" in page
    assert f'<a href="{reverse("admin:sync_syncjob_change", args=[job.pk])}">Order 2026000900</a>' in page
    assert "has no counterpart in BlueJet" in page


def test_an_event_with_a_broken_body_is_shown_as_it_came(office: Client, shop: Shop) -> None:
    event = make_event(shop, payload=None, raw_body=b'{"event": "ord\xff', status=WebhookEvent.Status.FAILED, error="no JSON")

    page = _page(office, "webhooks_webhookevent", event.pk)

    assert "{&quot;event&quot;: &quot;ord�" in page
    assert "Process again" not in page


def test_a_mass_event_with_thousands_of_jobs_shows_the_first_and_links_to_all(office: Client, shop: Shop) -> None:
    event = make_event(shop, "product:massUpdate", "[]")
    jobs = [make_job(shop, f"guid-{number}", flow=FlowName.PRODUCT_TO_BLUEJET) for number in range(60)]
    EventJob.objects.bulk_create(EventJob(event=event, job=job, wanted=1) for job in jobs)

    page = _page(office, "webhooks_webhookevent", event.pk)

    everything = f"{reverse('admin:sync_syncjob_changelist')}?asked_by_events__event={event.pk}"
    assert page.count("Product guid-") == 50
    assert everything in page
    assert "60 rows" in office.get(everything).content.decode()


def test_an_attempts_page_shows_what_was_sent_and_what_came_back(office: Client, shop: Shop) -> None:
    attempt = make_attempt(make_job(shop), SyncAttempt.Result.ERROR, answer="HTTP 500", request_id="req-77", traceback="Traceback: here")

    page = _page(office, "sync_syncattempt", attempt.pk)

    assert "Nabídka shoptet:2026000123 – sent to BlueJet: 23 fields, 2 lines" in page
    assert "req-77" in page
    assert "Traceback: here" in page
    assert "1.2 s" in page


def test_a_run_under_way_keeps_its_page_up_to_date(office: Client, shop: Shop) -> None:
    run = make_run(shop)

    page = _page(office, "sync_syncrun", run.pk)

    assert 'data-refresh="2"' in page
    assert '<progress value="62" max="150">' in page
    assert "1 of 3 parts done" in page


def test_a_finished_run_is_left_in_peace(office: Client, shop: Shop) -> None:
    run = make_run(shop, state="completed", ended_at=timezone.now())

    page = _page(office, "sync_syncrun", run.pk)

    assert "data-refresh" not in page
    assert "Cancel the run" not in page


def test_a_links_page_shows_both_ids_and_leads_to_the_job(office: Client, shop: Shop) -> None:
    job = make_answered(shop, "2026000123")
    link = shop.links.get()

    page = _page(office, "sync_recordlink", link.pk)

    assert link.bluejet_id in page
    assert "shoptet:2026000123" in page
    assert reverse("admin:sync_syncjob_change", args=[job.pk]) in page


def test_an_unmapped_value_says_how_many_wait_and_leads_to_the_form(office: Client, shop: Shop) -> None:
    for number in range(3):
        make_parked_by_status(shop, f"20260{number}", value="-4", label="Čeká na díl")

    page = office.get(reverse("admin:sync_unmappedvalue_changelist")).content.decode()
    waiting = office.get(reverse("admin:sync_syncjob_changelist"), {"awaits": "status:-4"}).content.decode()

    assert ">3 records wait</a>" in page
    assert "/admin/mappings/statusmapping/add/?" in page
    assert "3 rows" in waiting


def test_the_first_page_counts_what_waits_by_reason(office: Client, shop: Shop) -> None:
    make_parked_by_status(shop, "1")
    for key in ("2", "3"):
        issue = {"code": "total_missing", "severity": "error", "field": "", "params": {}}
        make_job(shop, key, state=SyncJob.State.PARKED, issues=[issue])
    make_event(shop, status=WebhookEvent.Status.FAILED, payload=None, raw_body=b"{", error="no JSON")

    page = office.get(reverse("admin:index")).content.decode()
    listed = office.get(reverse("admin:sync_syncjob_changelist"), {"reason": "total_missing"}).content.decode()

    assert "The order has no total." in page
    assert "?reason=total_missing" in page
    assert "all stopped jobs (3)" in page
    assert "events could not be read or taken up" in page
    assert "Čeká na díl" in page
    assert "2 rows" in listed


def test_the_first_page_says_which_partner_does_not_answer(office: Client, shop: Shop) -> None:
    Breaker.objects.create(partner=f"bluejet:{shop.bluejet_id}", failures=5, opened_at=timezone.now())

    assert "BlueJet has not answered since" in office.get(reverse("admin:index")).content.decode()


def test_the_first_page_of_an_empty_portal_says_how_to_begin(admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:index")).content.decode()

    assert "There is no shop yet" in page
    assert reverse("admin:shops_bluejetaccount_add") in page


@pytest.mark.django_db(transaction=True)
def test_a_value_that_has_got_its_row_is_not_missing_any_more(office: Client, shop: Shop) -> None:
    job = make_parked_by_status(shop, "2026000900", value="-4", label="Čeká na díl")
    row = {"shop": shop.pk, "shoptet_id": "-4", "shoptet_name": "Čeká na díl", "bluejet_value": "Probíhající", "document": "offer"}

    answer = office.post(reverse("admin:mappings_statusmapping_add"), row, follow=True)

    job.refresh_from_db()
    assert job.state == SyncJob.State.QUEUED
    assert not UnmappedValue.objects.exists()
    assert StatusMapping.objects.get().bluejet_value == "Probíhající"
    assert "1 record that waited for “Čeká na díl” goes on by itself." in answer.content.decode()


def test_pages_know_drafts_of_any_shape(office: Client, shop: Shop) -> None:
    odd = {"offer 1": {"fields": {"a": None}, "lines": [{"x": 1}, {"y": [1, 2]}]}, "note": "text", "contact 2": {"fields": None}}
    job = make_job(shop, draft=DRAFT | odd, issues=[{"code": "of a later version", "severity": "error"}])

    assert "Prepared for BlueJet" in _page(office, "sync_syncjob", job.pk)


def test_a_note_of_another_form_is_shown_as_it_was_written() -> None:
    assert answered_in_words("HTTP 500\nsomething new: of a later version") == "HTTP 500\nsomething new: of a later version"


def test_an_empty_list_says_where_its_rows_come_from(office: Client, shop: Shop) -> None:
    page = office.get(reverse("admin:webhooks_webhookevent_changelist")).content.decode()

    assert "shown on the shop&#x27;s page, under “Webhooks and connection”." in page


def test_every_schedule_says_in_words_what_it_does() -> None:
    assert [schedule.name for schedule in SCHEDULES if schedule.task not in PURPOSES] == []


def test_whatever_asks_for_a_job_is_named_in_the_readers_language() -> None:
    with override("cs"):
        assert asker_in_words("order lines") == "objednávka s tímto zbožím"
