"""The states that the portal itself gives to documents: what the account says of its BlueJet, and the shop's status mappings."""

from __future__ import annotations

from collections.abc import Mapping

from clients.bluejet.evidences import Evidence
from mappings.models import PartnerValue, Side
from mappings.tables import Target
from sync.flow import Context
from sync.models import Kind

# Shoptet's own status of a cancelled order; a shop may have others that cancel, too.
CANCELLED = "-4"


def closing_fields(ctx: Context) -> dict[str, str]:
    """Say of an offer that an order has taken its place."""
    evidence = ctx.bluejet.evidences[Kind.OFFER]
    return _state(evidence, evidence.closed)


def reopening_fields(ctx: Context) -> dict[str, str]:
    """Say of an order that it is under way again: an offer's state would say too much, or be none of its own."""
    evidence = ctx.bluejet.evidences[Kind.ORDER]
    return _state(evidence, evidence.open)


def cancelling_fields(ctx: Context, kind: str) -> dict[str, str]:
    """Say that an order is off as it is said of one that is cancelled in Shoptet, unless the account names a state of its own."""
    evidence = ctx.bluejet.evidences[kind]
    own = ctx.account.evidences.get(kind, {})
    named = evidence.cancelled if "cancelled" in own else ""
    return _state(evidence, named or mapped_cancellation(ctx.snapshot.tables["status"]) or evidence.cancelled)


def known_states(ctx: Context) -> frozenset[str]:
    """Return the states that BlueJet was seen to have when its lists were read last; none where they never were."""
    if "known states" not in ctx.memory:
        seen = PartnerValue.objects.filter(shop=ctx.shop, side=Side.BLUEJET, table="status", vanished_at__isnull=True)
        ctx.memory["known states"] = frozenset(seen.values_list("value", flat=True))
    states: frozenset[str] = ctx.memory["known states"]
    return states


def mapped_cancellation(statuses: Mapping[str, Target]) -> str:
    """Return the state of the statuses that cancel; of several, that of Shoptet's own."""
    cancelling = {shoptet_id: target.value for shoptet_id, target in statuses.items() if target.extra.get("cancels")}
    return cancelling.get(CANCELLED) or next((cancelling[one] for one in sorted(cancelling)), "")


def _state(evidence: Evidence, value: str) -> dict[str, str]:
    return {evidence.state: value} if evidence.state and value else {}
