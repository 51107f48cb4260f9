"""An attempt's short notes in the reader's language; a line of another form is shown as it was noted."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sync.models import Kind, SyncAttempt

SENT = re.compile(r"(?P<purpose>\w+) (?P<kind>\w+) (?P<key>.+): (?P<fields>\d+) fields(?:, (?P<lines>\d+) lines)?")
CHUNK = re.compile(r"(?P<count>\d+) records")
ANSWERED = re.compile(r"(?P<kind>\w+) (?P<key>.+): (?P<result>not sent|[a-z]+)(?: as (?P<id>\S+))?")


def sent_in_words(text: str) -> str:
    """Say what went to BlueJet: one record a line."""
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
    purposes = {"copy": _("written to BlueJet"), "archive": _("archived"), "close": _("closed"), "adopt": _("looked up")}
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
    results = dict(SyncAttempt.Result.choices) | {"not sent": _("not sent")}
    if noted is None or noted["result"] not in results or noted["kind"] not in Kind.values:
        return line
    known = _(", id %(id)s") % {"id": noted["id"]} if noted["id"] else ""
    return f"{Kind(noted['kind']).label} {noted['key']} – {results[noted['result']]}{known}"
