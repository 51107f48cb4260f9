"""The whole installation in miniature: stand-ins, Redis, web server, workers and beat, on the test's own database."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import requests
from django.core.management import call_command
from django.db import Error, connection
from django.test import override_settings

from demo.redis_server import EmbeddedRedis
from shops.models import Shop
from shops.setup import set_up_shop
from sync.models import SyncJob, SyncRun
from sync.runs import start_run
from tests.promises.beat import Beat
from tests.promises.partners import BlueJetBooks, ShoptetShop
from tests.promises.programs import Program
from tests.promises.waiting import until
from webhooks.models import WebhookEvent
from webhooks.registration import register_all
from webhooks.signatures import sign

HOST = "127.0.0.1"
KEY = "k" * 32
TOKEN = "222651-p-40113-sandboxsandbox"
ESHOP_ID, SECOND_ESHOP_ID = 222651, 222652
SECOND_PREFIX = "druhy"
UNLIMITED = ("--bucket-size", "100000", "--bucket-drain", "10000", "--connections", "50")
QUEUES = "inbox,realtime,bulk,maintenance"
# Seconds; in the same proportion to each other as the usual ones.
FAST = {
    "SYNC_CLAIM_SECONDS": "9",
    "SYNC_LEASE_SECONDS": "6",
    "SYNC_SETTLE_SECONDS": "3",
    "SHOPTET_TIMEOUT": "5",
    "BLUEJET_TIMEOUT": "3",
    "SYNC_TIME_SCALE": "20",
}


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with ExitStack() as open_until_all_are_found:
        probes = [open_until_all_are_found.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


class Stack:
    """Start what a test needs; whatever was started is killed at the end, and its logs are kept in `directory`."""

    def __init__(self, directory: Path, redis: EmbeddedRedis, **settings: str) -> None:
        self.directory, self.redis = directory, redis
        self.web_port, shoptet_port, bluejet_port, second_port = free_ports(4)
        self.shoptet = ShoptetShop(f"http://{HOST}:{shoptet_port}")
        self.second_shoptet = ShoptetShop(f"http://{HOST}:{second_port}")
        self.bluejet = BlueJetBooks(f"http://{HOST}:{bluejet_port}")
        self.beat = Beat(redis.url)
        self.web: Program | None = None
        self.workers: list[Program] = []
        self._ports = {"shoptet": shoptet_port, "bluejet": bluejet_port, "second": second_port}
        self._programs: list[Program] = []
        self._numbers = itertools.count(1)
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "integration_portal.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": redis.url,
            "PUBLIC_URL": self.address,
            "ALLOWED_HOSTS": HOST,
            "SECURE_SSL_REDIRECT": "false",
            "PYTHONUNBUFFERED": "1",
            **FAST,
            **settings,
        }

    @property
    def address(self) -> str:
        """Return the portal's address."""
        return f"http://{HOST}:{self.web_port}"

    # starting

    def start_partners(self, *shoptet: str, limits: Iterable[str] = UNLIMITED) -> None:
        """Start both stand-ins and wait until they answer."""
        options = ("--webhook-key", KEY, "--token", TOKEN, *limits, *shoptet)
        shop = self._program("shoptet", "-m", "sandbox", "shoptet", "--port", str(self._ports["shoptet"]), *options)
        journal = ("--journal", str(self.directory / "commits.jsonl"))
        books = self._program("bluejet", "-m", "sandbox", "bluejet", "--port", str(self._ports["bluejet"]), *journal)
        self._wait_for(shop, f"{self.shoptet.url}/_sandbox/faults")
        self._wait_for(books, f"{self.bluejet.url}/_sandbox/faults")

    def start_second_shop(self, *shoptet: str, limits: Iterable[str] = UNLIMITED) -> Shop:
        """Start another shop's stand-in, and set it up on the same BlueJet account."""
        options = ("--webhook-key", KEY, "--token", TOKEN, "--eshop-id", str(SECOND_ESHOP_ID), *limits, *shoptet)
        shop = self._program("second", "-m", "sandbox", "shoptet", "--port", str(self._ports["second"]), *options)
        self._wait_for(shop, f"{self.second_shoptet.url}/_sandbox/faults")
        return self.set_up_shop(self.second_shoptet, SECOND_ESHOP_ID, SHOPTET_EXTERNAL_PREFIX=SECOND_PREFIX, SHOPTET_SHOP_NAME="Druhý")

    def set_up_shop(self, shoptet: ShoptetShop | None = None, eshop_id: int = ESHOP_ID, **more: str) -> Shop:
        """Set the shop up with what a real one is set up with: the command, the proposed mappings, the webhooks."""
        described = {
            "SHOPTET_ESHOP_ID": str(eshop_id),
            "SHOPTET_API_BASE_URL": (shoptet or self.shoptet).url,
            "SHOPTET_API_TOKEN": TOKEN,
            "SHOPTET_WEBHOOK_KEY": KEY,
            "BLUEJET_API_URL": f"{self.bluejet.url}/api/v1",
            "BLUEJET_TOKEN_ID": "demo",
            "BLUEJET_TOKEN_HASH": "demo",
            "BLUEJET_PACE": "0",
            **more,
        }
        shop = set_up_shop(described).shop
        with (self.directory / "setup.log").open("w", encoding="utf-8") as log:
            call_command("propose_mappings", "--shop", str(eshop_id), "--pair-leftovers", stdout=log)
        with override_settings(PUBLIC_URL=self.address):
            register_all(shop)
        return shop

    def start_web(self) -> None:
        """Start gunicorn with two workers of four threads and wait until it answers."""
        options = ("--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning")
        self.web = self._program("web", "-m", "gunicorn", "integration_portal.wsgi", "--bind", f"{HOST}:{self.web_port}", *options)
        self._wait_for(self.web, f"{self.address}/healthz")

    def start_workers(self, count: int = 2, *, concurrency: int = 2, queues: str = QUEUES) -> None:
        """Start workers; each serves all queues unless some are named."""
        for _ in range(count):
            name = f"worker{next(self._numbers)}"
            # What workers tell each other is of no use here and would cost each start a second.
            quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
            options = ("--queues", queues, "--concurrency", str(concurrency), "--hostname", f"{name}@test", "--loglevel", "INFO")
            self.workers.append(self._program(name, "-m", "celery", "--app", "integration_portal", "worker", *options, *quiet))

    def start(self, *shoptet: str, workers: int = 2, concurrency: int = 2) -> Shop:
        """Start everything, with a small shop between the partners."""
        self.start_partners(*(shoptet or ("--products", "40", "--customers", "20", "--orders", "0")))
        shop = self.set_up_shop()
        self.start_workers(workers, concurrency=concurrency)
        self.start_web()
        self.beat.start()
        return shop

    def program(self, name: str, *arguments: str) -> Program:
        """Start some other program of the portal."""
        return self._program(name, *arguments)

    def _program(self, name: str, *arguments: str) -> Program:
        program = Program(name, arguments, environment=self.environment, log=self.directory / f"{name}.log")
        self._programs.append(program)
        return program.start()

    def _wait_for(self, program: Program, url: str) -> None:
        until(lambda: _answers(url) or not program.is_running, f"{program.name} answers", seconds=30)
        assert program.is_running, f"{program.name} has ended: {program.said()}"

    # ending

    def kill_workers(self) -> None:
        """Kill every worker, its children too."""
        for worker in self.workers:
            worker.kill()
        self.workers = []

    def kill_web(self) -> None:
        """Kill the web server, its children too."""
        if self.web is not None:
            self.web.kill()
            self.web = None

    def end(self) -> None:
        """Kill whatever still runs."""
        self.beat.stop()
        for program in reversed(self._programs):
            program.kill()
        self.shoptet.close()
        self.second_shoptet.close()
        self.bluejet.close()

    # working

    def deliver(self, body: bytes, *, timeout: float = 10) -> tuple[int, float]:
        """Send one signed webhook on a connection of its own; return the status and the seconds that it took."""
        begun = time.monotonic()
        client = http.client.HTTPConnection(HOST, self.web_port, timeout=timeout)
        headers = {"Content-Type": "application/json", "Shoptet-Webhook-Signature": sign(KEY.encode(), body)}
        try:
            client.request("POST", "/api/webhooks/shoptet/order-created", body, headers)
            return client.getresponse().status, time.monotonic() - begun
        finally:
            client.close()

    def pass_over(self, shop: Shop, *flows: str, seconds: float = 120) -> list[SyncRun]:
        """Have the workers pass over everything of these flows, one after the other."""
        runs = []
        for flow in flows:
            run = start_run(shop, flow, trigger="test", mode=SyncRun.Mode.FULL, enqueue=False)
            self.beat.send("bulk.plan", run.pk)
            until(lambda run=run: is_over(run), f"{run} is over", seconds=seconds)
            runs.append(run)
        return runs

    def wait_until_quiet(self, *, seconds: float = 90) -> None:
        """Wait until every event is completed and every job done."""
        until(is_quiet, "every event is completed and every job done", seconds=seconds)

    def story(self) -> str:
        """Tell how things stand, for whoever reads why a test failed."""
        logs = [f"--- {program.name} ({program.log})\n{program.said()}" for program in self._programs]
        try:
            return "\n".join([*_standings(), *logs])
        except Error as error:
            return "\n".join([f"The database does not answer: {error}", *logs])


def _standings() -> list[str]:
    events = Counter(WebhookEvent.objects.values_list("status", flat=True))
    jobs = Counter(SyncJob.objects.values_list("flow", "state"))
    open_jobs = SyncJob.objects.exclude(state="done").order_by("pk")[:10]
    shown = [f"{job} {job.state} by {job.blocked_by or '-'} next {job.next_try_at}: {job.issues} {job.traceback}" for job in open_jobs]
    return [f"now {time.strftime('%H:%M:%S')}", f"events: {dict(events)}", f"jobs: {dict(jobs)}", *shown]


def is_quiet() -> bool:
    """Whether nothing is left to do."""
    open_events = WebhookEvent.objects.exclude(status__in=["completed", "ignored"])
    return not open_events.exists() and not SyncJob.objects.exclude(state="done").exists()


def is_over(run: SyncRun) -> bool:
    """Whether a run has ended; its row is read anew."""
    run.refresh_from_db()
    return not run.is_active


def order_event(code: str, event: str = "order:create", at: str = "") -> bytes:
    """Return the body of an order's webhook."""
    return json.dumps({"eshopId": ESHOP_ID, "event": event, "eventCreated": at or now(), "eventInstance": code}).encode()


def now() -> str:
    """Return the time as Shoptet writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


def database_url() -> str:
    """Return the address of the test's own database."""
    names = connection.settings_dict
    password = f":{quote(names['PASSWORD'])}" if names["PASSWORD"] else ""
    return f"postgres://{names['USER']}{password}@{names['HOST']}:{names['PORT'] or 5432}/{names['NAME']}"


def _answers(url: str) -> bool:
    try:
        requests.get(url, timeout=2)
    except requests.RequestException:
        return False
    return True
