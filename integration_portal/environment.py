"""Reads the settings from the environment; a bad value stops the start with a sentence that names the variable."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

YES = ("1", "true", "yes", "on")
NO = ("0", "false", "no", "off", "")

REDIS_EXAMPLE = "Write redis://host:6379/0, or unix:///path/to/redis.sock?db=0."


class BadSetting(ImproperlyConfigured):
    """Say in a sentence which variable cannot be used, and what it should be."""


def say_bad_settings_plainly() -> None:
    """End a process that cannot start with the sentence alone: a traceback would bury it."""
    sys.excepthook = _say


def _say(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, BadSetting):
        print(f"The portal does not start: {error}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


class Environment:
    """Typed reading of variables; values of secrets never show in a message."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self._env = environ.Env()
        if values is not None:
            self._env.ENVIRON = values

    def text(self, name: str, default: str = "") -> str:
        """Return the variable as text, without surrounding spaces."""
        return str(self._env.str(name, default=default)).strip()

    def choice(self, name: str, default: str, allowed: Sequence[str]) -> str:
        """Return one of the allowed words."""
        value = self.text(name) or default
        if value not in allowed:
            raise BadSetting(f"{name} is “{value}”. It must be one of: {', '.join(allowed)}.")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Return a yes or no; a word that is neither is refused, not taken for no."""
        value = self.text(name, "1" if default else "0").lower()
        if value not in YES + NO:
            raise BadSetting(f"{name} is “{value}”, which is neither yes nor no. Write true or false.")
        return value in YES

    def number(self, name: str, default: float, *, least: float = 0) -> float:
        """Return a number that is not below `least`."""
        raw = self.text(name) or str(default)
        try:
            value = float(raw)
        except ValueError as error:
            raise BadSetting(f"{name} is “{raw}”, which is not a number. Example: {name}={default:g}.") from error
        if not least <= value < float("inf"):
            raise BadSetting(f"{name} is {raw}. It must be {least:g} or more.")
        return value

    def whole_number(self, name: str, default: int, *, least: int = 0) -> int:
        """Return a whole number that is not below `least`."""
        value = self.number(name, default, least=least)
        if value != int(value):
            raise BadSetting(f"{name} is {value:g}. It must be a whole number.")
        return int(value)

    def host_names(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """Return a comma-separated list of host names as browsers send them, without scheme, port and path."""
        hosts = self.words(name, default)
        for host in hosts:
            if "/" in host or (":" in host and not host.startswith("[")):
                raise BadSetting(f"{name} holds “{host}”, which is not a host name. Example: {name}=portal.example.cz.")
        return hosts

    def directory(self, name: str, default: Path) -> Path:
        """Return the path of a folder."""
        return Path(self.text(name) or default).absolute()

    def words(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """Return a comma-separated list without empty entries."""
        return [word.strip() for word in (self.text(name) or ",".join(default)).split(",") if word.strip()]

    def url(self, name: str, default: str = "", *, schemes: Sequence[str] = ("http", "https")) -> str:
        """Return an address without its last slash; empty where it is not set."""
        value = self.text(name) or default
        if not value:
            return ""
        parts = _parts_of(value)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            raise BadSetting(f"{name} is not an address that begins with {' or '.join(f'{one}://' for one in schemes)}.")
        return value.rstrip("/")

    def redis(self, name: str, default: str) -> str:
        """Return the address of a Redis, over the network or by a socket; its database is a number."""
        value = self.text(name) or default
        parts = _parts_of(value)
        if parts is None or parts.scheme not in ("redis", "rediss", "unix"):
            raise BadSetting(f"{name} is not an address that begins with redis://, rediss:// or unix://. {REDIS_EXAMPLE}")
        by_socket = parts.scheme == "unix"
        if by_socket and (parts.netloc or len(parts.path) < 2) or not by_socket and not parts.hostname:
            raise BadSetting(f"{name} does not say where Redis is. {REDIS_EXAMPLE}")
        numbers = parse_qs(parts.query).get("db", []) + ([] if by_socket else [parts.path.lstrip("/")])
        if not all(number.isdigit() or not number for number in numbers):
            raise BadSetting(f"{name} does not end in the number of a database. {REDIS_EXAMPLE}")
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Return Django's form of a database address."""
        value = self.text(name) or default
        if not value.startswith(("postgres://", "postgresql://", "sqlite:///", "sqlite://:memory:")):
            raise BadSetting(f"{name} must begin with postgres:// or sqlite:///. Example: postgres://user:password@host:5432/portal.")
        try:
            config = dict(self._env.db_url_config(value))
        except (ValueError, ImproperlyConfigured):
            # Not chained: the parser's own words quote the address, and with it the password.
            raise BadSetting(f"{name} cannot be read as a database address; special characters in it must be %-encoded.") from None
        if not config.get("NAME"):
            raise BadSetting(f"{name} does not name the database. Example: postgres://user:password@host:5432/portal.")
        return config

    def encryption_keys(self, name: str) -> list[str]:
        """Return the Fernet keys, the one that encrypts first."""
        keys = self.words(name)
        for position, key in enumerate(keys, start=1):
            try:
                Fernet(key)
            except ValueError as error:
                raise BadSetting(f"{name}: key number {position} is not a Fernet key. {HOW_TO_MAKE_A_KEY}") from error
        return keys


HOW_TO_MAKE_A_KEY = (
    'Make one with: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())", '
    "keep it, and set it in the environment or in .env."
)


def _parts_of(address: str) -> SplitResult | None:
    """Return the parts of an address, None where it or its port cannot be read."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return None if re.search(r"\s", parts.netloc) else parts


def made_directory(name: str, directory: Path) -> Path:
    """Return the folder that a variable names, made if it is not there."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"{name} is “{directory}”, a folder that cannot be made: {error.strerror}.") from error
    return directory


def env_file(named: str | None, default: Path) -> Path | None:
    """Return the file to read settings from: ENV_FILE, which must exist, or none where it is empty; else `.env` where there is one."""
    if named is None:
        return default if default.is_file() else None
    if named and not Path(named).is_file():
        raise BadSetting(f"ENV_FILE is “{named}”, and there is no such file. Leave it empty to read none.")
    return Path(named) if named else None


def kept_development_secrets(directory: Path) -> dict[str, str]:
    """Return secrets for development, made once and kept in `directory`."""
    path = made_directory("DATA_DIR", directory) / "development-secrets.json"
    if not path.exists():
        made = {"SECRET_KEY": get_random_secret_key(), "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode()}
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def secret_key(env: Environment, *, debug: bool, directory: Path) -> str:
    """Return SECRET_KEY; refuse to run without one unless DEBUG is on."""
    value = env.text("SECRET_KEY")
    if value:
        return value
    if debug:
        return kept_development_secrets(directory)["SECRET_KEY"]
    raise BadSetting(
        "SECRET_KEY is not set. Set it to a long random text in the environment or in .env, or DEBUG=true on a developer's machine."
    )


def field_encryption_keys(env: Environment, *, debug: bool, directory: Path) -> list[str]:
    """Return FIELD_ENCRYPTION_KEYS; refuse to run without one unless DEBUG is on."""
    keys = env.encryption_keys("FIELD_ENCRYPTION_KEYS")
    if keys:
        return keys
    if debug:
        return [kept_development_secrets(directory)["FIELD_ENCRYPTION_KEYS"]]
    raise BadSetting(f"FIELD_ENCRYPTION_KEYS is not set; the partners' credentials are encrypted with it. {HOW_TO_MAKE_A_KEY}")
