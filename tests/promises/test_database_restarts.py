"""The database goes away under everything that runs: all goes on by itself, nothing is lost, nothing is doubled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import requests
from django.db import connection
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks

from shops.models import FlowName
from shops.work_signs import BEAT, WorkSign
from sync.models import SyncJob, SyncRun
from sync.runs import start_run
from sync.schedules import SCHEDULES
from tests.promises.office import logged_in
from tests.promises.partners import expected_lines, held_lines
from tests.promises.private_postgres import PrivatePostgres, programs
from tests.promises.programs import Program
from tests.promises.stack import Stack, free_ports, is_over, is_quiet, order_event
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]
# Nothing comes back because its time ran out: only what is given back is worked on within the test.
LONG = {"SYNC_CLAIM_SECONDS": "900", "SYNC_LEASE_SECONDS": "800"}
# Pages with a stylesheet that nobody has collected.
UNCOLLECTED = {"DEBUG": "true"}
SWEEP = next(schedule for schedule in SCHEDULES if schedule.task == "maintenance.sweep")
# Beat reads all its rows anew every five minutes; here every two seconds.
BEAT_IN_FAST_MOTION = """
import celery.__main__ as celery, django
django.setup()
import django_celery_beat.schedulers as beat
beat.SCHEDULE_SYNC_MAX_INTERVAL = 2
celery.main()
"""


PAGES = ("/admin/", "/admin/shops/shop/", "/admin/sync/syncjob/", "/admin/webhooks/webhookevent/")


@pytest.fixture
def postgres(_postgresql: None) -> Iterator[PrivatePostgres]:
    """Return a PostgreSQL that this test may stop, and have the test itself look there."""
    binaries = programs()
    if binaries is None:
        pytest.skip("needs PostgreSQL's own programs")
    private = PrivatePostgres(binaries, free_ports(1)[0])
    usual = dict(connection.settings_dict)
    try:
        private.begin()
        connection.close()
        connection.settings_dict.update(private.settings)
        yield private
    finally:
        connection.close()
        connection.settings_dict.update(usual)
        private.end()


@pytest.fixture
def stack(postgres: PrivatePostgres, make_stack: Callable[..., Stack]) -> Stack:
    return make_stack(**LONG, **UNCOLLECTED)


def restart(postgres: PrivatePostgres, how: str, *, away: float) -> None:
    """Stop the database and start it again after so many seconds."""
    connection.close()
    postgres.stop(how)
    threading.Event().wait(away)
    postgres.start()


def deliver_until_taken(stack: Stack, code: str) -> int:
    """Send an order's webhook as often as it is refused, as Shoptet does; return how often it was."""
    refused: list[int] = []

    def is_taken() -> bool:
        refused.append(stack.deliver(order_event(code))[0])
        return refused[-1] == 200

    until(is_taken, "the receiver took the order in")
    assert set(refused) <= {200, 503}
    return len(refused) - 1


def place_orders(stack: Stack, variants: list[str], codes: list[str], numbers: range) -> None:
    for number in numbers:
        codes.append(stack.shoptet.place(variants[number % 20], variants[0], guest={"email": f"guest{number}@host.example"}))
        deliver_until_taken(stack, codes[-1])


def test_orders_a_run_of_the_workers_and_one_of_the_command_outlast_restarts_of_the_database(
    stack: Stack, postgres: PrivatePostgres, record_property: Callable[[str, object], None]
) -> None:
    shop = stack.start("--products", "150", "--customers", "60", "--orders", "0")
    stack.shoptet.keep_quiet()
    variants, codes = stack.shoptet.variants(), list[str]()
    run = start_run(shop, FlowName.CUSTOMER_TO_BLUEJET, trigger="test", mode=SyncRun.Mode.FULL, enqueue=False)
    stack.beat.send("bulk.plan", run.pk)
    command = stack.program("sync", "manage.py", "sync", FlowName.PRODUCT_TO_BLUEJET, "--full", "--skip-checks")
    until(lambda: stack.bluejet.ours("contact") and stack.bluejet.ours("product"), "both runs write to BlueJet")

    for number, how in enumerate(("fast", "immediate", "fast")):
        place_orders(stack, variants, codes, range(5 * number, 5 * number + 4))
        restart(postgres, how, away=2)
        place_orders(stack, variants, codes, range(5 * number + 4, 5 * number + 5))
    back = time.monotonic()
    until(lambda: is_over(run) and is_quiet() and not command.is_running, "everything has arrived", seconds=60)
    seconds = time.monotonic() - back

    print(f"time to rest after three restarts of 2 s: {seconds:.1f} s")
    record_property("time to rest", f"{seconds:.1f} s")
    assert command.wait(seconds=1) == 0
    assert (run.state, run.failed, run.error) == ("completed", 0, "")
    documents, orders = stack.bluejet.documents(), stack.shoptet.orders()
    assert {code: len(found) for code, found in documents.items()} == dict.fromkeys(codes, 1)
    assert {code: held_lines(documents[code][0][1]) for code in codes} == {code: expected_lines(orders[code]) for code in codes}
    assert sorted(stack.bluejet.ours("product")) == sorted(variants)
    assert not stack.bluejet.duplicates("product", "contact", "company", "address", "stock_card", "offer_line", "order_line")
    assert not SyncJob.objects.exclude(state="done", tries=0).exists()


def test_while_the_database_is_away_each_page_says_so_and_the_receiver_asks_to_come_again(stack: Stack, postgres: PrivatePostgres) -> None:
    stack.start_partners("--products", "40", "--customers", "20", "--orders", "0")
    stack.set_up_shop()
    stack.start_web()
    browser = logged_in()
    assert browser.get(f"{stack.address}/admin/", timeout=20).status_code == 200
    connection.close()

    postgres.stop()
    pages = [browser.get(f"{stack.address}{path}", timeout=20) for path in PAGES]
    delivered = stack.deliver(order_event("2026000001"))[0]
    alive = requests.get(f"{stack.address}/healthz", timeout=20).status_code
    postgres.start()
    after = [browser.get(f"{stack.address}{path}", timeout=20).status_code for path in PAGES]

    assert [(page.status_code, page.headers["Retry-After"]) for page in pages] == [(503, "10")] * len(PAGES)
    assert all("The database is away" in page.text and "Nothing is lost" in page.text and "Traceback" not in page.text for page in pages)
    assert (delivered, alive) == (503, 200)
    assert after == [200] * len(PAGES)


def start_beat(stack: Stack) -> Program:
    return stack.program("beat", "-c", BEAT_IN_FAST_MOTION, "--app", "integration_portal", "beat", "--pidfile=", "--loglevel", "INFO")


def sent(beat: Program) -> int:
    """Return how often beat has sent the sweeper's task."""
    return beat.said(1_000_000).count(f"Sending due task {SWEEP.name}")


def test_beat_waits_for_a_database_that_is_not_there_yet_and_outlasts_one_that_goes_away(stack: Stack, postgres: PrivatePostgres) -> None:
    every_second = IntervalSchedule.objects.get_or_create(every=1, period="seconds")[0]
    PeriodicTask.objects.update_or_create(name=SWEEP.name, defaults={"task": SWEEP.task, "interval": every_second})
    connection.close()
    postgres.stop()

    beat = start_beat(stack)
    until(lambda: "Beat waits for it" in beat.said(), "beat says that it waits")
    postgres.start()
    until(lambda: sent(beat) >= 2, "beat sends what is due")
    connection.close()
    postgres.stop("immediate")
    until(lambda: "goes on by the schedule that it read last" in beat.said(), "beat says that it goes on")
    while_away = sent(beat)
    until(lambda: sent(beat) >= while_away + 8, "beat sends what is due although the database is away")
    assert beat.is_running
    postgres.start()
    PeriodicTask.objects.filter(name=SWEEP.name).update(enabled=False)
    PeriodicTasks.update_changed()

    until(lambda: "The database answers again" in beat.said().rpartition("goes on by")[2], "beat sees the database again")
    until(lambda: WorkSign.objects.filter(name=BEAT, seen_at__gt=timezone.now() - timedelta(seconds=30)).exists(), "beat is there")
    until(lambda: PeriodicTask.objects.get(name=SWEEP.name).total_run_count >= while_away, "what was sent meanwhile is noted")
    assert "Traceback" not in beat.said(1_000_000)
