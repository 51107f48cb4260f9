"""Keep the newest records that passed, to try mappings on; a few statements for a whole batch."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from django.db import transaction

from shops.models import Shop
from sync.flow import Context, Flow, Part, Request
from sync.isolation import apart, beside
from sync.models import Kind, SampleRecord
from sync.storable import storable_json, storable_text

logger = logging.getLogger(__name__)
KEPT = 500
KEPT_OF_ONE = 20

# The mapping entity whose rows make a record of this kind.
ENTITY_OF_KIND = {
    Kind.PRODUCT: "product",
    Kind.STOCK_CARD: "stock",
    Kind.CONTACT: "contact",
    Kind.COMPANY: "company",
    Kind.ADDRESS: "address",
    Kind.OFFER: "order",
    Kind.ORDER: "order",
}
KEPT_COLUMNS = ("flow", "job_key", "kind", "parent_key", "external_id", "natural_key", "record", "refs", "changed_at", "taken_at")


@dataclass(frozen=True)
class Seen:
    """A part as it was right before it was mapped: mapping it may use its references up."""

    part: Part
    refs: Mapping[str, Any] = field(default_factory=dict)


def keep_samples(ctx: Context, flow: Flow, requests: Sequence[Request], seen: Iterable[Seen]) -> None:
    """Keep what a batch brought and forget what is gone; whatever goes wrong here must not hold a record up."""
    job_keys = {id(item): request.key for request in requests for item in request.items}

    def keep(some: Sequence[tuple[str, Seen]]) -> None:
        store(ctx.shop, [_row(ctx.shop, flow, job_key, one) for job_key, one in some])

    wanted = [(job_keys.get(id(one.part.item), one.part.item.key), one) for one in seen if _is_wanted(ctx, one.part)]
    apart(keep, _some_of_each(wanted), _not_kept)
    beside(f"Forgetting samples of {flow.name}", lambda: _forget_gone(ctx.shop, flow, requests))


def _not_kept(pair: tuple[str, Seen], error: Exception) -> None:
    part = pair[1].part
    logger.warning("The %s %s could not be kept as a sample", part.kind, part.key, exc_info=error)


def _forget_gone(shop: Shop, flow: Flow, requests: Sequence[Request]) -> None:
    gone = [request.key for request in requests if request.items and all(item.gone for item in request.items)]
    if gone:
        SampleRecord.objects.filter(shop=shop, flow=flow.name, job_key__in=gone).delete()


def _is_wanted(ctx: Context, part: Part) -> bool:
    """Of a run over many records keep an even share, always the same records, instead of writing each to throw it away again."""
    expected = ctx.run.expected if ctx.run else 0
    return part.purpose == "copy" and (expected <= KEPT or crc32(part.item.key.encode()) % expected < KEPT)


def _some_of_each(wanted: Sequence[tuple[str, Seen]]) -> list[tuple[str, Seen]]:
    """Of a record that became very many keep some, always the same ones: a product of two thousand variants would push all others out."""
    by_job: dict[tuple[str, str], list[tuple[str, Seen]]] = {}
    for job_key, one in wanted:
        by_job.setdefault((job_key, str(one.part.kind)), []).append((job_key, one))
    return [
        pair
        for group in by_job.values()
        for pair in (group if len(group) <= KEPT_OF_ONE else sorted(group, key=lambda pair: crc32(pair[1].part.key.encode()))[:KEPT_OF_ONE])
    ]


def _row(shop: Shop, flow: Flow, job_key: str, one: Seen) -> SampleRecord:
    part = one.part
    return SampleRecord(
        shop=shop,
        entity=ENTITY_OF_KIND[Kind(part.kind)],
        key=storable_text(part.key)[:255],
        flow=flow.name,
        job_key=storable_text(job_key)[:255],
        kind=part.kind,
        parent_key=storable_text(part.parent_key)[:255],
        external_id=storable_text(part.external_id)[:255],
        natural_key=storable_text(part.natural_key)[:255],
        record=storable_json(part.record),
        refs=storable_json(one.refs),
        changed_at=part.item.changed_at,
        taken_at=part.item.fetched_at,
    )


def sample_of(shop: Shop, flow: Flow, job_key: str, part: Part, refs: Mapping[str, Any]) -> SampleRecord:
    """Return the sample that a part makes, not stored yet."""
    return _row(shop, flow, job_key, Seen(part, refs))


def store(shop: Shop, rows: Iterable[SampleRecord]) -> None:
    """Insert or replace samples by their key, and drop the oldest beyond what is kept."""
    latest = {(row.entity, row.key): row for row in rows}
    ordered = [latest[key] for key in sorted(latest)]  # in one order, so that two workers cannot wait for each other
    with transaction.atomic():
        SampleRecord.objects.bulk_create(
            ordered, update_conflicts=True, unique_fields=["shop", "entity", "key"], update_fields=KEPT_COLUMNS, batch_size=100
        )
        for entity in {row.entity for row in ordered}:
            _trim(shop, entity)


def _trim(shop: Shop, entity: str) -> None:
    beyond = SampleRecord.objects.filter(shop=shop, entity=entity).order_by("-taken_at", "-pk").values_list("pk", flat=True)[KEPT:]
    SampleRecord.objects.filter(pk__in=list(beyond)).delete()


def load(shop: Shop, entity: str, limit: int = KEPT) -> list[SampleRecord]:
    """Return the newest samples of an entity, newest first."""
    return list(SampleRecord.objects.filter(shop=shop, entity=entity).order_by("-taken_at", "-pk")[:limit])
