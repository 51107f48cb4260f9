"""The words for jobs, events and attempts: one table says what is said of a record, and in which colour.

Green is only what BlueJet holds. `claim` is what a sentence says of BlueJet; a test holds it against the stand-in's store.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from shops.pages.badges import badge
from sync.admin.standing import Holding, Standing
from sync.models import SyncAttempt
from webhooks.models import WebhookEvent

Status = WebhookEvent.Status
Result = SyncAttempt.Result


class Claim(Enum):
    """What is said of BlueJet."""

    IN = "has it"
    NOT_YET = "does not have it yet"
    NOT_TO_BE = "is not to have it"
    UNKNOWN = "not known"
    NONE = "nothing is said"


class Words(NamedTuple):
    """A state in short, its colour, a sentence, and what both say of BlueJet."""

    label: Promise | str
    tone: str
    sentence: Promise | str
    claim: Claim = Claim.NONE

    def badge(self) -> SafeString:
        """Show the state."""
        return badge(self.label, self.tone)


JOBS: dict[Standing, Words] = {
    Standing.IN_BLUEJET: Words(_("in BlueJet"), "ok", _("BlueJet has this record as Shoptet gave it."), Claim.IN),
    Standing.DIFFERS: Words(_("in BlueJet"), "ok", _("BlueJet has this record; where it differs from Shoptet is said below."), Claim.IN),
    Standing.ARCHIVED: Words(_("archived"), "ok", _("Shoptet deleted this record, and BlueJet has it archived."), Claim.IN),
    Standing.KEPT: Words(_("kept"), "ok", _("Shoptet deleted this record; BlueJet kept it for another shop that has it."), Claim.IN),
    Standing.LOOKED: Words(_("read"), "quiet", _("The movements were read; the stock of each product is a job of its own.")),
    Standing.NOTHING_TO_DO: Words(_("nothing to do"), "quiet", _("There was nothing to do; BlueJet holds nothing of it."), Claim.NOT_TO_BE),
    Standing.LEFT: Words(
        _("left alone"), "quiet", _("It was left alone, with the reason below; the portal wrote nothing of it to BlueJet."), Claim.NOT_TO_BE
    ),
    Standing.UNSURE: Words(_("not known"), "act", _("The last write was not confirmed."), Claim.UNKNOWN),
    Standing.COMPUTED: Words(_("computed only"), "wait", _("It was computed and not written: this flow runs in shadow mode.")),
    Standing.HELD: Words(_("held"), "wait", _("It is held: it came while its flow was not live. Nothing is lost.")),
    Standing.NOT_LIVE: Words(_("flow not live"), "wait", _("Its flow was not live, so nothing was done; a pass over the flow brings it.")),
    Standing.RUNNING: Words(_("running"), "work", _("A worker is on it just now.")),
    Standing.QUEUED: Words(_("queued"), "wait", _("It is in the queue and its turn comes in a moment.")),
    Standing.WAITING: Words(_("waiting"), "wait", _("It goes on by itself in a moment.")),
    Standing.PARKED: Words(_("waits for you"), "act", _("It waits for you. What happened and what to do is below.")),
    Standing.FAILED: Words(_("failed"), "bad", _("The portal itself failed at it three times.")),
}
# With a time, where there is one to name.
LATER: dict[Standing, Promise] = {
    Standing.QUEUED: _("It is queued for %(time)s."),
    Standing.WAITING: _("It goes on by itself, at the latest %(time)s."),
}
# What a job that is not at its end says of BlueJet beside how it stands itself.
HOLDINGS: dict[Holding, tuple[Promise, Claim]] = {
    Holding.NOTHING: (_("The portal has not written this record to BlueJet yet."), Claim.NOT_YET),
    Holding.RECORD: (_("BlueJet has the record, but perhaps not yet as it should be."), Claim.IN),
    Holding.PART: (_("BlueJet has a part of it; what is missing is marked below."), Claim.IN),
    Holding.ARCHIVED: (_("BlueJet has the record archived."), Claim.IN),
    Holding.GONE: (_("BlueJet does not hold the record any more."), Claim.NOT_YET),
    Holding.UNKNOWN: (_("Whether BlueJet took it is not known; the portal looks there before it writes again."), Claim.UNKNOWN),
}
# Standings whose own sentence says all of BlueJet.
FINAL = frozenset(standing for standing, words in JOBS.items() if words.claim in (Claim.IN, Claim.NOT_TO_BE)) | {Standing.LOOKED}

# An event whose jobs are known says of them what they say of themselves; its own page says it about the event.
EVENTS: dict[Standing, Promise] = {
    Standing.IN_BLUEJET: _("BlueJet has what this event was about."),
    Standing.DIFFERS: _("BlueJet has what this event was about; what differs is said at the record."),
    Standing.ARCHIVED: _("What this event was about is archived in BlueJet."),
    Standing.KEPT: _("What this event was about stayed in BlueJet for another shop."),
    Standing.LOOKED: _("The movements were read; the stock of each product is a job of its own."),
    Standing.NOTHING_TO_DO: _("There was nothing to do for this event."),
    Standing.LEFT: _("What this event was about was left alone; the reason stands at the record."),
    Standing.UNSURE: _("A write was not confirmed; the portal looks in BlueJet before it writes again."),
    Standing.COMPUTED: _("What it asked for was computed and not written: the flow runs in shadow mode."),
    Standing.HELD: _("What it asked for is held: its flow was not live when it came."),
    Standing.NOT_LIVE: _("Its flow was not live, so nothing was done for it; a pass over the flow brings it."),
    Standing.RUNNING: _("A worker is on it just now."),
    Standing.QUEUED: _("What it asked for is in the queue."),
    Standing.WAITING: _("What it asked for waits and goes on by itself."),
    Standing.PARKED: _("A record that it is about waits for you; open it below."),
    Standing.FAILED: _("The portal itself failed at a record that it is about; open it below."),
}
# An event that asked for no job.
ALONE: dict[str, Words] = {
    Status.PENDING: Words(_("waits"), "wait", _("It has not been taken up yet.")),
    Status.PROCESSING: Words(_("being taken up"), "work", _("A worker takes it up just now.")),
    Status.COMPLETED: Words(_("noted"), "quiet", _("It asked for no job.")),
    Status.FAILED: Words(_("not taken up"), "bad", _("It could not be read or taken up.")),
    Status.IGNORED: Words(_("ignored"), "quiet", _("The portal did nothing about it.")),
}
# One try: what became of it then, whatever came later.
ATTEMPTS: dict[str, Words] = {
    Result.STARTED: Words(_("started"), "work", _("It has not come to its end.")),
    Result.CREATED: Words(_("created"), "ok", _("BlueJet confirmed the new record."), Claim.IN),
    Result.UPDATED: Words(_("updated"), "ok", _("BlueJet confirmed the change."), Claim.IN),
    Result.UNCHANGED: Words(_("unchanged"), "ok", _("BlueJet held it as it should be; nothing was written."), Claim.IN),
    Result.COMPUTED: Words(_("computed only"), "wait", _("It was computed and not written.")),
    Result.SKIPPED: Words(_("left alone"), "quiet", _("Nothing was written.")),
    Result.WAITING: Words(_("not finished"), "wait", _("It was put off and goes on by itself.")),
    Result.PARKED: Words(_("stopped"), "act", _("It stopped there until a person looks at it.")),
    Result.ERROR: Words(_("failed"), "bad", _("The portal itself failed.")),
}


# A part of a run is many records: what became of each is counted by the run.
PART = Words(_("gone through"), "quiet", _("This part of the run was gone through; what became of its records stands on the run's page."))


def words_of_attempt(attempt: SyncAttempt) -> Words:
    """Return what is said of one try; a result of a later version by its own name."""
    if attempt.chunk_id and attempt.result not in (Result.STARTED, Result.ERROR):
        return PART
    return ATTEMPTS.get(attempt.result, Words(attempt.result, "quiet", ""))
