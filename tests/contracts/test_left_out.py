"""A run that leaves contract tests out says so at its end, with one process and with several."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
TESTS = """
import pytest
from tests.contracts.openapi import openapi_file

@pytest.fixture
def api():
    return openapi_file()

def test_one(api): ...
def test_two(api): ...
def test_another(): pytest.skip("for a reason of its own")
"""


@pytest.mark.parametrize("processes", ["0", "1"])
def test_the_end_of_a_run_counts_the_contract_tests_that_were_left_out(processes: str, tmp_path: Path) -> None:
    (tmp_path / "test_contract.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    plugins = ["-p", "xdist", "-p", "tests.contracts.left_out", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", processes, "-c", str(tmp_path / "pytest.ini"), *plugins, str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"SHOPTET_OPENAPI": str(tmp_path / "nowhere.yaml"), "PYTHONPATH": str(REPOSITORY), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=110, check=False).stdout

    assert f"2 contract tests were left out: SHOPTET_OPENAPI names {tmp_path / 'nowhere.yaml'}, which is no file" in said
    assert "3 skipped" in said
