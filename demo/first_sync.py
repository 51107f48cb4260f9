"""The demo's first sync: every flow once, as soon as the web process answers, and then the login for the person to read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from demo.environment import REPOSITORY, SANDBOX_ESHOP, Plan, read_plan
from demo.processes import answers

NAMES = {
    "product_to_bluejet": "products",
    "stock_to_bluejet": "stock",
    "customer_to_bluejet": "customers",
    "order_to_bluejet": "orders",
}
# The terminal speaks English throughout, whatever the portal's pages and documents speak.
TERMINAL_LANGUAGE = "en"
# What stands in one row needs nothing of its neighbour and runs beside it; stock and orders need the products.
ROWS = (("product_to_bluejet", "customer_to_bluejet"), ("stock_to_bluejet", "order_to_bluejet"))


def sync(flow: str, plan: Plan, eshop: str = SANDBOX_ESHOP) -> None:
    """Run one flow over everything that the shop has, and say what came of it."""
    begun = time.monotonic()
    which = f" of e-shop {eshop}" if plan.shops > 1 else ""
    command = [sys.executable, "manage.py", "sync", flow, "--shop", eshop, "--full", "--language", TERMINAL_LANGUAGE]
    result = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    log = plan.directory / "log" / f"first-sync-{NAMES[flow]}{which.replace(' of e-shop ', '-')}.log"
    log.write_bytes(result.stdout)
    last = result.stdout.decode(errors="replace").strip().replace("\r", "\n").rpartition("\n")[2]
    outcome = last if result.returncode == 0 else f"ended with an error, see {log}: {last}"
    print(f"First sync, {NAMES[flow]}{which}: {outcome} ({time.monotonic() - begun:.0f} s)", flush=True)


def describe(plan: Plan, *, seconds: float) -> str:
    """Say where everything is."""
    second = f"\n    second shop       {plan.second_address}/    the same people, products and order numbers" if plan.shops > 1 else ""
    return f"""
The portal is up and the first sync is done, {seconds:.0f} seconds after the start.

    admin             {plan.address}/admin/    login: admin    password: {plan.password}
    Shoptet sandbox   {plan.shoptet_address}/    place an order, change a price, switch a fault{second}
    BlueJet sandbox   {plan.bluejet_address}/    see what arrived
    logs and data     {plan.directory}

Ctrl-C stops everything.
"""


def main(begun: float) -> None:
    """Sync, show the login, and stay: the process runner takes an end for a failure."""
    plan = read_plan(os.environ)
    while not answers(f"{plan.address}/healthz"):
        time.sleep(0.2)
    print(f"The portal answers: {plan.address}/admin/ (login: admin, password: {plan.password}). The first sync runs now.", flush=True)
    with ThreadPoolExecutor() as threads:
        for eshop in plan.eshops:
            for row in ROWS:
                list(threads.map(sync, row, repeat(plan), repeat(eshop)))
    print(describe(plan, seconds=time.time() - begun), flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main(float(sys.argv[1]))
