"""Lists of tables that grow without end: no exact count, no heavy column, a bounded number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shops.models import Shop
from shops.pages.lists import BoundedPaginator
from sync.models import SyncAttempt, SyncJob
from tests.admin.rows import make_answered, make_attempt, make_job, make_parked_by_status

BIG = ["webhooks_webhookevent", "sync_syncjob", "sync_syncattempt", "sync_recordlink"]


@pytest.fixture
def traffic(shop: Shop) -> Iterator[None]:
    """Leave a few rows of everything behind."""
    for number in range(12):
        make_answered(shop, f"2026{number:03}")
    yield


def _queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("model", BIG)
def test_no_count_goes_over_the_whole_table(office: Client, traffic: None, model: str) -> None:
    counts = [sql for sql in _queries(office, reverse(f"admin:{model}_changelist")) if "COUNT(" in sql]

    assert counts
    assert [sql for sql in counts if "LIMIT 301" not in sql] == []


@pytest.mark.parametrize("model", BIG)
def test_a_longer_list_costs_no_more_queries(office: Client, shop: Shop, traffic: None, model: str) -> None:
    address = reverse(f"admin:{model}_changelist")
    few = len(_queries(office, address))
    for number in range(12):
        make_answered(shop, f"2027{number:03}")

    assert len(_queries(office, address)) == few


def test_the_first_page_asks_little_and_bounded_questions(office: Client, shop: Shop, traffic: None) -> None:
    for number in range(12):
        make_parked_by_status(shop, f"2028{number:03}")

    queries = _queries(office, reverse("admin:index"))

    assert len(queries) < 50
    assert [sql for sql in queries if "COUNT(" in sql and "LIMIT" not in sql and "GROUP BY" not in sql] == []


@pytest.mark.parametrize(
    ("model", "heavy"),
    [("webhooks_webhookevent", "raw_body"), ("sync_syncjob", "traceback"), ("sync_syncattempt", "traceback"), ("sync_recordlink", "sent")],
)
def test_a_list_does_not_read_the_heavy_columns(office: Client, traffic: None, model: str, heavy: str) -> None:
    table = {"webhooks_webhookevent": "webhook_events"}.get(model, model)

    read = [sql for sql in _queries(office, reverse(f"admin:{model}_changelist")) if f'FROM "{table}"' in sql]

    assert [sql for sql in read if re.search(rf'"{table}"\."{heavy}"', sql)] == []


def test_a_paginator_counts_as_far_as_the_asked_page_needs(shop: Shop) -> None:
    SyncJob.objects.bulk_create(make_row(shop, number) for number in range(40))
    rows = SyncJob.objects.order_by("-pk")

    first, later = BoundedPaginator(rows, 2, page=1), BoundedPaginator(rows, 2, page=16)

    assert (first.count, first.is_open_ended) == (12, True)
    assert (later.count, later.is_open_ended) == (40, False)
    assert len(later.page(16).object_list) == 2


def make_row(shop: Shop, number: int) -> SyncJob:
    """Return an unsaved job."""
    from django.utils import timezone

    return SyncJob(shop=shop, flow="order_to_bluejet", key=str(number), next_try_at=timezone.now())


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999", "99999999999999999999"])
def test_a_page_that_does_not_exist_breaks_nothing(office: Client, traffic: None, page: str) -> None:
    assert office.get(reverse("admin:sync_syncjob_changelist"), {"p": page}, follow=True).status_code == 200


@pytest.mark.parametrize("question", ["attention", "today", "waits", "open"])
def test_every_question_to_the_jobs_has_an_answer(office: Client, shop: Shop, question: str) -> None:
    make_attempt(make_job(shop, state=SyncJob.State.PARKED), SyncAttempt.Result.PARKED)

    assert office.get(reverse("admin:sync_syncjob_changelist"), {"question": question}).status_code == 200


@pytest.mark.parametrize("question", ["attention", "failed-today", "alone", "open"])
def test_every_question_to_the_events_has_an_answer(office: Client, traffic: None, question: str) -> None:
    assert office.get(reverse("admin:webhooks_webhookevent_changelist"), {"question": question}).status_code == 200


@pytest.mark.parametrize("model", BIG)
def test_a_search_finds_a_record_by_its_key(office: Client, traffic: None, model: str) -> None:
    page = office.get(reverse(f"admin:{model}_changelist"), {"q": "2026003"}).content.decode()

    assert "1 row" in page
