"""Pages of the data dialect: an evidence's records, and one record with its lines."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from itertools import islice

from sandbox.bluejet.columns import Column, Evidence
from sandbox.bluejet.evidences import EVIDENCES, KINDS
from sandbox.bluejet.pages.cells import cell, record_link, title_of
from sandbox.bluejet.pages.layout import Frame, badge, card, table
from sandbox.bluejet.store import Store
from sandbox.bluejet.table import Row

PAGE_SIZE = 50
MOST_REFERRERS = 20


def label_of(evidence: Evidence, language: str) -> str:
    return evidence.label_en if language == "en" else evidence.label_cs


def list_page(store: Store, frame: Frame, kind: str, wanted: str, number: int) -> str:
    """Return the newest records of an evidence, or those that a search finds."""
    evidence, say = KINDS[kind], frame.say
    ids = _newest(store, evidence, wanted)
    shown = list(islice(ids, (number - 1) * PAGE_SIZE, number * PAGE_SIZE + 1))
    head = f"<h1>{escape(label_of(evidence, frame.language))}</h1>"
    sub = f'<p class="sub">{say("number")} {evidence.no} · {store.count(kind):,} {say("records")}</p>'.replace(",", " ")
    rows = _table(store, frame, evidence, shown[:PAGE_SIZE]) if shown else _empty(frame, wanted)
    return head + sub + card("", search_form(frame, wanted) + rows + pager(frame, wanted, number, len(shown) > PAGE_SIZE))


def _newest(store: Store, evidence: Evidence, wanted: str) -> list[str]:
    rows = store.tables[evidence.no]
    ids = list(reversed(rows.rows))
    if not wanted:
        return ids
    part = wanted.casefold()
    names = [name for name in evidence.headline if not evidence.by_name[name].references] + ["externiidsupl"]
    return [id_ for id_ in ids if part == id_ or any(part in (rows.value(id_, name) or "").casefold() for name in names)]


def _table(store: Store, frame: Frame, evidence: Evidence, ids: list[str]) -> str:
    columns = [evidence.by_name[name] for name in evidence.headline]
    return table(
        [("", False), *_head(columns)],
        [[_open_link(frame, evidence, id_), *_cells(store, frame, columns, evidence.no, id_)] for id_ in ids],
    )


def _head(columns: list[Column]) -> list[tuple[str, bool]]:
    return [(column.label, column.type in ("Money", "Int")) for column in columns]


def _cells(store: Store, frame: Frame, columns: list[Column], no: int, id_: str) -> list[str]:
    return [cell(store, frame, column, store.tables[no].value(id_, column.name)) for column in columns]


def _open_link(frame: Frame, evidence: Evidence, id_: str) -> str:
    return f'<a href="{frame.link(f"/evidence/{evidence.kind}/{id_}")}"><code>{id_[:8]}</code></a>'


def search_form(frame: Frame, wanted: str) -> str:
    language = '<input type="hidden" name="lang" value="en">' if frame.language == "en" else ""
    field = f'<input name="q" value="{escape(wanted)}" type="search" aria-label="{frame.say("search")}">'
    return f'<form class="row" style="margin-bottom:12px">{language}{field}<button class="quiet">{frame.say("search")}</button></form>'


def pager(frame: Frame, wanted: str, number: int, more: bool) -> str:
    query = {"q": wanted} if wanted else {}
    newer = f'<a href="{frame.link(frame.path, **query, page=number - 1)}">{frame.say("newer")}</a>' if number > 1 else ""
    older = f'<a href="{frame.link(frame.path, **query, page=number + 1)}">{frame.say("older")}</a>' if more else ""
    return f'<div class="pager">{newer}{older}</div>' if newer or older else ""


def _empty(frame: Frame, wanted: str) -> str:
    return f'<p class="empty">{frame.say("nothing_found" if wanted else "no_records")}</p>'


def detail_page(store: Store, frame: Frame, kind: str, id_: str, *, show_empty: bool) -> str | None:
    """Return one record with its lines and what refers to it; None where there is no such record."""
    evidence = KINDS[kind]
    row = store.get(kind, id_)
    if row is None:
        return None
    label = escape(label_of(evidence, frame.language))
    head = f'<h1>{escape(title_of(store, evidence.no, row))}</h1><p class="sub">{label} · {evidence.no}</p>'
    facts = _facts(store, frame, evidence, id_, show_empty)
    return head + _lines(store, frame, evidence, row) + facts + _referrers(store, frame, evidence, id_)


def _facts(store: Store, frame: Frame, evidence: Evidence, id_: str, show_empty: bool) -> str:
    pairs = []
    for column in store.columns(evidence.no).values():
        value = store.tables[evidence.no].value(id_, column.name)
        if value is not None or show_empty:
            note = f" · {frame.say('server_sets')}" if column.virtual else ""
            shown = cell(store, frame, column, value).replace("\n", "<br>") or "–"
            pairs.append(f"<dt>{escape(column.label)}<small>{column.name}{note}</small></dt><dd>{shown}</dd>")
    more = "" if show_empty else f'<p><a href="{frame.link(frame.path, empty=1)}">{frame.say("show_empty")}</a></p>'
    return card("", f'<dl class="facts">{"".join(pairs)}</dl>{more}')


def _lines(store: Store, frame: Frame, evidence: Evidence, row: Row) -> str:
    if not evidence.lines:
        return ""
    lines = EVIDENCES[evidence.lines]
    ids = [line[lines.key] for line in store.lines(evidence.kind, row[evidence.key] or "")]
    if not ids:
        return card(frame.say("lines"), _empty(frame, ""))
    ids.sort(key=lambda id_: int(store.tables[lines.no].rows[id_].get("poradi") or 0))
    columns = [lines.by_name[name] for name in lines.headline]
    body = table(_head(columns), [_cells(store, frame, columns, lines.no, id_) for id_ in ids])
    return card(f"{frame.say('lines')} ({len(ids)})", body + _sum(store, frame, evidence, row, ids))


def _sum(store: Store, frame: Frame, evidence: Evidence, row: Row, ids: list[str]) -> str:
    if "cenadphprodej" not in evidence.by_name:
        return ""
    lines = store.tables[evidence.lines]
    total = sum((Decimal(lines.rows[id_].get("cenadphprodej") or 0) for id_ in ids), Decimal())
    same = total == Decimal(row.get("cenadphprodej") or 0)
    verdict = badge(frame.say("agrees"), "good") if same else badge(frame.say("differs"), "bad")
    column = evidence.by_name["cenadphprodej"]
    return f"<p>{frame.say('sum_of_lines')}: <b>{cell(store, frame, column, str(total))} {escape(row.get('mena') or '')}</b> {verdict}</p>"


def _referrers(store: Store, frame: Frame, evidence: Evidence, id_: str) -> str:
    links = []
    for other in EVIDENCES.values():
        for column in other.columns:
            if column.references == evidence.no and not column.parent:
                found = store.tables[other.no].matching(column.name, id_)[:MOST_REFERRERS]
                links += [
                    f"<dt>{escape(label_of(other, frame.language))}</dt><dd>{record_link(store, frame, other.no, each)}</dd>"
                    for each in found
                ]
    return card(frame.say("used_in"), f'<dl class="facts">{"".join(links)}</dl>') if links else ""
