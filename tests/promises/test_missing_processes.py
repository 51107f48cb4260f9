"""A process that was not started is seen on the first page, by what it does not do."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
import requests
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from shops.work_signs import BEAT, BULK, INBOX, REALTIME, SWEEP_EVENTS, SWEEP_JOBS, WorkSign
from sync.admin.stalled_words import SENTENCES
from sync.runs import start_run
from tests.promises.office import logged_in
from tests.promises.stack import Stack, order_event
from tests.promises.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
# Three minutes are nine seconds.
SCALED = {"SYNC_TIME_SCALE": "20", "DEBUG": "true"}
BEAT_PROGRAM = ("-m", "celery", "--app", "integration_portal", "beat", "--pidfile=", "--loglevel", "INFO")
ALL_WELL = 'class="all-well"'


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    return make_stack(**SCALED)


def sweep_each_second() -> None:
    every_second = IntervalSchedule.objects.get_or_create(every=1, period="seconds")[0]
    for task in (SWEEP_JOBS, SWEEP_EVENTS):
        PeriodicTask.objects.update_or_create(task=task, defaults={"name": task, "interval": every_second, "expire_seconds": 5})


def said_of(what: str) -> str:
    """Return what is said of a missing process, without when."""
    return str(SENTENCES[what]).rpartition("%(time)s")[2]


class FirstPage:
    """The first page as somebody of the office sees it."""

    def __init__(self, stack: Stack, browser: requests.Session) -> None:
        self._stack, self._browser = stack, browser

    def text(self) -> str:
        """Load the page."""
        answer = self._browser.get(f"{self._stack.address}/admin/", timeout=20)
        assert answer.status_code == 200
        return unescape(answer.text)

    def says(self, what: str) -> bool:
        """Whether the page says that this process is missing, and not at the same time that all is well."""
        text = self.text()
        return said_of(what) in text and ALL_WELL not in text

    def is_green(self) -> bool:
        """Whether the page warns of nothing."""
        text = self.text()
        return ALL_WELL in text and 'role="alert"' not in text


def test_a_missing_inbox_worker_is_seen_and_then_a_missing_beat_and_both_go_by_themselves(stack: Stack) -> None:
    stack.start_partners("--products", "40", "--customers", "20", "--orders", "0")
    shop = stack.set_up_shop()
    sweep_each_second()
    stack.shoptet.keep_quiet()
    stack.start_web()
    stack.start_workers(1, queues="realtime,bulk,maintenance")
    beat = stack.program("beat", *BEAT_PROGRAM)
    variants, page = stack.shoptet.variants(), FirstPage(stack, logged_in())
    until(page.is_green, "everything that there is to do is done")

    for number in range(5):
        assert stack.deliver(order_event(stack.shoptet.place(variants[number])))[0] == 200
    until(lambda: page.says(INBOX), "the first page says that nobody takes up what Shoptet announces")
    assert not page.says(BEAT)
    stack.start_workers(1, queues="inbox")
    stack.wait_until_quiet()
    until(page.is_green, "the warning is gone")

    beat.kill()
    until(lambda: page.says(BEAT), "the first page says that beat is missing")
    stack.program("beat", *BEAT_PROGRAM)
    until(page.is_green, "the warning is gone again")

    start_run(shop, "product_to_bluejet", trigger="test", enqueue=False)
    stack.wait_until_quiet()
    until(
        lambda: set(WorkSign.objects.values_list("name", flat=True)) == {INBOX, REALTIME, BULK, SWEEP_JOBS, SWEEP_EVENTS, BEAT},
        "all signed",
    )
