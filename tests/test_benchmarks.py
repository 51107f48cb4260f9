"""The benchmarks still measure what they say: a portal that writes, not one that fails quickly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
SIZES = ("--products", "6", "--customers", "6", "--orders", "6")


@pytest.mark.thorough
def test_the_flows_benchmark_creates_everything_once_and_writes_nothing_again() -> None:
    program = [sys.executable, "benchmarks/flow.py", *SIZES]
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}

    done = subprocess.run(program, cwd=REPOSITORY, env=inherited | {"ENV_FILE": ""}, capture_output=True, text=True, timeout=100)

    assert done.returncode == 0, done.stderr
    results = [
        line.partition(": ")[2].split(";")[1].strip() for line in done.stdout.splitlines() if line.startswith(("prod", "cust", "ord"))
    ]
    assert results == ["6 created", "6 unchanged"] * 3
