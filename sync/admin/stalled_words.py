"""What the first page says of work that stands still: since when, which process is missing, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.pages.moments import in_words
from shops.work_signs import BEAT, BULK, INBOX, REALTIME
from sync.stalled import SCHEDULE_OFF, SWEEPING, Stalled, stalled


@dataclass(frozen=True)
class StalledNote:
    """A red sentence of the first page, what to do about it, and where."""

    sentence: str
    remedy: str
    address: str = ""


SENTENCES: dict[str, Promise] = {
    INBOX: gettext_lazy("What Shoptet announces has not been taken up since %(time)s: the portal's worker “inbox” is not working."),
    REALTIME: gettext_lazy("Records that could go on have been waiting since %(time)s: the portal's worker “realtime” is not working."),
    BULK: gettext_lazy("A run that could go on has stood still since %(time)s: the portal's worker “bulk” is not working."),
    SWEEPING: gettext_lazy("What was left lying was last looked for at %(time)s: the portal's worker “inbox” is not working."),
    BEAT: gettext_lazy(
        "The portal's clock last gave a sign at %(time)s: “beat” is not working, so no run begins and nothing is caught up with."
    ),
    SCHEDULE_OFF: gettext_lazy("The schedule %(name)s is switched off: what was left lying since %(time)s is not looked for."),
}
WORKER = "celery --app integration_portal worker --queues %s"
COMMANDS = {BEAT: "celery --app integration_portal beat", SWEEPING: WORKER % INBOX}


def stalled_notes() -> list[StalledNote]:
    """Return what the first page has to say in red; empty where everything moves."""
    return [_note(one) for one in stalled()]


def _note(one: Stalled) -> StalledNote:
    sentence = str(SENTENCES[one.what]) % {"time": in_words(one.since), "name": one.name}
    if one.what == SCHEDULE_OFF:
        remedy = _("Switch it on again. Nothing is lost: everything goes on by itself then.")
        return StalledNote(sentence, remedy, reverse("admin:django_celery_beat_periodictask_changelist"))
    command = COMMANDS.get(one.what, WORKER % one.what)
    remedy = _("Call your technician: the process has to be started (%(command)s). Nothing is lost: everything goes on by itself then.")
    return StalledNote(sentence, remedy % {"command": command})
