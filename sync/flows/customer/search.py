"""Find a company that BlueJet may hold already: by our mark, then by its number in whatever spelling, and of the right country."""

from __future__ import annotations

from dataclasses import replace

from clients.bluejet import BlueJetRow
from clients.shoptet.company_numbers import CompanyNumber, company_number, spellings
from mappings.transforms.people import country_code
from sync.flow import Context, Part
from sync.flows.customer.companies import COUNTRY
from sync.models import Kind, RecordLink
from sync.push.search import find_rows


def find_company(ctx: Context, part: Part) -> list[BlueJetRow]:
    """Return the rows that may be the company; the good spelling of its number is looked for first."""
    rows = find_rows(ctx, replace(part, natural_key=""))
    if rows or not part.natural_key:
        return rows
    number = CompanyNumber(part.natural_key, part.identity, True)
    for spelling in spellings(number):
        alike = find_rows(ctx, replace(part, external_id="", natural_key=spelling))
        rows = [row for row in alike if _may_be(ctx, part, row)]
        if rows:
            break
    _keep_former_mark(ctx, part, rows)
    return rows


def _may_be(ctx: Context, part: Part, row: BlueJetRow) -> bool:
    """Whether the row is not known as another company of ours, and does not stand in another country."""
    owner = _owner(ctx, row)
    others = RecordLink.objects.filter(shop=ctx.shop, kind=Kind.COMPANY, external_id=owner).exclude(key=part.key).exclude(bluejet_id="")
    return not (owner and others.exists()) and _is_in_its_country(ctx, part, row)


def _is_in_its_country(ctx: Context, part: Part, row: BlueJetRow) -> bool:
    """The index of a run knows ids only, so that the row is read before it is taken."""
    if not part.identity:
        return True
    seen = row if COUNTRY in row.fields else ctx.bluejet.read(part.kind, row.id, with_lines=False)
    code = country_code(str((seen.fields.get(COUNTRY) if seen else "") or ""))
    return len(code) != 2 or code.upper() == part.identity


def _keep_former_mark(ctx: Context, part: Part, rows: list[BlueJetRow]) -> None:
    """A company marked under another spelling of its number is ours, and keeps the mark."""
    if len(rows) != 1:
        return
    mark = _owner(ctx, rows[0])
    former = mark.removeprefix(ctx.external_id("ico:"))
    if former != mark and company_number(former, part.identity).written == part.natural_key:
        part.external_id = mark


def _owner(ctx: Context, row: BlueJetRow) -> str:
    return str(row.fields.get(ctx.bluejet.evidences[Kind.COMPANY].external_id) or "")
