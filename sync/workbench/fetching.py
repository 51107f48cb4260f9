"""The worker's part of a preview: read the records anew, and what BlueJet holds of them; nothing is written at either partner."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from clients.bluejet import BlueJetRow
from clients.errors import NotFound, PartnerError
from shops.heartbeat import Claim, kept_alive
from shops.models import FlowName
from sync import samples
from sync.dispatch import enqueue
from sync.flow import Context, Flow, Item, Part, Request, Result
from sync.flows import FLOWS
from sync.flows.product.flow import CODE
from sync.flows.product.prices import with_prices_of_today
from sync.issues import Issue
from sync.links import links_by_key
from sync.models import Kind, Preview, SampleRecord
from sync.models.job import Priority
from sync.outcomes import defect, outcome_of
from sync.partners import open_context
from sync.pipeline import run_step
from sync.push.search import DOCUMENTS, Search, find_rows
from sync.workbench.held import held_to_json
from sync.workbench.preview import LAST
from sync.workbench.stages import flows_of, stage_of

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=1)
# A worker that is free takes a preview up at once.
LOST_AFTER = timedelta(seconds=20)


@dataclass(frozen=True)
class Wanted:
    """A job's record to read, and which of its samples to show; all where no key is given."""

    flow: Flow
    job_key: str
    key: str = ""


def fetch_preview(preview_id: int) -> None:
    """Fetch what the preview asks for; whatever goes wrong is kept as its issue, for whoever waits for it."""
    preview = _claim(preview_id)
    if preview is not None:
        with kept_alive(Claim.on([preview], preview.claim)):
            _fetch_claimed(preview)


def _claim(preview_id: int) -> Preview | None:
    now = timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    fetching = Preview.objects.filter(free, pk=preview_id, state=Preview.State.FETCHING)
    until = now + timedelta(seconds=settings.SYNC_CLAIM_SECONDS)
    if not fetching.update(claim=uuid.uuid4(), claimed_until=until, fetched=0, samples=[], held={}):
        return None
    return Preview.objects.select_related("shop__bluejet").get(pk=preview_id)


def _fetch_claimed(preview: Preview) -> None:
    issue: Issue | None = None
    try:
        with open_context(preview.shop, priority=Priority.ORDERS, writes=False) as ctx:
            _fetch(ctx, preview)
    except NotFound:
        issue = _missing(preview)
    except PartnerError as error:
        issue = outcome_of(error).issues[0]
    except Exception as error:
        logger.exception("Preview %s failed", preview.pk)
        issue = defect(error).issues[0]
    if issue is None and not preview.samples:
        issue = _missing(preview)
    preview.state = Preview.State.FAILED if issue else Preview.State.READY
    preview.issue = issue.to_json() if issue else None
    _save(preview, "state", "issue", "expected", "fetched", "samples", "held")


def _save(preview: Preview, *names: str) -> None:
    """Save under the claim: another worker may fetch the preview by now."""
    values = {name: getattr(preview, name) for name in names}
    Preview.objects.filter(pk=preview.pk, claim=preview.claim).update(**values)


def _missing(preview: Preview) -> Issue:
    return Issue("source_missing", "warning", params={"key": preview.value or preview.entity})


def sweep_previews() -> None:
    """Drop old previews; hand out those again whose worker never came."""
    now = timezone.now()
    Preview.objects.filter(created_at__lt=now - KEPT_FOR).delete()
    never_taken = Q(claimed_until__isnull=True, created_at__lt=now - LOST_AFTER)
    lost = Preview.objects.filter(never_taken | Q(claimed_until__lt=now), state=Preview.State.FETCHING)
    for preview_id in lost.values_list("pk", flat=True):
        enqueue("fetch_preview", preview_id, expires=LOST_AFTER.total_seconds())


def _fetch(ctx: Context, preview: Preview) -> None:
    wanted = list(_wanted(ctx, preview))[:LAST]
    preview.expected = len(wanted)
    _save(preview, "expected")
    for one in wanted:
        try:
            parts = _parts(ctx, one, preview.entity)
        except NotFound:
            if len(wanted) == 1:
                raise
            parts = []  # deleted since it passed; the others are there to look at
        for part in parts[: LAST - len(preview.samples)]:
            _keep(ctx, preview, one, part)
        preview.fetched += 1
        _save(preview, "fetched", "samples", "held")


def _wanted(ctx: Context, preview: Preview) -> Iterator[Wanted]:
    """Name the records: by the value where the partner can be asked for it, else by what passed lately."""
    flow = FLOWS[flows_of(preview.entity)[0]]
    if preview.by == "last":
        passed = list(_passed(SampleRecord.objects.filter(shop=ctx.shop, entity=preview.entity)))
        yield from passed or (Wanted(flow, key) for key in _newest(ctx, flow))
    elif preview.by == "email":
        found = [Wanted(flow, guid) for guid in _customers(ctx, preview.value)] if flow.name == FlowName.CUSTOMER_TO_BLUEJET else []
        mine = SampleRecord.objects.filter(shop=ctx.shop, entity=preview.entity)
        field = "record__customer__email__iexact" if preview.entity == "order" else "record__email__iexact"
        yield from found or _passed(mine.filter(**{field: preview.value}))
    elif preview.entity == "product":
        yield Wanted(flow, f"{CODE}{preview.value}", preview.value)
    else:
        yield Wanted(flow, preview.value)


def _passed(rows: QuerySet[SampleRecord]) -> Iterator[Wanted]:
    for sample in list(rows.order_by("-taken_at", "-pk")[:LAST]):
        yield Wanted(FLOWS[sample.flow], sample.job_key, sample.key)


def _newest(ctx: Context, flow: Flow) -> list[str]:
    """Return some keys of a shop of which nothing has passed yet."""
    for page in flow.keys(ctx, "full", None):
        return list(dict.fromkeys(page.keys))[:LAST]
    return []


def _customers(ctx: Context, email: str) -> list[str]:
    return [str(row["guid"]) for page in ctx.shoptet.customers(email=email) for row in page.items]


def _parts(ctx: Context, wanted: Wanted, entity: str) -> list[Part]:
    """Read the record and give its parts what is known of both sides."""
    stage = stage_of(wanted.flow.name, entity)
    parts = [part for item in _items(ctx, wanted) for part in stage.split(ctx, item)]
    mine = [part for part in parts if wanted.key.lower() in ("", part.key.lower())] or parts
    stage.refer(ctx, mine)
    return mine


def _items(ctx: Context, wanted: Wanted) -> list[Item]:
    """Read as the flow does, except that products are not followed when they are renamed: that would change links."""
    if wanted.flow.name != FlowName.PRODUCT_TO_BLUEJET:
        return [item for item in wanted.flow.fetch(ctx, Request(wanted.job_key)) if not item.gone]
    fetched_at = timezone.now()
    if wanted.job_key.startswith(CODE):
        fetched = ctx.shoptet.product_by_code(wanted.job_key.removeprefix(CODE))
    else:
        fetched = ctx.shoptet.product(wanted.job_key)
    if fetched.bad and not fetched.records:
        raise fetched.bad[0].error
    records = [with_prices_of_today(ctx, record, fetched_at) for record in fetched.records]
    return [Item(record["code"], record, fetched.changed_at, fetched_at) for record in records]


def _keep(ctx: Context, preview: Preview, wanted: Wanted, part: Part) -> None:
    """Store the part as a sample, with what BlueJet holds of it; what it would wait for is told, and does not hide its draft."""
    waits = [outcome for outcome in (part.item.outcome, part.outcome) if outcome is not None]
    issues = [issue for outcome in waits for issue in outcome.issues]
    is_skipped = any(outcome.result is Result.SKIPPED for outcome in waits)
    part.outcome = part.item.outcome = None
    stage, refs = stage_of(wanted.flow.name, preview.entity), dict(part.refs)
    run_step(ctx, stage.map, [part])  # for the kind of document and the marks to search by
    sample = samples.sample_of(ctx.shop, wanted.flow, _job_key(wanted, part), part, refs)
    samples.store(ctx.shop, [sample])
    kept = SampleRecord.objects.only("pk").get(shop=ctx.shop, entity=sample.entity, key=sample.key)
    rows, found = _held(ctx, part, stage.search or find_rows)
    preview.samples = [*preview.samples, kept.pk]
    preview.held = {**preview.held, str(kept.pk): held_to_json(rows, issues + found, is_skipped=is_skipped)}


def _job_key(wanted: Wanted, part: Part) -> str:
    """Return the key of the job that brings the record: of a product its GUID, also where it was read by a code."""
    return part.parent_key or wanted.job_key if wanted.flow.name == FlowName.PRODUCT_TO_BLUEJET else wanted.job_key


def _held(ctx: Context, part: Part, search: Search) -> tuple[list[BlueJetRow], list[Issue]]:
    """Read BlueJet's copy: by its id where the records are linked, else by the marks that a create would look for first."""
    kinds = [Kind.OFFER, Kind.ORDER] if part.kind in DOCUMENTS else [Kind(part.kind)]
    linked = {kind: link for kind in kinds for link in links_by_key(ctx, kind, [part.key]).values()}
    rows = [ctx.bluejet.read(str(kind), link.bluejet_id, with_lines=True) for kind, link in linked.items()]
    found = [row for row in rows if row is not None]
    gone = [Issue("gone_in_bluejet", params={"id": linked[kind].bluejet_id}) for kind, row in zip(linked, rows, strict=True) if row is None]
    if linked:
        return found, gone
    alike = search(ctx, part)
    if len(alike) > 1:
        ids = ", ".join(row.id for row in alike[:LAST])
        return [], [Issue("candidates", params={"count": len(alike), "ids": ids, "external_id": part.external_id})]
    return alike, []
