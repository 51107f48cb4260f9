"""Says at the end of a run how many contract tests were left out, and why: a run without them proves less than it seems to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from tests.contracts.openapi import LEFT_OUT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write a line for each reason."""
    for why, count in left_out(terminalreporter.stats.get("skipped", ())).items():
        tests = "1 contract test was" if count == 1 else f"{count} contract tests were"
        terminalreporter.write_line(f"{tests} left out: {why}", yellow=True)


def left_out(reports: Iterable[Any]) -> Counter[str]:
    """Count the contract tests among the skipped ones by their reason."""
    reasons = (str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports if isinstance(report.longrepr, tuple))
    return Counter(reason.removeprefix(LEFT_OUT) for reason in reasons if reason.startswith(LEFT_OUT))
