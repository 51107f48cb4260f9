"""The contact that sales without a person belong to, as staff named it in the shop's settings."""

from __future__ import annotations

from sync.flow import Context, Part
from sync.issues import Issue
from sync.models import Kind


def collective_contact(ctx: Context, part: Part) -> str | None:
    """Return BlueJet's id of the shop's collective contact; None where none is set, or BlueJet does not hold just one such."""
    wanted = ctx.shop.collective_contact.strip()
    if not wanted:
        return None
    found: list[str] = ctx.memory.setdefault("collective contact", []) or _search(ctx, wanted)
    ctx.memory["collective contact"] = found
    if len(found) == 1:
        return found[0]
    part.item.issues.append(Issue("collective_contact_unknown", "warning", params={"value": wanted, "count": len(found)}))
    return None


def _search(ctx: Context, wanted: str) -> list[str]:
    natural = ctx.bluejet.evidences[Kind.CONTACT].natural
    if "@" in wanted:
        return [row.id for row in ctx.bluejet.find(Kind.CONTACT, natural, wanted)] if natural else []
    row = ctx.bluejet.read(Kind.CONTACT, wanted, with_lines=False)
    return [row.id] if row else []
