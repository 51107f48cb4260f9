"""Find before create: by external id, then by natural key; adopt exactly one match that is ours or nobody's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import F
from django.utils import timezone

from clients.bluejet import BlueJetRow
from sync.flow import Context, Outcome, Part
from sync.issues import Issue
from sync.models import RecordLink, SyncRun, TargetIndex
from sync.outcomes import parked, waits
from sync.push.alike import tells_the_same
from sync.push.pairing import ADOPTED
from sync.push.sharing import SHARED_KINDS, is_of_another_shop, is_put_away
from sync.record_leases import take_found
from sync.storable import storable_text

DOCUMENTS = ("offer", "order")
UNIQUE_KINDS = ("product", "stock_card", *DOCUMENTS)
BUSY_SECONDS = 1.0
Search = Callable[[Context, Part], list[BlueJetRow]]


def find_existing(ctx: Context, part: Part, search: Search | None) -> Outcome | None:
    """Complete the part's link with BlueJet's id if the record exists; return an outcome if a person must decide."""
    rows = (search or find_rows)(ctx, part)
    if not rows:
        return None
    if len(rows) > 1:
        return parked(_candidates(part, rows))
    outcome = _adopt(ctx, part, rows[0]) or _lease_found(ctx, part)
    # A run's index holds the marks of a record, not its values.
    part.found = None if outcome or is_indexed(ctx, part) else rows[0]
    return outcome


def _lease_found(ctx: Context, part: Part) -> Outcome | None:
    """Another shop, or another link of this one, may be writing the record that was found."""
    if take_found(ctx, part):
        return unsettled(part)
    part.held.bluejet_id = ""
    return waits(BUSY_SECONDS, Issue("busy", "warning"))


def unsettled(part: Part) -> Outcome | None:
    """Return the outcome of a record whose last write has no answer yet, whoever's that was; None once it has settled."""
    seconds = (part.settles_at - timezone.now()).total_seconds() if part.settles_at else 0.0
    return waits(seconds + 0.1, Issue("outcome_unknown", "warning", params={"partner": "BlueJet"})) if seconds > 0 else None


def find_double(ctx: Context, part: Part) -> Outcome | None:
    """Return a person's decision where somebody who had lost the record made it a second time, and the dialect could not tell."""
    evidence = ctx.bluejet.evidences[part.kind]
    if not (part.must_search and part.held.doubts and evidence.external_id) or ctx.bluejet.can_upsert(part.kind):
        return None
    rows = ctx.bluejet.find(part.kind, evidence.external_id, part.external_id)
    return parked(_candidates(part, rows)) if len(rows) > 1 else None


def find_rows(ctx: Context, part: Part) -> list[BlueJetRow]:
    """Look in the run's index if there is one, else ask BlueJet."""
    if is_indexed(ctx, part):
        rows = _in_index(ctx, part)
        if rows or _is_index_kept(ctx):
            return rows
        ctx.memory[f"indexed:{part.kind}"] = False
    return _ask_bluejet(ctx, part)


def _ask_bluejet(ctx: Context, part: Part) -> list[BlueJetRow]:
    evidence = ctx.bluejet.evidences[part.kind]
    rows: list[BlueJetRow] = []
    if evidence.external_id:
        rows = ctx.bluejet.find(part.kind, evidence.external_id, part.external_id)
    if not rows and evidence.natural and part.natural_key and part.kind not in DOCUMENTS:
        rows = ctx.bluejet.find(part.kind, evidence.natural, part.natural_key)
    return rows


def is_indexed(ctx: Context, part: Part) -> bool:
    """Whether the run has read the target already, and nothing makes it doubt that for this record."""
    return ctx.run is not None and bool(ctx.memory.get(f"indexed:{part.kind}")) and not part.must_search


def _in_index(ctx: Context, part: Part) -> list[BlueJetRow]:
    rows = TargetIndex.objects.filter(run=ctx.run, kind=part.kind)
    found = list(rows.filter(field="external_id", value=part.external_id[:255]))
    if not found and part.natural_key and part.kind not in DOCUMENTS:
        found = list(rows.filter(field="natural", value=storable_text(part.natural_key)[:255].lower()))
    column = ctx.bluejet.evidences[part.kind].external_id
    return [BlueJetRow(part.kind, row.bluejet_id, {column: row.external_id}) for row in found or _made_since(ctx, part)]


def _made_since(ctx: Context, part: Part) -> list[RecordLink]:
    """Return what was made after the index was read: somebody may have ordered as a guest while the run was under way."""
    if ctx.run is None or not part.natural_key or part.kind in DOCUMENTS:
        return []
    alike = RecordLink.objects.filter(account=ctx.account, kind=part.kind, natural_key=storable_text(part.natural_key)[:255])
    return list(alike.filter(pushed_at__gte=ctx.run.started_at).exclude(bluejet_id="").exclude(pk=part.held.pk))


def _is_index_kept(ctx: Context) -> bool:
    """Whether the index was still there when it was looked into: it goes with its run, which may be cancelled in the middle of a chunk."""
    return ctx.run is not None and SyncRun.objects.filter(pk=ctx.run.pk, state=SyncRun.State.RUNNING).exists()


def _adopt(ctx: Context, part: Part, row: BlueJetRow) -> Outcome | None:
    owner = str(row.fields.get(ctx.bluejet.evidences[part.kind].external_id) or "")
    is_shared = part.kind in SHARED_KINDS and is_of_another_shop(ctx, owner)
    if part.purpose == "adopt":
        part.held.bluejet_id = row.id
        part.external_id = owner if is_shared else part.external_id
        return None
    if owner and owner != part.external_id and not is_shared and not _is_former_self(ctx, part, owner):
        return parked(Issue("foreign_record", params={"ids": row.id, "field": part.natural_key or "key", "owner": owner}))
    if part.kind in UNIQUE_KINDS and _is_taken(ctx, part, row):
        return parked(Issue("foreign_record", params={"ids": row.id, "field": part.natural_key or "key", "owner": owner or "–"}))
    if part.kind in DOCUMENTS and not _is_our_document(ctx, part, row):
        return parked(_candidates(part, [row]))
    part.held.bluejet_id = row.id
    was_attempted = (part.must_search or bool(part.held.sending)) and not part.held.sending.get(ADOPTED)
    part.is_own = owner == part.external_id and part.held.pushed_at is None and was_attempted
    _take_over(ctx, part, row)
    if is_shared:
        part.external_id = owner
        part.held.archived = is_put_away(ctx, part)
    return None


def _is_our_document(ctx: Context, part: Part, row: BlueJetRow) -> bool:
    """Whether a document under our mark of which nothing is known here is this order's, and not an earlier one's of the same number.

    It is where our own write had no answer, where the order's offer became it in place, or where date and sum say so.
    """
    if part.must_search or part.held.sending or RecordLink.objects.filter(shop=ctx.shop, key=part.key, bluejet_id=row.id).exists():
        return True
    held = ctx.bluejet.read(part.kind, row.id, with_lines=False)
    return held is not None and tells_the_same(part.fields, held.fields, ctx.bluejet.evidences[part.kind].total)


def _take_over(ctx: Context, part: Part, row: BlueJetRow) -> None:
    """What the portal wrote under another key, a guest's contact or a Nabídka that turns into an Objednávka, is no stranger's record."""
    kinds = DOCUMENTS if part.kind in DOCUMENTS else (part.kind,)
    others = RecordLink.objects.filter(shop=ctx.shop, kind__in=kinds, bluejet_id=row.id).exclude(pk=part.held.pk)
    former = others.order_by(F("pushed_at").desc(nulls_last=True)).first()
    if former is not None and not part.held.sent:
        part.held.sent, part.held.seen, part.held.sending = former.sent, former.seen, part.held.sending or former.sending
        part.held.lines = part.held.lines or former.lines


def _is_former_self(ctx: Context, part: Part, owner: str) -> bool:
    """Whether the contact was made for a guest who has registered since, or for an account that its owner gave up."""
    if part.kind != "contact":
        return False
    if owner == ctx.external_id(f"guest:{part.natural_key.lower()}"):
        return True
    # The contact was put away with the account, so it has to be taken back.
    part.held.archived = RecordLink.objects.filter(shop=ctx.shop, kind=part.kind, external_id=owner, archived=True).exists()
    return part.held.archived


def _is_taken(ctx: Context, part: Part, row: BlueJetRow) -> bool:
    """Whether another record is linked to it: of this shop, or of any where the record is one shop's alone."""
    others = RecordLink.objects.filter(account=ctx.account, kind=part.kind, bluejet_id=row.id).exclude(pk=part.held.pk)
    return (others.filter(shop=ctx.shop) if part.kind in SHARED_KINDS else others).exists()


def _candidates(part: Part, rows: Sequence[BlueJetRow]) -> Issue:
    ids = ", ".join(row.id for row in rows[:10])
    return Issue("candidates", params={"count": len(rows), "ids": ids, "external_id": part.external_id})
