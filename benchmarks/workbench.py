"""Measure the mapping workbench: a preview of ten records after an edit, what a change does to 500, and what keeping samples costs.

    python -m benchmarks.workbench [--samples 500]

Uses an SQLite database of its own. The records are those of `benchmarks.mapping`, under keys of their own.
"""

from __future__ import annotations

import argparse
import copy
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

BATCH = 50


def main() -> None:
    """Print a line for each measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="workbench-benchmark-") as scratch:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(scratch) / 'portal.sqlite3'}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
        django.setup()
        _measure(options.samples)


def _measure(count: int) -> None:
    from django.core.management import call_command

    from mappings.drafting import activate, open_draft, save_draft
    from mappings.versions import content_of
    from sync import samples
    from sync.models import Preview, SampleRecord
    from sync.workbench.impact import impact_of
    from sync.workbench.preview import preview_of

    call_command("migrate", verbosity=0)
    shop = _make_shop()
    rows = [_sample(shop, entity, number) for entity in ("product", "order") for number in range(count)]
    samples.store(shop, rows)
    _say(f"keep a batch of {BATCH} products", lambda: samples.store(shop, rows[:BATCH]))
    content = content_of(shop)
    for entity in ("product", "order"):
        ids = list(SampleRecord.objects.filter(entity=entity).values_list("pk", flat=True)[:10])
        preview = Preview.objects.create(shop=shop, entity=entity, by="last", samples=ids)
        _say(f"preview 10 of {entity}", lambda preview=preview: preview_of(preview, content))
    for entity, target in (("product", "name"), ("order", "nazev")):
        edit = _edited(content, entity, target)
        _say(f"impact on {count} of {entity}", lambda edit=edit: impact_of(shop, edit))
    draft = open_draft(shop, None)
    saved = save_draft(shop, revision=draft.revision, content=_edited(content, "product", "name"), user=None)
    _say("activate a draft", lambda: activate(shop, revision=saved.revision, user=None), rounds=1)


def _say(what: str, work: Callable[[], object], rounds: int = 5) -> None:
    found = []
    for _round in range(rounds):
        begin = time.perf_counter()
        work()
        found.append((time.perf_counter() - begin) * 1000)
    print(f"{what:32}{min(found):>10.1f} ms")


def _make_shop() -> Any:
    from mappings.models import CategoryMapping, PaymentMapping, ShippingMapping, StatusMapping
    from mappings.packs import install_default
    from shops.models import BlueJetAccount, Shop

    account = BlueJetAccount.objects.create(name="Bench", base_url="http://127.0.0.1:9", pace=0)
    shop = Shop.objects.create(name="Bench", eshop_id="1", bluejet=account)
    CategoryMapping.objects.create(shop=shop, shoptet_id="cat-1", bluejet_value="Nádobí")
    StatusMapping.objects.create(shop=shop, shoptet_id="-1", bluejet_value="Probíhající")
    PaymentMapping.objects.create(shop=shop, shoptet_id="6", bluejet_value="Převodem")
    ShippingMapping.objects.create(shop=shop, shoptet_id="9", bluejet_value="PPL")
    install_default(shop)
    return shop


def _sample(shop: Any, entity: str, number: int) -> Any:
    from django.utils import timezone

    from benchmarks.mapping import _order, _product
    from sync.models import SampleRecord

    key = f"{entity}-{number}"
    if entity == "product":
        record, flow, refs = _product() | {"id": key, "code": key}, "product_to_bluejet", {}
    else:
        record, flow = _order() | {"id": key, "number": key}, "order_to_bluejet"
        refs = {"productIds": {f"PAN-{line}": f"id-{line}" for line in range(5)}, "contactId": "c", "companyId": "f"}
    return SampleRecord(
        shop=shop,
        entity=entity,
        key=key,
        flow=flow,
        job_key=key,
        kind={"order": "offer"}.get(entity, entity),
        external_id=f"shoptet:{key}",
        natural_key=key,
        record=record,
        refs=refs,
        taken_at=timezone.now(),
    )


def _edited(content: dict[str, Any], entity: str, target: str) -> dict[str, Any]:
    """Return the content with one row of the entity changed."""
    edited = copy.deepcopy(content)
    for row in edited["fields"]:
        if (row["entity"], row["target"]) == (entity, target):
            row["transform"] = "upper"
    return edited


if __name__ == "__main__":
    main()
