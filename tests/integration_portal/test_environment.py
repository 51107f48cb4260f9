"""A bad setting stops the start with a sentence that names the variable."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from demo.environment import REPOSITORY
from integration_portal.databases import default_database
from integration_portal.environment import Environment, env_file, field_encryption_keys, made_directory, secret_key

# A variable where it is read: `env.flag("DEBUG"`, `given["SHOPTET_API_TOKEN"]`, `given.get("BLUEJET_PACE"`.
READ = r"""(?:\benv\.\w+\(|\bgiven(?:\.get\(|\[)|\benvironment\.get\(|environ\.get\()"([A-Z][A-Z_]+)\""""
Reading = Callable[[Environment], Any]


@pytest.mark.parametrize(
    ("values", "read", "sentence"),
    [
        ({"DEBUG": "flase"}, lambda env: env.flag("DEBUG", False), "DEBUG is “flase”, which is neither yes nor no"),
        ({"TASK_TIME_LIMIT": "soon"}, lambda env: env.number("TASK_TIME_LIMIT", 60), "TASK_TIME_LIMIT is “soon”, which is not a number"),
        ({"TASK_TIME_LIMIT": "nan"}, lambda env: env.number("TASK_TIME_LIMIT", 60), "TASK_TIME_LIMIT is nan. It must be 0 or more"),
        ({"TASK_TIME_LIMIT": "-1"}, lambda env: env.number("TASK_TIME_LIMIT", 60), "TASK_TIME_LIMIT is -1. It must be 0 or more"),
        ({"PORT": "80.5"}, lambda env: env.whole_number("PORT", 80), "PORT is 80.5. It must be a whole number"),
        ({"LOG_LEVEL": "LOUD"}, lambda env: env.choice("LOG_LEVEL", "INFO", ["INFO", "ERROR"]), "LOG_LEVEL is “LOUD”. It must be one of"),
        ({"PUBLIC_URL": "portal.example.cz"}, lambda env: env.url("PUBLIC_URL"), "PUBLIC_URL is not an address that begins with http://"),
        ({"PUBLIC_URL": "https://[portal"}, lambda env: env.url("PUBLIC_URL"), "PUBLIC_URL is not an address"),
        ({"PUBLIC_URL": "https://portal:99999"}, lambda env: env.url("PUBLIC_URL"), "PUBLIC_URL is not an address"),
        ({"PUBLIC_URL": "https:///portal"}, lambda env: env.url("PUBLIC_URL"), "PUBLIC_URL is not an address"),
        ({"PUBLIC_URL": "https://portal .cz"}, lambda env: env.url("PUBLIC_URL"), "PUBLIC_URL is not an address"),
        ({"ALLOWED_HOSTS": "https://portal.cz"}, lambda env: env.host_names("ALLOWED_HOSTS"), "ALLOWED_HOSTS holds “https://portal.cz”"),
        ({"ALLOWED_HOSTS": "a.cz,b.cz:8000"}, lambda env: env.host_names("ALLOWED_HOSTS"), "ALLOWED_HOSTS holds “b.cz:8000”"),
        ({"REDIS_URL": "amqp://host"}, lambda env: env.redis("REDIS_URL", ""), "REDIS_URL is not an address"),
        ({"REDIS_URL": "redis://host:port/0"}, lambda env: env.redis("REDIS_URL", ""), "REDIS_URL is not an address"),
        ({"REDIS_URL": "redis://"}, lambda env: env.redis("REDIS_URL", ""), "REDIS_URL does not say where Redis is"),
        ({"REDIS_URL": "unix://run/redis.sock"}, lambda env: env.redis("REDIS_URL", ""), "REDIS_URL does not say where Redis is"),
        ({"REDIS_URL": "redis://host:6379/broker"}, lambda env: env.redis("REDIS_URL", ""), "REDIS_URL does not end in the number"),
        ({"REDIS_URL": "rediss://host:6379/0/1"}, lambda env: env.redis("REDIS_URL", ""), "REDIS_URL does not end in the number"),
        ({"REDIS_URL": "unix:///run/redis.sock?db=one"}, lambda env: env.redis("REDIS_URL", ""), "REDIS_URL does not end in the number"),
        ({"DATABASE_URL": "postgres://u:p@host/"}, lambda env: env.database("DATABASE_URL", ""), "DATABASE_URL does not name the database"),
        (
            {"SYNC_CLAIM_SECONDS": "0"},
            lambda env: env.number("SYNC_CLAIM_SECONDS", 30, least=0.1),
            "SYNC_CLAIM_SECONDS is 0. It must be 0.1 or more",
        ),
        ({"DATABASE_URL": "mysql://host/x"}, lambda env: env.database("DATABASE_URL", ""), "DATABASE_URL must begin with postgres://"),
        ({"DATABASE_URL": "postgres://u:p[w@host:x/y"}, lambda env: env.database("DATABASE_URL", ""), "DATABASE_URL cannot be read"),
        (
            {"FIELD_ENCRYPTION_KEYS": "short"},
            lambda env: env.encryption_keys("FIELD_ENCRYPTION_KEYS"),
            "FIELD_ENCRYPTION_KEYS: key number 1",
        ),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_that_names_the_variable(values: dict[str, str], read: Reading, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(Environment(values))

    assert sentence in str(refusal.value)


def test_a_refused_database_address_does_not_show_its_password() -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        Environment({"DATABASE_URL": "postgres://user:se[cret@host:port/name"}).database("DATABASE_URL", "")

    assert "cret" not in str(refusal.value)


@pytest.mark.parametrize(("word", "expected"), [("true", True), ("On", True), ("1", True), ("false", False), ("0", False), ("", False)])
def test_yes_and_no_may_be_written_in_several_ways(word: str, expected: bool) -> None:
    assert Environment({"DEBUG": word}).flag("DEBUG", default=not expected) is expected


@pytest.mark.parametrize(
    "address", ["redis://host:6379", "redis://:secret@host:6379/3", "rediss://host/0", "unix:///run/redis.sock?db=1", "unix:///a b/r.sock"]
)
def test_the_usual_addresses_of_a_redis_pass(address: str) -> None:
    assert Environment({"REDIS_URL": address}).redis("REDIS_URL", "") == address


def test_an_empty_variable_is_the_default() -> None:
    env = Environment(dict.fromkeys(["ALLOWED_HOSTS", "LANGUAGE_CODE", "PUBLIC_URL", "DATA_DIR"], ""))

    assert env.host_names("ALLOWED_HOSTS", ["portal.cz"]) == ["portal.cz"]
    assert env.choice("LANGUAGE_CODE", "cs", ["cs", "en"]) == "cs"
    assert env.url("PUBLIC_URL", "http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    assert env.directory("DATA_DIR", Path("/srv/data")) == Path("/srv/data")


def test_a_folder_that_cannot_be_made_is_refused_with_its_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ImproperlyConfigured, match="DATA_DIR is “.*”, a folder that cannot be made"):
        made_directory("DATA_DIR", tmp_path / "file" / "data")


def test_a_file_of_settings_that_is_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="ENV_FILE is “.*”, and there is no such file"):
        env_file(str(tmp_path / "prod.env"), tmp_path / ".env")

    assert env_file("", tmp_path / ".env") is None
    assert env_file(None, tmp_path / ".env") is None


def test_an_empty_number_is_the_default() -> None:
    assert Environment({"TASK_TIME_LIMIT": ""}).whole_number("TASK_TIME_LIMIT", 60) == 60


def test_production_does_not_start_without_a_secret_key(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        secret_key(Environment({}), debug=False, directory=tmp_path)


def test_production_does_not_start_without_an_encryption_key(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="FIELD_ENCRYPTION_KEYS is not set"):
        field_encryption_keys(Environment({}), debug=False, directory=tmp_path)


def test_a_developer_gets_secrets_that_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first = secret_key(Environment({}), debug=True, directory=tmp_path)
    keys = field_encryption_keys(Environment({}), debug=True, directory=tmp_path)

    assert secret_key(Environment({}), debug=True, directory=tmp_path) == first
    assert Fernet(keys[0])
    assert (tmp_path / "development-secrets.json").stat().st_mode & 0o077 == 0


def test_several_encryption_keys_keep_their_order() -> None:
    keys = [Fernet.generate_key().decode() for _ in range(2)]

    assert Environment({"FIELD_ENCRYPTION_KEYS": f"{keys[0]}, {keys[1]}"}).encryption_keys("FIELD_ENCRYPTION_KEYS") == keys


def test_sqlite_is_set_up_for_several_processes() -> None:
    database = default_database(Environment({}), default="sqlite:////tmp/portal.sqlite3")

    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_postgresql_waits_three_seconds_for_a_lock_at_most() -> None:
    database = default_database(Environment({"DATABASE_URL": "postgres://user:password@host:5432/portal"}), default="")

    assert database["OPTIONS"]["options"] == "-c lock_timeout=3000"
    assert database["CONN_HEALTH_CHECKS"]


def test_a_postgresql_whose_machine_is_gone_is_given_up_within_half_a_minute() -> None:
    url = "postgres://user:password@host:5432/portal?connect_timeout=9"

    options = default_database(Environment({"DATABASE_URL": url}), default="")["OPTIONS"]

    assert options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"] <= 30
    assert (options["tcp_user_timeout"], int(options["connect_timeout"])) == (30_000, 9)


def test_the_lock_timeout_can_be_left_to_the_server() -> None:
    values = {"DATABASE_URL": "postgres://user:password@host:5432/portal?sslmode=require", "DATABASE_LOCK_TIMEOUT": "0"}

    database = default_database(Environment(values), default="")

    assert "options" not in database["OPTIONS"]
    assert database["OPTIONS"]["sslmode"] == "require"


def test_the_example_names_every_variable_that_is_read_and_no_other() -> None:
    example = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    sources = [REPOSITORY / "shops" / "setup.py", *(REPOSITORY / "integration_portal").glob("*.py")]

    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", example, re.MULTILINE))
    read = {name for path in sources for name in re.findall(READ, path.read_text(encoding="utf-8"))}

    assert named == read - {"ENV_FILE"}
