"""Where the demo keeps things, and the environment that its processes run in."""

from __future__ import annotations

import base64
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
# What the stand-ins are made of: the e-shop's number, and where BlueJet's two dialects are.
SANDBOX_ESHOP, SECOND_ESHOP = "222651", "222652"
BLUEJET_PATHS = {"data": "/api/v1", "rest": "/rest"}


class CannotStart(RuntimeError):
    """Say in a sentence what stands in the way of the demo, and what to do."""


@dataclass(frozen=True)
class Plan:
    """What a person may choose about the demo.

    PORT, SHOPTET_PORT, BLUEJET_PORT, DEMO_DIR, DEMO_PASSWORD, BLUEJET_API_DIALECT; DEMO_SHOPS and SECOND_SHOPTET_PORT: with two, a shop
    with the same people, products and order numbers runs beside the first, on the same BlueJet.
    """

    directory: Path
    web_port: int
    shoptet_port: int
    bluejet_port: int
    dialect: str
    password: str
    shops: int = 1
    second_port: int = 9003

    @property
    def address(self) -> str:
        """Return the portal's address."""
        return f"http://{HOST}:{self.web_port}"

    @property
    def shoptet_address(self) -> str:
        """Return the address of Shoptet's stand-in."""
        return f"http://{HOST}:{self.shoptet_port}"

    @property
    def second_address(self) -> str:
        """Return the address of the second shop's stand-in."""
        return f"http://{HOST}:{self.second_port}"

    @property
    def eshops(self) -> tuple[str, ...]:
        """Return the numbers of the shops that run."""
        return (SANDBOX_ESHOP, SECOND_ESHOP)[: self.shops]

    @property
    def bluejet_address(self) -> str:
        """Return the address of BlueJet's stand-in."""
        return f"http://{HOST}:{self.bluejet_port}"


def read_plan(environment: Mapping[str, str]) -> Plan:
    """Read what the environment says about the demo."""
    dialect = environment.get("BLUEJET_API_DIALECT") or "data"
    if dialect not in BLUEJET_PATHS:
        raise CannotStart(f"BLUEJET_API_DIALECT is “{dialect}”. It must be one of: {', '.join(BLUEJET_PATHS)}.")
    shops = environment.get("DEMO_SHOPS") or "1"
    if shops not in ("1", "2"):
        raise CannotStart(f"DEMO_SHOPS is “{shops}”. It must be 1 or 2.")
    return Plan(
        directory=Path(environment.get("DEMO_DIR") or REPOSITORY / "demo-data").absolute(),
        web_port=_port(environment, "PORT", 8000),
        shoptet_port=_port(environment, "SHOPTET_PORT", 9001),
        bluejet_port=_port(environment, "BLUEJET_PORT", 9002),
        dialect=dialect,
        password=environment.get("DEMO_PASSWORD") or secrets.token_urlsafe(9),
        shops=int(shops),
        second_port=_port(environment, "SECOND_SHOPTET_PORT", 9003),
    )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name) or str(default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise CannotStart(f"{name} is “{value}”, which is not a port. Example: {name}={default}.")
    return int(value)


def check_ports(plan: Plan) -> None:
    """Refuse to start where one of the ports cannot be had: another program's, another process's of the demo, or the system's."""
    chosen: dict[int, str] = {}
    ports = [("PORT", plan.web_port), ("SHOPTET_PORT", plan.shoptet_port), ("BLUEJET_PORT", plan.bluejet_port)]
    for name, port in [*ports, ("SECOND_SHOPTET_PORT", plan.second_port)][: len(ports) + plan.shops - 1]:
        if port in chosen:
            raise CannotStart(f"{chosen[port]} and {name} are both {port}. {_another_port(name, port)}")
        chosen[port] = name
        _check_port(name, port)


def _check_port(name: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise CannotStart(f"Port {port} needs more rights than you have. {_another_port(name, 8000 + port)}") from error
        except OSError as error:
            raise CannotStart(f"Port {port} is taken by another program. {_another_port(name, port)}") from error


def _another_port(name: str, port: int) -> str:
    return f"Choose another: make demo {name}={port + 10 if port < 65526 else port - 10}."


def portal_environment(plan: Plan, *, redis_url: str) -> dict[str, str]:
    """Return the environment of every process of the portal; nothing in it is left from the person's own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    webhook_key = secrets.token_hex(16)
    return kept | {
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "integration_portal.settings",
        "ENV_FILE": "",
        "DEBUG": "false",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "PUBLIC_URL": plan.address,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DATA_DIR": str(plan.directory),
        "STATIC_ROOT": str(plan.directory / "static"),
        "DATABASE_URL": f"sqlite:///{plan.directory / 'portal.sqlite3'}",
        "REDIS_URL": redis_url,
        "SHOPTET_API_BASE_URL": plan.shoptet_address,
        "SHOPTET_ESHOP_ID": SANDBOX_ESHOP,
        "SHOPTET_SHOP_NAME": "Gastro Lípa",
        "SHOPTET_API_TOKEN": f"sandbox-{secrets.token_hex(8)}",
        "SHOPTET_WEBHOOK_KEY": webhook_key,
        "BLUEJET_API_URL": f"{plan.bluejet_address}{BLUEJET_PATHS[plan.dialect]}",
        "BLUEJET_API_DIALECT": plan.dialect,
        "BLUEJET_TOKEN_ID": "sandbox",
        "BLUEJET_TOKEN_HASH": secrets.token_hex(16),
        # The stand-in asks for no pace; a real BlueJet is met with one request a second.
        "BLUEJET_PACE": "0",
        # What demo.first_sync shows at the end.
        "PORT": str(plan.web_port),
        "SHOPTET_PORT": str(plan.shoptet_port),
        "BLUEJET_PORT": str(plan.bluejet_port),
        "DEMO_DIR": str(plan.directory),
        "DEMO_PASSWORD": plan.password,
        "DEMO_SHOPS": str(plan.shops),
        "SECOND_SHOPTET_PORT": str(plan.second_port),
        "DJANGO_SUPERUSER_USERNAME": "admin",
        "DJANGO_SUPERUSER_EMAIL": "admin@example.cz",
        "DJANGO_SUPERUSER_PASSWORD": plan.password,
    }


def shop_environments(plan: Plan, environment: Mapping[str, str]) -> list[dict[str, str]]:
    """Return what describes each shop to the commands that set it up."""
    second = {
        "SHOPTET_API_BASE_URL": plan.second_address,
        "SHOPTET_ESHOP_ID": SECOND_ESHOP,
        "SHOPTET_SHOP_NAME": "Gastro Javor",
        "SHOPTET_EXTERNAL_PREFIX": "javor",
    }
    return [dict(environment), {**environment, **second}][: plan.shops]
