"""The process itself starts, or refuses to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from demo.environment import REPOSITORY

PRODUCTION = {
    "SECRET_KEY": "a-long-random-text-as-production-has-it-0123456789-abcdefghij",
    "FIELD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "PUBLIC_URL": "https://portal.example.cz",
    "DATABASE_URL": "postgres://portal:password@127.0.0.1:5432/portal",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


def _manage(tmp_path: Path, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    return _run(tmp_path, "manage.py", *arguments, **changed)


def _run(tmp_path: Path, *arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": str(tmp_path)} | PRODUCTION | changed
    return subprocess.run([sys.executable, *arguments], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_without_a_secret_the_process_refuses_to_start(tmp_path: Path, name: str) -> None:
    result = _manage(tmp_path, "check", **{name: ""})

    assert result.returncode != 0
    assert f"{name} is not set" in result.stderr


def test_a_bad_value_stops_the_process_with_its_sentence_alone(tmp_path: Path) -> None:
    result = _manage(tmp_path, "check", DEBUG="maybe")

    assert result.returncode != 0
    assert result.stderr == "The portal does not start: DEBUG is “maybe”, which is neither yes nor no. Write true or false.\n"


def test_a_worker_and_a_web_server_do_not_start_with_a_bad_value_either(tmp_path: Path) -> None:
    worker = _run(tmp_path, "-m", "celery", "--app", "integration_portal", "worker", REDIS_URL="redis://host:6379/broker")
    web = _run(tmp_path, "-c", "import integration_portal.wsgi", REDIS_URL="redis://host:6379/broker")

    for result in (worker, web):
        assert result.returncode != 0
        assert result.stderr.startswith("The portal does not start: REDIS_URL does not end in the number of a database.")


def test_a_production_environment_passes_the_deployment_check(tmp_path: Path) -> None:
    result = _manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")

    assert result.returncode == 0, result.stderr


def test_a_developer_needs_nothing_but_debug(tmp_path: Path) -> None:
    nothing = dict.fromkeys(PRODUCTION, "")

    result = _manage(tmp_path, "migrate", "--verbosity", "0", **nothing, DEBUG="true")

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "portal.sqlite3").exists()


@pytest.mark.parametrize(
    "described",
    [
        {"SYNC_CLAIM_SECONDS": "180", "SYNC_LEASE_SECONDS": "120", "SYNC_SETTLE_SECONDS": "60"},
        {"SHOPTET_TIMEOUT": "30", "BLUEJET_TIMEOUT": "110", "SYNC_CLAIM_SECONDS": "180"},
        {"SHOPTET_TIMEOUT": "300", "BLUEJET_TIMEOUT": "600"},
        {"BLUEJET_TIMEOUT": "0.5", "SYNC_LEASE_SECONDS": "0.6", "SHOPTET_TIMEOUT": "0.5", "SYNC_CLAIM_SECONDS": "0.6"},
    ],
    ids=["the values of before", "a slow BlueJet", "very long timeouts", "very short ones"],
)
def test_an_environment_with_the_times_of_before_or_with_long_timeouts_starts(tmp_path: Path, described: dict[str, str]) -> None:
    result = _manage(tmp_path, "check", **described)

    assert result.returncode == 0, result.stderr
