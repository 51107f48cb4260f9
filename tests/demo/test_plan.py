"""The demo's choices: ports, folder, dialect; and what it refuses."""

from __future__ import annotations

import io
import shlex
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from honcho.printer import Message

from demo.__main__ import portal_commands
from demo.environment import CannotStart, check_ports, portal_environment, read_plan, shop_environments
from demo.first_sync import describe, sync
from demo.logs import FIRST_SYNC, LogFiles
from demo.places import prepare_directory
from demo.processes import Background, run
from sync.models import SyncRun


def test_the_usual_ports_are_taken_where_nothing_is_said() -> None:
    plan = read_plan({})

    assert (plan.web_port, plan.shoptet_port, plan.bluejet_port, plan.dialect) == (8000, 9001, 9002, "data")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "http"}, "PORT is “http”, which is not a port"),
        ({"BLUEJET_PORT": "70000"}, "BLUEJET_PORT is “70000”"),
        ({"DEMO_SHOPS": "3"}, "DEMO_SHOPS is “3”. It must be 1 or 2"),
        ({"BLUEJET_API_DIALECT": "soap"}, "BLUEJET_API_DIALECT is “soap”. It must be one of: data, rest"),
    ],
)
def test_a_choice_that_cannot_be_used_is_refused(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(CannotStart) as refusal:
        read_plan(environment)

    assert sentence in str(refusal.value)


def test_a_port_that_is_taken_is_named_with_a_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CannotStart, match=f"Port {port} is taken.*make demo PORT="):
            check_ports(read_plan({"PORT": str(port)}))


def test_two_shops_differ_in_number_address_and_prefix_and_share_their_bluejet() -> None:
    plan = read_plan({"DEMO_SHOPS": "2", "SECOND_SHOPTET_PORT": "9013"})
    first, second = shop_environments(plan, portal_environment(plan, redis_url="unix:///x.sock"))

    differing = {name for name in second if first.get(name) != second[name]}
    assert differing == {"SHOPTET_API_BASE_URL", "SHOPTET_ESHOP_ID", "SHOPTET_SHOP_NAME", "SHOPTET_EXTERNAL_PREFIX"}
    assert second["SHOPTET_API_BASE_URL"].endswith(":9013")
    assert plan.second_address in describe(plan, seconds=1)
    assert read_plan({}).second_address not in describe(read_plan({}), seconds=1)


def test_two_ports_that_are_the_same_are_named() -> None:
    with pytest.raises(CannotStart, match="PORT and BLUEJET_PORT are both 24090"):
        check_ports(read_plan({"PORT": "24090", "SHOPTET_PORT": "24091", "BLUEJET_PORT": "24090"}))


def test_a_port_that_only_the_system_may_use_is_not_called_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forbidden(socket.socket):
        def bind(self, address: object) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", Forbidden)

    with pytest.raises(CannotStart, match="Port 80 needs more rights.*make demo PORT=8090"):
        check_ports(read_plan({"PORT": "80"}))


def test_a_folder_with_a_blank_in_its_name_does_not_cut_a_command_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/home/jana/můj portál/.venv/bin/python")

    commands = portal_commands(read_plan({}), begun=0)

    assert {shlex.split(command)[0] for command in commands.values()} == {"/home/jana/můj portál/.venv/bin/python"}


def test_nothing_of_the_persons_own_settings_reaches_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.example.com/real")
    monkeypatch.setenv("SHOPTET_API_TOKEN", "a-real-token")

    environment = portal_environment(read_plan({}), redis_url="unix:///x.sock")

    assert "SLACK_WEBHOOK_URL" not in environment
    assert environment["SHOPTET_API_TOKEN"] != "a-real-token"
    assert environment["ENV_FILE"] == ""


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(CannotStart, match="holds files that no demo made"):
        prepare_directory(tmp_path)

    assert (tmp_path / "thesis.txt").exists()


def test_a_folder_that_cannot_be_made_is_named_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for place in (tmp_path / "file", tmp_path / "file" / "demo", Path("/proc/demo")):
        with pytest.raises(CannotStart, match="cannot be used.*make demo DEMO_DIR="):
            prepare_directory(place)


def test_an_earlier_demos_folder_is_emptied(tmp_path: Path) -> None:
    prepare_directory(tmp_path / "demo")
    (tmp_path / "demo" / "portal.sqlite3").touch()

    prepare_directory(tmp_path / "demo")

    assert not (tmp_path / "demo" / "portal.sqlite3").exists()


@pytest.mark.parametrize("language", ["cs", "en", ""])
def test_the_first_sync_speaks_the_terminals_language_whatever_the_pages_speak(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        assert "env" not in options, "what is written to BlueJet would be in the terminal's language, too"
        with translation.override(command[command.index("--language") + 1]):
            said = f"\r100 %\n{SyncRun.State.COMPLETED.label}; {SyncRun._meta.get_field('created').verbose_name}: 3.\n"
        return subprocess.CompletedProcess(command, 0, stdout=said.encode())

    monkeypatch.setenv("LANGUAGE_CODE", language)
    monkeypatch.setattr("demo.first_sync.subprocess.run", run)
    (tmp_path / "log").mkdir()

    sync("product_to_bluejet", read_plan({"DEMO_DIR": str(tmp_path)}))

    with translation.override("en"):
        assert f"First sync, products: {SyncRun.State.COMPLETED.label}; created: 3. (0 s)" in capsys.readouterr().out


def test_the_terminal_shows_the_first_sync_and_files_the_rest(tmp_path: Path) -> None:
    terminal = io.StringIO()
    files = LogFiles(tmp_path, terminal)

    for name, data in ((FIRST_SYNC, b"First sync: orders\n"), ("web", b"GET /\n"), ("system", "web stopped (rc=1)\n")):
        files.write(Message(type="line", data=data, time=datetime.now(), name=name, colour=None))

    assert terminal.getvalue().splitlines()[0] == "First sync: orders"
    assert "web stopped (rc=1)" in terminal.getvalue()
    assert (tmp_path / "web.log").read_text() == "GET /\n"


def test_a_closed_terminal_does_not_keep_the_demo_from_stopping(tmp_path: Path) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError("the terminal is gone")

    LogFiles(tmp_path, Closed()).write(Message(type="line", data=b"done", time=datetime.now(), name=FIRST_SYNC, colour=None))

    assert (tmp_path / f"{FIRST_SYNC}.log").read_text() == "done\n"


def test_the_login_is_shown_with_every_address() -> None:
    plan = read_plan({"PORT": "8010", "DEMO_PASSWORD": "gastro"})

    text = describe(plan, seconds=41.6)

    assert "http://127.0.0.1:8010/admin/" in text
    assert "password: gastro" in text


def test_a_step_that_fails_shows_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="no such shop"):
        run(["-c", "raise SystemExit('no such shop')"], environment={}, log=tmp_path / "log")


def test_a_program_that_ends_at_once_is_reported_with_its_words(tmp_path: Path) -> None:
    program = Background("sandbox", ["-c", "print('bad option')"], environment={}, log=tmp_path / "log")

    with pytest.raises(CannotStart, match="bad option"), program:
        program.wait_for("http://127.0.0.1:9/")


def test_leaving_a_program_ends_what_it_started_too(tmp_path: Path) -> None:
    child = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
    program = Background("parent", ["-c", child], environment={}, log=tmp_path / "log")

    with program:
        assert program.is_running()

    assert not program.is_running()
