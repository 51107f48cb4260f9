"""A PostgreSQL of one test alone, which it may stop and start; it begins as a copy of the tests' own database."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.db import connection

USER = "postgres"
NAME = "portal"
OPTIONS = "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={directory} -c fsync=off -c max_connections=150"


def programs() -> Path | None:
    """Return where PostgreSQL's own programs are, the newest where there are several; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("pg_ctl")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


class PrivatePostgres:
    """A cluster in a directory of its own; whoever runs the tests as root runs it as `postgres`, since it refuses root."""

    def __init__(self, binaries: Path, port: int) -> None:
        self.port, self._binaries = port, binaries
        self._directory = tempfile.mkdtemp(prefix="portal-postgres-")
        self._as_postgres = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        if self._as_postgres:
            os.chown(self._directory, pwd.getpwnam(USER).pw_uid, -1)

    def begin(self) -> None:
        """Make the cluster, start it, and copy the tests' own database into it."""
        self._run("initdb", "-D", f"{self._directory}/data", "-U", USER, "--auth=trust", "-E", "UTF8", "--no-sync")
        self.start()
        self._copy()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = OPTIONS.format(port=self.port, directory=self._directory)
        self._run("pg_ctl", "-D", f"{self._directory}/data", "-l", f"{self._directory}/log", "-w", "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast` says goodbye to whoever is connected, `immediate` does not."""
        self._run("pg_ctl", "-D", f"{self._directory}/data", "-m", how, "-w", "stop")

    def end(self) -> None:
        """Stop it and leave nothing behind."""
        if Path(self._directory, "data", "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self._directory, ignore_errors=True)

    @property
    def settings(self) -> dict[str, str]:
        """Return how Django reaches it."""
        return {"HOST": "127.0.0.1", "PORT": str(self.port), "NAME": NAME, "USER": USER, "PASSWORD": ""}

    def _copy(self) -> None:
        names = connection.settings_dict
        theirs = ["-h", names["HOST"], "-p", str(names["PORT"] or 5432), "-U", names["USER"]]
        ours = ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER]
        self._run("createdb", *ours, NAME)
        environment = os.environ | {"PGPASSWORD": names["PASSWORD"] or ""}
        dump = [str(self._binaries / "pg_dump"), *theirs, "--no-owner", "--no-privileges", names["NAME"]]
        copied = subprocess.run(dump, env=environment, check=True, capture_output=True)
        subprocess.run([str(self._binaries / "psql"), *ours, "-q", "-d", NAME], input=copied.stdout, check=True, capture_output=True)

    def _run(self, program: str, *arguments: str) -> None:
        # To a file: the server that pg_ctl starts would keep a pipe open for ever.
        with tempfile.TemporaryFile() as said:
            command = [*self._as_postgres, str(self._binaries / program), *arguments]
            code = subprocess.run(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd="/", check=False).returncode
            said.seek(0)
            assert code == 0, f"{program}: {said.read().decode(errors='replace')}"
