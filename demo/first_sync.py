"""The demo's first sync: every flow once, as soon as the web process answers, and then the login for the person to read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from demo.environment import REPOSITORY, Plan, read_plan
from demo.processes import answers

FLOWS = {
    "product_to_bluejet": "products",
    "stock_to_bluejet": "stock",
    "customer_to_bluejet": "customers",
    "order_to_bluejet": "orders",
}


def sync(flow: str, plan: Plan) -> str:
    """Run one flow over everything that the shop has; return what it says at its end."""
    result = subprocess.run(
        [sys.executable, "manage.py", "sync", flow, "--full"], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    with (plan.directory / "log" / "first-sync-output.log").open("ab") as log:
        log.write(result.stdout)
    last = result.stdout.decode(errors="replace").strip().replace("\r", "\n").rpartition("\n")[2]
    return last if result.returncode == 0 else f"ended with an error, see {plan.directory}/log/first-sync-output.log: {last}"


def describe(plan: Plan, *, seconds: float) -> str:
    """Say where everything is."""
    return f"""
The portal is up, {seconds:.0f} seconds after the start.

    admin             {plan.address}/admin/    login: admin    password: {plan.password}
    Shoptet sandbox   {plan.shoptet_address}/    place an order, change a price, switch a fault
    BlueJet sandbox   {plan.bluejet_address}/    see what arrived
    logs and data     {plan.directory}

Ctrl-C stops everything.
"""


def main(begun: float) -> None:
    """Sync, show the login, and stay: the process runner takes an end for a failure."""
    plan = read_plan(os.environ)
    while not answers(f"{plan.address}/healthz"):
        time.sleep(0.2)
    for flow, name in FLOWS.items():
        begun_flow = time.monotonic()
        outcome = sync(flow, plan)
        print(f"First sync, {name}: {outcome} ({time.monotonic() - begun_flow:.0f} s)", flush=True)
    print(describe(plan, seconds=time.time() - begun), flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main(float(sys.argv[1]))
