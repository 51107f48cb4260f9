"""An attempt's short notes in the reader's language; a line of another form is shown as it was noted."""

from __future__ import annotations

import json
import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sync.admin.vocabulary import ATTEMPTS
from sync.issue_texts import TEXTS
from sync.issues import Issue
from sync.models import Kind, SyncAttempt
from sync.partner_words import trouble_in_words

SENT = re.compile(r"(?P<purpose>\w+) (?P<kind>\w+) (?P<key>.+): (?P<fields>\d+) fields(?:, (?P<lines>\d+) lines)?")
CHUNK = re.compile(r"(?P<count>\d+) records")
ANSWERED = re.compile(r"(?P<kind>\w+) (?P<key>.+): (?P<result>not sent|[a-z]+)(?: as (?P<id>\S+))?")


def sent_in_words(text: str) -> str:
    """Say what was sent to BlueJet, one record a line; whether BlueJet took it is in the answer."""
    return "\n".join(_sent(line) for line in text.splitlines())


def answered_in_words(text: str) -> str:
    """Say what became of each record, and under which id BlueJet has it."""
    return "\n".join(_answered(line) for line in text.splitlines())


def _sent(line: str) -> str:
    chunk = CHUNK.fullmatch(line)
    if chunk is not None:
        count = int(chunk["count"])
        return ngettext("%(count)d record", "%(count)d records", count) % {"count": count}
    noted = SENT.fullmatch(line)
    purposes = {"copy": _("sent to BlueJet"), "archive": _("sent to be archived"), "close": _("sent to be closed"), "adopt": _("looked up")}
    if noted is None or noted["purpose"] not in purposes or noted["kind"] not in Kind.values:
        return line
    count = int(noted["fields"])
    size = [ngettext("%(count)d field", "%(count)d fields", count) % {"count": count}]
    if noted["lines"]:
        count = int(noted["lines"])
        size.append(ngettext("%(count)d line", "%(count)d lines", count) % {"count": count})
    return f"{Kind(noted['kind']).label} {noted['key']} – {purposes[noted['purpose']]}: {', '.join(size)}"


def _answered(line: str) -> str:
    noted = ANSWERED.fullmatch(line)
    results = {result: words.label for result, words in ATTEMPTS.items()} | {"not sent": _("not sent")}
    if noted is None or noted["result"] not in results or noted["kind"] not in Kind.values:
        return line
    known = _(", id %(id)s") % {"id": noted["id"]} if noted["id"] else ""
    return f"{Kind(noted['kind']).label} {noted['key']} – {results[noted['result']]}{known}"


def error_in_words(attempt: SyncAttempt) -> str:
    """Say what went wrong: findings by their codes in the reader's language, and what a client or an older version said as text."""
    found = [_finding(line) for line in attempt.error.splitlines()]
    if found and all(found):
        return "\n".join(dict.fromkeys(found))
    return trouble_in_words(attempt.error)


def _finding(line: str) -> str:
    try:
        stored = json.loads(line) if line.startswith("{") else {}
    except ValueError:
        return ""
    return Issue.from_json(stored).sentence() if stored.get("code") in TEXTS else ""
