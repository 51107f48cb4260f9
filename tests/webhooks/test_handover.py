"""Announcing events from a web process."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from webhooks import handover, tasks
from webhooks.handover import Publisher, hand_over, hand_over_soon


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    seen: list[list[int]] = []
    monkeypatch.setattr(handover, "_publish", lambda pks, connection: seen.append(list(pks)))
    monkeypatch.setattr(handover, "PAUSE_AFTER_FAILURE_SECONDS", 0.01)
    return seen


def test_a_burst_goes_in_few_messages_and_in_order(published: list[list[int]]) -> None:
    publisher = Publisher()

    for pk in range(120):
        publisher.add(pk)
    publisher.leave()

    assert [pk for batch in published for pk in batch] == list(range(120))
    assert len(published) <= 5


def test_what_the_broker_refuses_is_announced_when_it_takes_it_again(published: list[list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = [ConnectionError("down"), TimeoutError("paused")]
    through = threading.Event()

    def publish(pks: list[int], connection: Any) -> None:
        if refusals:
            raise refusals.pop()
        published.append(list(pks))
        through.set()

    monkeypatch.setattr(handover, "_publish", publish)
    publisher = Publisher()
    publisher.add(7)

    assert through.wait(5)
    assert published == [[7]]
    publisher.leave()


def test_what_waits_while_the_broker_is_away_is_bounded(published: list[list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "MOST_WAITING", 100)
    monkeypatch.setattr(Publisher, "_start", lambda self: None)
    publisher = Publisher()

    for pk in range(1000):
        publisher.add(pk)

    assert len(publisher._waiting) == 100


def test_a_command_announces_without_a_thread(published: list[list[int]]) -> None:
    hand_over(range(120))

    assert [len(batch) for batch in published] == [50, 50, 20]


def test_an_eager_celery_takes_the_event_up_at_once(published: list[list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(handover.current_app.conf, "task_always_eager", True)

    hand_over_soon(5)

    assert published == [[5]]


def test_each_task_is_named_after_its_queue() -> None:
    names = [tasks.process_event.name, tasks.process_events.name, tasks.sweep_inbox.name]

    assert names == ["inbox.process_event", "inbox.process_events", "maintenance.sweep_events"]
