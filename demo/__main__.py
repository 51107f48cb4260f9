"""`make demo`: broker, both sandboxes, the portal's processes, a shop, a first sync; Ctrl-C stops everything."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import time
from contextlib import ExitStack
from typing import Any

from honcho.manager import Manager

from demo.environment import (
    HOST,
    REPOSITORY,
    SECOND_ESHOP,
    CannotStart,
    Plan,
    check_ports,
    portal_environment,
    read_plan,
    shop_environments,
)
from demo.logs import FIRST_SYNC, LogFiles, say
from demo.places import prepare_directory
from demo.processes import Background, run
from demo.redis_server import EmbeddedRedis, NoRedis, given_redis


def portal_commands(plan: Plan, *, begun: float) -> dict[str, str]:
    """Return the portal's processes: name and command."""
    # The process runner hands its commands to a shell, and the folder of a clone may have a blank in its name.
    python = shlex.quote(sys.executable)
    celery = f"{python} -m celery --app integration_portal"
    bind = f"--bind {HOST}:{plan.web_port}"
    return {
        "web": f"{python} -m gunicorn integration_portal.wsgi {bind} --workers 2 --threads 4 --no-control-socket",
        "worker": f"{celery} worker --queues inbox,realtime,maintenance --concurrency 2 --hostname fast@demo --loglevel INFO",
        "bulk": f"{celery} worker --queues bulk --concurrency 1 --hostname bulk@demo --loglevel INFO",
        "beat": f"{celery} beat --pidfile= --loglevel INFO",
        FIRST_SYNC: f"{python} -m demo.first_sync {begun}",
    }


def prepare_portal(plan: Plan, environment: dict[str, str]) -> None:
    """Make the database, the login and the texts."""
    log = plan.directory / "log" / "setup.log"
    for arguments in (
        ("manage.py", "compile_translations"),
        ("manage.py", "collectstatic", "--noinput", "--verbosity", "0"),
        ("manage.py", "migrate", "--noinput"),
        ("manage.py", "createsuperuser", "--noinput"),
    ):
        run(arguments, environment=environment, log=log)


def prepare_shop(plan: Plan, environment: dict[str, str]) -> None:
    """Set up each shop, its mappings and its webhooks, with the commands that a real shop is set up with."""
    log = plan.directory / "log" / "setup.log"
    for described in shop_environments(plan, environment):
        which = ("--shop", described["SHOPTET_ESHOP_ID"])
        for arguments in (
            ("manage.py", "setup_shop"),
            ("manage.py", "propose_mappings", "--pair-leftovers", *which),
            ("manage.py", "shoptet_webhooks", "register", *which),
        ):
            run(arguments, environment=described, log=log)


def start_sandboxes(plan: Plan, environment: dict[str, str], stack: ExitStack) -> None:
    """Start the partners' stand-ins and wait until they answer."""
    keys = ["--webhook-key", environment["SHOPTET_WEBHOOK_KEY"], "--token", environment["SHOPTET_API_TOKEN"]]
    shoptet = ["--port", str(plan.shoptet_port), "--bluejet-url", plan.bluejet_address, *keys]
    login = ["--token-id", environment["BLUEJET_TOKEN_ID"], "--token-hash", environment["BLUEJET_TOKEN_HASH"]]
    bluejet = ["--port", str(plan.bluejet_port), *login]
    second = ["--port", str(plan.second_port), "--bluejet-url", plan.bluejet_address, "--eshop-id", SECOND_ESHOP, *keys]
    started = [("shoptet", shoptet, plan.shoptet_address), ("bluejet", bluejet, plan.bluejet_address)]
    started += [("shoptet", second, plan.second_address)] if plan.shops > 1 else []
    for number, (name, arguments, address) in enumerate(started):
        log = plan.directory / "log" / f"sandbox-{name}{'-second' if number > 1 else ''}.log"
        program = Background(f"sandbox {name}", ["-m", "sandbox", name, *arguments], environment=environment, log=log)
        stack.enter_context(program).wait_for(address)


def serve(plan: Plan, environment: dict[str, str], *, begun: float) -> int:
    """Run the portal's processes until Ctrl-C, or until one of them ends."""
    manager = Manager(LogFiles(plan.directory / "log", sys.stdout))
    for name, command in portal_commands(plan, begun=begun).items():
        manager.add_process(name, f"exec {command}", env=environment, cwd=str(REPOSITORY))
    # A closed terminal is a Ctrl-C, too; honcho itself knows only the other two signals.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    manager.loop()
    return manager.returncode or 0


def stop_on_signal(number: int, frame: Any) -> None:
    """Turn a request to end into an orderly way out."""
    raise SystemExit(128 + number)


def main() -> int:
    """Start everything, and stop everything at the end."""
    begun = time.time()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_on_signal)
    plan = read_plan(os.environ)
    check_ports(plan)
    prepare_directory(plan.directory)
    with ExitStack() as stack:
        say("Starting broker, sandboxes and database …", sys.stdout)
        given = os.environ.get("REDIS_URL")
        redis_url = given_redis(given) if given else stack.enter_context(EmbeddedRedis(plan.directory / "redis")).url
        environment = portal_environment(plan, redis_url=redis_url)
        start_sandboxes(plan, environment, stack)
        prepare_portal(plan, environment)
        say("Setting up the shop …", sys.stdout)
        prepare_shop(plan, environment)
        code = serve(plan, environment, begun=begun)
    say("Everything is stopped.", sys.stdout)
    return 0 if code in (130, 143) else code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (CannotStart, NoRedis) as obstacle:
        sys.exit(f"\n{obstacle}")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
