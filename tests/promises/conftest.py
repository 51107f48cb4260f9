"""A stack for each test that asks for one; when the test fails, its logs are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from demo.redis_server import EmbeddedRedis
from tests.promises.stack import Stack


@pytest.fixture
def _postgresql(transactional_db: None) -> None:
    """Skip where the tests run on SQLite: several processes on one PostgreSQL are the point."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL (make test-services)")


@pytest.fixture
def make_stack(_postgresql: None, private_redis: EmbeddedRedis, tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Return what makes a stack with settings of the test's own; nothing of it outlives the test."""
    made: list[Stack] = []

    def make(**settings: str) -> Stack:
        made.append(Stack(tmp_path, private_redis, **settings))
        return made[-1]

    yield make
    for stack in made:
        stack.end()


@pytest.fixture
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """Return a stack of which nothing is started yet."""
    return make_stack()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Add to a failed test what each program said."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and call.when == "call" and stack is not None:
        report.sections.append(("the stack", stack.story()))
    return report
