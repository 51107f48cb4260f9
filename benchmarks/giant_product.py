"""The memory that one product of very many variants takes, and what it leaves in its job's row.

    python benchmarks/giant_product.py                     2,000 variants, texts of 50,000 characters
    python benchmarks/giant_product.py --variants 10000

It is brought three times: new, with a new text, and unchanged. The ratio is the peak above the start by the size of Shoptet's answer.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import flow  # noqa: E402 - it sets Django up
from benchmarks.instant_partners import BEGUN, InstantBlueJet, InstantShoptet  # noqa: E402
from clients.shoptet.normalise_product import normalise_product  # noqa: E402
from clients.shoptet.results import Fetched  # noqa: E402
from shops.models import FlowName, Shop  # noqa: E402
from sync import work  # noqa: E402
from sync.jobs import Ask, ask  # noqa: E402
from sync.models import RecordLink, SampleRecord, SyncJob  # noqa: E402
from sync.models.job import Priority  # noqa: E402

GUID = "d1e2f3a4-0000-11e0-b04f-57a43310b768"
MB = 1024 * 1024


class GiantShoptet(InstantShoptet):
    """A shop with one product, told as Shoptet tells it."""

    def __init__(self, variants: int, characters: int) -> None:
        super().__init__(products=1)
        self.answer = json.dumps(giant(variants, characters, "first"))

    def product(self, guid: str) -> Fetched:
        """Return the product, read from its text anew."""
        return Fetched(normalise_product(json.loads(self.answer)), BEGUN, datetime.now(UTC))


def giant(variants: int, characters: int, word: str) -> dict[str, Any]:
    """Return the product's detail."""
    text = f"<p>{word}</p>" + "<p>Nerezová ocel pro provoz, který se nezastaví.</p>" * (characters // 53)
    return {
        "guid": GUID, "name": "Matice", "description": text, "shortDescription": text[: characters // 10], "visibility": "visible",
        "type": "product", "defaultCategory": {"guid": "c-1", "name": "Kitchen"}, "creationTime": "2026-01-01T08:00:00+0100",
        "changeTime": "2026-11-01T08:00:00+0100", "url": "https://shop.example/matice/", "images": [],
        "variants": [variant(number) for number in range(variants)],
    }  # fmt: skip


def variant(number: int) -> dict[str, Any]:
    """Return one variant."""
    return {
        "code": f"MAT-{number:05d}", "ean": None, "stock": "5.000", "unit": "ks", "price": "121.00", "vatRate": "21.00",
        "includingVat": True,
        "currencyCode": "CZK", "visible": True, "parameters": [{"paramName": "Rozměr", "paramValue": f"M{number}"}],
        "perStockAmounts": [{"stockId": 1, "amount": "5.000", "claim": "0.000", "location": None, "lastAmountUpdate": None}],
    }  # fmt: skip


def bring(shop: Shop) -> SyncJob:
    """Bring the product once, as a worker does."""
    ask(shop, [Ask(FlowName.PRODUCT_TO_BLUEJET, GUID, Priority.CATALOGUE)], asked_by="benchmark")
    while work.work_on_due(shop.pk, FlowName.PRODUCT_TO_BLUEJET):
        continue
    return SyncJob.objects.get(shop=shop, key=GUID)


def report(name: str, shop: Shop, size: int) -> None:
    """Bring the product once and print its line."""
    tracemalloc.start()
    begun = time.perf_counter()
    job = bring(shop)
    seconds, peak = time.perf_counter() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    draft = len(json.dumps(job.draft))
    print(
        f"{name}: {job.state}, {seconds:.1f} s under tracing; peak {peak / MB:.0f} MB, {peak / size:.1f} times the answer; "
        f"draft {draft / 1024:.0f} kB; resident peak {flow.memory():.0f} MB"
    )


def main() -> None:
    """Bring the product new, changed and unchanged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variants", type=int, default=2000)
    parser.add_argument("--characters", type=int, default=50_000)
    sizes = parser.parse_args()
    flow.call_command("migrate", verbosity=0)
    shop, shoptet = flow.make_shop(), GiantShoptet(sizes.variants, sizes.characters)
    flow.use_instant_partners(shoptet, InstantBlueJet(str(Path(flow._scratch.name) / "bluejet.sqlite3")))
    work.open_context = flow.partners.open_context
    size = len(shoptet.answer.encode())
    print(f"Shoptet's answer: {size / MB:.2f} MB; memory before: {flow.memory():.0f} MB")
    report("new", shop, size)
    shoptet.answer = json.dumps(giant(sizes.variants, sizes.characters, "second"))
    report("changed", shop, size)
    report("unchanged", shop, size)
    sent = sum(len(json.dumps(one)) for one in RecordLink.objects.filter(shop=shop).values_list("sent", flat=True).iterator())
    samples = SampleRecord.objects.filter(shop=shop).count()
    print(f"{sizes.variants} links keep {sent / MB:.1f} MB of what was sent; {samples} samples are kept")


if __name__ == "__main__":
    main()
