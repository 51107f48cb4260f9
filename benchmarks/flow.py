"""Records per second through the five steps, requests to each partner per record, and the memory it takes.

    python benchmarks/flow.py                      2,150 products, 5,000 customers, 1,000 orders
    python benchmarks/flow.py --products 100000    memory at a large catalogue

The baseline beside it inserts one row per record through the ORM, in batches of the same size, into the same database.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings")
os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "benchmark-only-benchmark-only-benchmark-only-benchmark")
os.environ.setdefault("FIELD_ENCRYPTION_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ.setdefault("PUBLIC_URL", "http://127.0.0.1:8000")
_scratch = tempfile.TemporaryDirectory(prefix="flow-benchmark-")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_scratch.name}/portal.sqlite3")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks.instant_partners import InstantBlueJet, InstantShoptet  # noqa: E402
from mappings.models import CategoryMapping, StatusMapping  # noqa: E402
from mappings.packs import install_default  # noqa: E402
from mappings.snapshot import load_snapshot  # noqa: E402
from shops.flow_settings import create_flow_settings  # noqa: E402
from shops.models import BlueJetAccount, FlowName, Shop  # noqa: E402
from sync import dispatch, partners  # noqa: E402
from sync.flow import Context  # noqa: E402
from sync.models import RecordLink, SyncRun  # noqa: E402
from sync.runs import chunks, plan, plan_run, start_run, work_on_run  # noqa: E402

FLOWS = (("products", FlowName.PRODUCT_TO_BLUEJET), ("customers", FlowName.CUSTOMER_TO_BLUEJET), ("orders", FlowName.ORDER_TO_BLUEJET))


def make_shop() -> Shop:
    """Create a shop with its default mappings."""
    account = BlueJetAccount.objects.create(name="Instant", base_url="http://127.0.0.1:9", pace=0)
    shop = Shop.objects.create(name="Instant", eshop_id=f"bench-{time.time_ns()}", bluejet=account, external_prefix=f"b{time.time_ns()}")
    create_flow_settings(shop)
    install_default(shop)
    CategoryMapping.objects.create(shop=shop, shoptet_id="c-1", bluejet_value="Kitchen")
    StatusMapping.objects.create(shop=shop, shoptet_id="-1", bluejet_value="Probíhající")
    return shop


def use_instant_partners(shoptet: InstantShoptet, bluejet: InstantBlueJet) -> None:
    """Give the runs these partners instead of clients over HTTP."""

    def open_instant(shop: Shop, *, priority: int, writes: bool = True, version: int | None = None) -> Context:
        return Context(shop, shop.bluejet, shoptet, bluejet, load_snapshot(shop.pk, version), writes=writes)  # type: ignore[arg-type]

    for module in (partners, plan, chunks):
        module.open_context = open_instant  # type: ignore[attr-defined]
    dispatch._send = lambda *args, **options: True


def run_to_the_end(shop: Shop, flow: str, mode: str) -> SyncRun:
    """Pass over the flow in this process."""
    run = start_run(shop, flow, trigger="benchmark", mode=mode, enqueue=False)
    plan_run(run.pk)
    while work_on_run(run.pk) is not None:
        continue
    run.refresh_from_db()
    return run


def measure(name: str, run_once: object) -> tuple[float, SyncRun]:
    """Time one run."""
    begun = time.perf_counter()
    run = run_once()  # type: ignore[operator]
    return time.perf_counter() - begun, run


def baseline(shop: Shop, count: int) -> float:
    """Return the seconds that a bare insert of as many links takes, in batches of fifty."""
    begun = time.perf_counter()
    for start in range(0, count, 50):
        rows = [
            RecordLink(shop=shop, account=shop.bluejet, kind="warehouse", key=f"bare-{index}", bluejet_id=str(index))
            for index in range(start, min(start + 50, count))
        ]
        RecordLink.objects.bulk_create(rows)
    seconds = time.perf_counter() - begun
    RecordLink.objects.filter(shop=shop, kind="warehouse").delete()
    return seconds


def memory() -> float:
    """Return the peak of this process' memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run the flows in the order that they depend on each other and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=2150)
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--orders", type=int, default=1000)
    sizes = vars(parser.parse_args())
    call_command("migrate", verbosity=0)
    shop = make_shop()
    shoptet, bluejet = InstantShoptet(**sizes), InstantBlueJet(str(Path(_scratch.name) / "bluejet.sqlite3"))
    use_instant_partners(shoptet, bluejet)
    print(f"memory before the first record: {memory():.0f} MB")
    for name, flow in FLOWS:
        for occasion in ("first", "again"):
            if sizes[name]:
                report(name, flow, occasion, shop, shoptet, bluejet, sizes[name])


def report(name: str, flow: str, occasion: str, shop: Shop, shoptet: InstantShoptet, bluejet: InstantBlueJet, count: int) -> None:
    """Run one flow once and print its line."""
    shoptet.requests.clear()
    bluejet.requests.clear()
    seconds, run = measure(name, lambda: run_to_the_end(shop, flow, SyncRun.Mode.FULL))
    bare = baseline(shop, count)
    counts = ", ".join(
        f"{getattr(run, one)} {one}" for one in ("created", "updated", "unchanged", "waiting", "parked", "failed") if getattr(run, one)
    )
    print(
        f"{name} ({occasion}): {count / seconds:,.0f} a second, {seconds / bare:.1f} times a bare insert; {counts}; "
        f"per record {shoptet.requests.total() / count:.2f} requests to Shoptet, {bluejet.requests['read'] / count:.2f} reads and "
        f"{bluejet.requests['write'] / count:.2f} writes to BlueJet; peak memory {memory():.0f} MB"
    )


if __name__ == "__main__":
    main()
