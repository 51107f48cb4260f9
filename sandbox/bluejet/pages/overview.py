"""The first page, the journal, and the switches of the faults."""

from __future__ import annotations

from datetime import datetime
from html import escape

from sandbox.bluejet.evidences import EVIDENCES
from sandbox.bluejet.faults import Fault
from sandbox.bluejet.journal import Commit, Touched
from sandbox.bluejet.pages.cells import amount, name_of
from sandbox.bluejet.pages.layout import Frame, badge, card, table
from sandbox.bluejet.pages.records import label_of
from sandbox.bluejet.pages.words import FAULT_WORDS, fault_word
from sandbox.bluejet.stats import Stats
from sandbox.bluejet.store import Store
from sandbox.bluejet.values import PRAGUE

SHORT, LONG = 12, 200


def overview_page(store: Store, frame: Frame, stats: Stats, urls: tuple[str, str]) -> str:
    """Return the addresses, what was asked, and the latest writes."""
    say, login = frame.say, f"{store.options.token_id} / {store.options.token_hash}"
    pairs = (("data", urls[0]), ("rest", urls[1]))
    facts = "".join(f"<dt>{name}</dt><dd><code>{escape(url)}</code></dd>" for name, url in pairs)
    facts += f"<dt>{say('login')}</dt><dd><code>{escape(login)}</code></dd>"
    counts = stats.to_json([])
    asked = f"{amount(str(counts['total']), 'zasoba')} · {say('at_once')} {counts['maxConcurrency']}"
    facts += f"<dt>{say('requests')}</dt><dd>{asked}</dd>"
    latest = _commits(store, frame, SHORT)
    return f"<h1>{say('overview')}</h1>" + card(say("addresses"), f'<dl class="facts">{facts}</dl>') + card(say("last_writes"), latest)


def log_page(store: Store, frame: Frame) -> str:
    """Return the latest commits."""
    total = len(store.journal.commits)
    return f'<h1>{frame.say("log")}</h1><p class="sub">{total} {frame.say("records")}</p>' + card("", _commits(store, frame, LONG))


def _commits(store: Store, frame: Frame, count: int) -> str:
    commits = list(reversed(store.journal.commits[-count:]))
    if not commits:
        return f'<p class="empty">{frame.say("no_records")}</p>'
    rows = [[str(commit.number), _when(commit), _what(store, frame, commit)] for commit in commits]
    return table([("#", False), (frame.say("when"), False), (frame.say("what"), False)], rows)


def _when(commit: Commit) -> str:
    return f"{datetime.fromisoformat(commit.at).astimezone(PRAGUE):%H:%M:%S}"


def _what(store: Store, frame: Frame, commit: Commit) -> str:
    heads = [row for row in commit.rows if not (row.no and EVIDENCES[row.no].parent)] or list(commit.rows[:1])
    rest = len(commit.rows) - len(heads)
    lines = f" <small>· {frame.say('lines').lower()}: {rest}</small>" if rest else ""
    return "<br>".join(_touched(store, frame, row) for row in heads) + lines


def _touched(store: Store, frame: Frame, row: Touched) -> str:
    tone = {"inserted": "good", "deleted": "bad"}.get(row.action, "")
    if row.no:
        label, path, name = label_of(EVIDENCES[row.no], frame.language), f"/evidence/{row.kind}/{row.id}", name_of(store, row.no, row.id)
    else:
        label, path, name = f"/rest/{row.kind}", f"/resource/{row.kind}/{row.id}", row.external_id or row.id
    shown = escape(name) if row.action == "deleted" else f'<a href="{frame.link(path)}">{escape(name)}</a>'
    return f"{badge(frame.say(row.action), tone)} {escape(label)}: {shown}"


def faults_page(frame: Frame, active: list[Fault]) -> str:
    """Return the faults that are on and a form to switch one on."""
    say = frame.say
    rows = [
        [escape(fault_word(fault.kind, frame.language)), escape(_limits(frame, fault)), _off_button(frame, fault.id)] for fault in active
    ]
    on = (
        table([(say("fault"), False), ("", False), ("", False)], rows) + _off_button(frame, 0)
        if rows
        else f'<p class="empty">{say("no_faults")}</p>'
    )
    return f"<h1>{say('faults')}</h1><p class=sub>{say('switch_note')}</p>" + card("", on) + card(say("switch_on"), _form(frame))


def _limits(frame: Frame, fault: Fault) -> str:
    where = f"{fault.method} {fault.match}".strip() or frame.say("all_requests")
    times = f" · {fault.times}×" if fault.times is not None else ""
    seconds = f" · {fault.seconds:g} s" if fault.seconds else ""
    return f"{where}{times}{seconds} · {frame.say('struck')} {fault.hits}×"


def _off_button(frame: Frame, id_: int) -> str:
    label = frame.say("switch_off" if id_ else "all_off")
    return (
        f'<form method="post" action="{frame.link("/faults/off")}"><input type="hidden" name="id" value="{id_}">'
        f'<button class="quiet">{label}</button></form>'
    )


def _form(frame: Frame) -> str:
    say = frame.say
    kinds = "".join(f'<option value="{kind}">{escape(fault_word(kind, frame.language))}</option>' for kind in FAULT_WORDS)
    return (
        f'<form class="row" method="post" action="{frame.link("/faults/on")}">'
        f'<label>{say("fault")}<select name="kind">{kinds}</select></label>'
        f'<label>{say("path")}<input name="match" placeholder="/data|/orders"></label>'
        f'<label>{say("times")}<input name="times" type="number" min="1" size="6"></label>'
        f'<label>{say("seconds")}<input name="seconds" type="number" min="0" step="any" size="6"></label>'
        f"<button>{say('switch_on')}</button></form>"
    )
