"""How fast the receiver takes webhooks in, beside a bare Django view that inserts one row: same server, same run.

    DATABASE_URL=postgres://… REDIS_URL=redis://… python -m benchmarks.receive                 rates and ratio
    … python -m benchmarks.receive --rate 200                                                  latencies at a fixed rate
    … python -m benchmarks.receive --minutes 5                                                 1,000 events a minute, staff beside them

It makes a database of its own beside the given one and drops it; REDIS_URL's database is emptied of the benchmark's queue.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import statistics
import tempfile
import time
from typing import Any

import redis

from benchmarks.http_load import NextRequest, Outcome, as_fast_as_it_goes, at_a_rate, request_bytes
from benchmarks.receive_server import HOST, database_of_our_own, environment, free_port, gunicorn

KEY = "a-key-for-the-benchmark"
ESHOP = 222651
STAFF_PAGES = ("/admin/webhooks/webhookevent/", "/admin/sync/syncjob/", "/admin/shops/shop/", "/admin/")


def main() -> None:
    """Measure what was asked for and print it."""
    options = _options()
    port = free_port()
    database = database_of_our_own(os.environ["DATABASE_URL"], "benchmark_receive")
    with database as database_url, tempfile.TemporaryDirectory() as static_root:
        env = environment(database_url, os.environ["REDIS_URL"], port, static_root)
        os.environ.update(env)
        session = _prepare()
        try:
            with gunicorn(env, port, workers=options.workers, threads=options.threads):
                asyncio.run(_measure(options, port, session))
            _print_stored()
        finally:
            redis.Redis.from_url(os.environ["REDIS_URL"]).delete("inbox")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5, help="length of each single measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--rate", type=float, help="requests a second instead of as many as possible")
    parser.add_argument("--minutes", type=float, help="1,000 events a minute for so long, with staff requests beside them")
    parser.add_argument("--staff", type=int, default=100, help="staff requests under way at once")
    parser.add_argument("--think", type=float, default=0, help="seconds that staff look at a page before they ask for the next")
    return parser.parse_args()


def _prepare() -> str:
    """Migrate, set up a shop and a person; return the person's session."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from shops.models import BlueJetAccount, Shop

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    account = BlueJetAccount.objects.create(name="BlueJet", base_url="http://127.0.0.1:9")
    Shop.objects.create(name="Benchmark", eshop_id=str(ESHOP), bluejet=account, webhook_key=KEY)
    person = get_user_model().objects.create_superuser("benchmark", password=None)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


async def _measure(options: argparse.Namespace, port: int, session: str) -> None:
    # The first requests load what a server loads once.
    await as_fast_as_it_goes(HOST, port, _deliveries(port), connections=options.connections, seconds=2)
    if options.minutes:
        await _with_staff(options, port, session)
    elif options.rate:
        outcome = await at_a_rate(
            HOST, port, _deliveries(port), rate=options.rate, connections=32, seconds=options.seconds * options.rounds
        )
        print(f"receiver at {options.rate:g} requests a second: {outcome.line()}")
    else:
        await _side_by_side(options, port)


async def _side_by_side(options: argparse.Namespace, port: int) -> None:
    views: dict[str, NextRequest] = {"bare": _bare_requests(port), "receiver": _deliveries(port)}
    rates: dict[str, list[float]] = {name: [] for name in views}
    for requests in views.values():
        await as_fast_as_it_goes(HOST, port, requests, connections=options.connections, seconds=1.5)
    for number in range(options.rounds):
        for name, requests in views.items():
            outcome = await as_fast_as_it_goes(HOST, port, requests, connections=options.connections, seconds=options.seconds)
            rates[name].append(outcome.rate)
            print(f"round {number + 1} {name:<9} {outcome.line()}", flush=True)
    middle = {name: statistics.median(values) for name, values in rates.items()}
    print(f"median: bare {middle['bare']:.0f}/s, receiver {middle['receiver']:.0f}/s, ratio {middle['receiver'] / middle['bare']:.2f}")


async def _with_staff(options: argparse.Namespace, port: int, session: str) -> None:
    seconds = options.minutes * 60
    staff = asyncio.gather(*(_one_person(port, session, seconds, options.think, number) for number in range(options.staff)))
    events = await at_a_rate(HOST, port, _deliveries(port), rate=1000 / 60, connections=64, seconds=seconds)
    print(f"events:         {events.line()}")
    print(f"staff requests: {_together(await staff, seconds).line()}")


async def _one_person(port: int, session: str, seconds: float, think: float, number: int) -> Outcome:
    pages = itertools.cycle(STAFF_PAGES[number % len(STAFF_PAGES) :] + STAFF_PAGES[: number % len(STAFF_PAGES)])
    headers = {"Cookie": f"sessionid={session}"}

    def next_page() -> bytes:
        return request_bytes("GET", next(pages), f"{HOST}:{port}", **headers)

    if think:
        return await at_a_rate(HOST, port, next_page, rate=1 / think, connections=1, seconds=seconds)
    return await as_fast_as_it_goes(HOST, port, next_page, connections=1, seconds=seconds)


def _together(outcomes: list[Outcome], seconds: float) -> Outcome:
    total = Outcome(seconds=seconds)
    for outcome in outcomes:
        total.latencies += outcome.latencies
        total.statuses.update(outcome.statuses)
    return total


def _bare_requests(port: int) -> NextRequest:
    request = request_bytes("POST", "/bare", f"{HOST}:{port}", _body(0), Content_Type="application/json")
    return lambda: request


def _deliveries(port: int) -> NextRequest:
    from webhooks.signatures import sign

    numbers = itertools.count(time.time_ns())

    def next_delivery() -> bytes:
        body = _body(next(numbers))
        headers = {"Content_Type": "application/json", "Shoptet_Webhook_Signature": sign(KEY.encode(), body)}
        return request_bytes("POST", "/api/webhooks/shoptet/order-created", f"{HOST}:{port}", body, **headers)

    return next_delivery


def _body(number: int) -> bytes:
    document: dict[str, Any] = {"eshopId": ESHOP, "event": "order:create", "eventCreated": "2026-11-20T15:13:39+0100"}
    return json.dumps(document | {"eventInstance": str(number)}).encode()


def _print_stored() -> None:
    from django.db.models import Count

    from webhooks.models import WebhookEvent

    rows = WebhookEvent.objects.exclude(event_type="bare").values_list("status").annotate(Count("pk")).order_by()
    print(f"rows in the inbox: {dict(rows)}; messages in the queue: {redis.Redis.from_url(os.environ['REDIS_URL']).llen('inbox')}")


if __name__ == "__main__":
    main()
