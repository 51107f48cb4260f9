"""Processing events again and sending jobs again, one and many."""

from __future__ import annotations

from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from shops.models import Shop
from sync.models import SyncJob
from tests.admin.rows import make_event, make_job
from webhooks.models import WebhookEvent

EVENTS = "admin:webhooks_webhookevent_changelist"
JOBS = "admin:sync_syncjob_changelist"


def _chosen(rows: list[WebhookEvent] | list[SyncJob], **fields: object) -> dict[str, object]:
    return {"action": "replay_selected", "_selected_action": [row.pk for row in rows], **fields}


def test_one_event_is_taken_up_again_at_once(office: Client, shop: Shop) -> None:
    event = make_event(shop, status=WebhookEvent.Status.FAILED, error="broken")

    answer = office.post(reverse("admin:webhooks_webhookevent_replay", args=[event.pk]), follow=True)

    event.refresh_from_db()
    assert (event.status, event.error) == (WebhookEvent.Status.PENDING, "")
    assert "1 event is being processed again." in answer.content.decode()


def test_many_events_are_asked_about_first(office: Client, shop: Shop) -> None:
    events = [make_event(shop, instance=f"20260{number}", status=WebhookEvent.Status.FAILED) for number in range(3)]

    page = office.post(reverse(EVENTS), _chosen(events)).content.decode()

    assert "3 events will be processed again." in page
    assert set(WebhookEvent.objects.values_list("status", flat=True)) == {WebhookEvent.Status.FAILED}


def test_confirmed_events_are_taken_up_again(office: Client, shop: Shop) -> None:
    events = [make_event(shop, instance=f"20260{number}", status=WebhookEvent.Status.FAILED) for number in range(3)]
    other = make_event(shop, instance="other", status=WebhookEvent.Status.FAILED)

    answer = office.post(reverse(EVENTS), _chosen(events, confirmed="yes"), follow=True)

    assert WebhookEvent.objects.filter(status=WebhookEvent.Status.PENDING).count() == 3
    assert WebhookEvent.objects.get(pk=other.pk).status == WebhookEvent.Status.FAILED
    assert "3 events are being processed again." in answer.content.decode()


def test_a_refused_body_stays_closed_and_it_is_said(office: Client, shop: Shop) -> None:
    refused = make_event(shop, status=WebhookEvent.Status.FAILED, payload=None, raw_body=b"{", error="no JSON")
    good = make_event(shop, status=WebhookEvent.Status.FAILED)

    answer = office.post(reverse(EVENTS), _chosen([refused, good], confirmed="yes"), follow=True)

    assert WebhookEvent.objects.get(pk=refused.pk).status == WebhookEvent.Status.FAILED
    assert "1 event has a body that cannot be read; it stays closed." in answer.content.decode()


def test_one_job_is_queued_again_in_the_persons_name(office: Client, shop: Shop) -> None:
    job = make_job(shop, state=SyncJob.State.PARKED)

    answer = office.post(reverse("admin:sync_syncjob_replay", args=[job.pk]), follow=True)

    job.refresh_from_db()
    assert (job.state, job.wanted, job.asked_by, job.approved) == (SyncJob.State.QUEUED, 2, "Jana Nováková", True)
    assert "1 job is queued again." in answer.content.decode()


def test_many_jobs_are_sent_again_after_a_confirmation(office: Client, shop: Shop) -> None:
    jobs = [make_job(shop, f"20260{number}", state=SyncJob.State.PARKED) for number in range(3)]

    page = office.post(reverse(JOBS), _chosen(jobs)).content.decode()
    before = set(SyncJob.objects.values_list("state", flat=True))
    answer = office.post(reverse(JOBS), _chosen(jobs, confirmed="yes"), follow=True).content.decode()

    assert "3 jobs will be sent again." in page
    assert before == {SyncJob.State.PARKED}
    assert "3 jobs are queued again." in answer
    assert set(SyncJob.objects.values_list("state", flat=True)) == {SyncJob.State.QUEUED}


def test_a_held_deletion_is_named_before_it_is_confirmed(office: Client, shop: Shop) -> None:
    issue = {"code": "held_delete", "severity": "error", "field": "", "params": {"key": "P1"}}
    jobs = [make_job(shop, key, state=SyncJob.State.PARKED, issues=[issue]) for key in ("P1", "P2")]

    page = office.post(reverse(JOBS), _chosen(jobs)).content.decode()

    assert "2 of them are held deletions" in page


def test_everything_that_the_filter_finds_is_bounded_and_listed_on_the_confirmation(office: Client, shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr("shops.pages.confirmation.MOST_AT_ONCE", 4)
    monkeypatch.setattr("sync.admin.jobs.MOST_AT_ONCE", 4)
    jobs = [make_job(shop, f"20260{number}", state=SyncJob.State.PARKED) for number in range(6)]

    page = office.post(reverse(JOBS), _chosen(jobs[:1], select_across="1")).content.decode()

    assert "4 jobs will be sent again." in page
    assert "This is the most at one go" in page
    assert page.count('name="_selected_action"') == 4


def test_who_pressed_the_button_is_written_down(office: Client, shop: Shop) -> None:
    job = make_job(shop, state=SyncJob.State.FAILED)

    office.post(reverse("admin:sync_syncjob_replay", args=[job.pk]))

    entry = LogEntry.objects.get()
    assert (entry.user.get_username(), entry.object_id, entry.change_message) == ("jana", str(job.pk), "Sent again")
