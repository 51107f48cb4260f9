"""What a job, a run or a partner's state means, in whole sentences."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shops.models import BlueJetAccount, FlowName, Shop
from shops.pages.badges import badge, state_badge
from shops.pages.moments import in_words
from sync.admin.standing import Standing
from sync.flows.product.flow import CODE
from sync.flows.stock import MOVEMENTS
from sync.issue_texts import TEXTS
from sync.issues import Issue
from sync.jobs.held import INACTIVE
from sync.models import Breaker, SyncJob, SyncRun
from sync.partner_words import IN_MAINTENANCE
from sync.partners import label_of
from sync.rights import MARK
from sync.unread import LEFT_OUT, TOLD_ONCE
from webhooks.event_names import NAMES, event_name

State = SyncJob.State
SOON = timedelta(seconds=90)
# What became of a difference that is none any more.
GONE_OVER = frozenset({"lost", "restored"})
MENDED = frozenset({"update_resets", "order_number_reused"})


def findings(job: SyncJob) -> list[Issue]:
    """Return the job's issues, errors first; a code that this version does not know is left out."""
    known = [Issue.from_json(stored) for stored in job.issues if stored.get("code") in TEXTS]
    return sorted(known, key=lambda issue: not issue.is_error)


def job_badge(job: SyncJob, standing: Standing) -> SafeString:
    """Show a job's state; green only where BlueJet has the record."""
    if job.state != State.DONE or standing is Standing.IN_BLUEJET:
        return state_badge(job)
    words = {
        Standing.COMPUTED: badge(_("computed only"), "wait"),
        Standing.ARCHIVED: badge(_("archived"), "ok"),
        Standing.NOWHERE: badge(_("left alone"), "quiet"),
    }
    return words[standing]


def describe_job(job: SyncJob, standing: Standing) -> str:
    """Say how the job stands."""
    if job.state == State.DONE:
        return _describe_done(job, standing)
    if job.state == State.RUNNING:
        return _("A worker is on it just now.")
    if job.state == State.HELD:
        return _("It is held: it came while its flow was not live. BlueJet does not have this change yet, and nothing is lost.")
    if job.state == State.PARKED:
        return _("It waits for you. What happened and what to do is below; BlueJet does not have this change yet.")
    if job.state == State.FAILED:
        return _("The portal itself failed at it three times. BlueJet does not have this change yet.")
    when = "" if job.next_try_at <= timezone.now() + SOON else in_words(job.next_try_at)
    if job.state == State.WAITING and (sentence := _waits_for_access(job)):
        return sentence
    if job.state == State.QUEUED:
        return _("It is queued for %(time)s.") % {"time": when} if when else _("It is in the queue and its turn comes in a moment.")
    if when:
        return _("It goes on by itself, at the latest %(time)s.") % {"time": when}
    return _("It goes on by itself in a moment.")


def _waits_for_access(job: SyncJob) -> str:
    """Say that the job waits until somebody gives the portal what a partner does not let it in without."""
    awaited = {
        "credentials_refused": _("It waits for credentials that work, and goes on by itself once they are saved."),
        "right_missing": _("It waits for the right that is missing, and goes on by itself once it is there."),
    }
    return next((awaited[issue["code"]] for issue in job.issues if issue.get("code") in awaited), "")


def _describe_done(job: SyncJob, standing: Standing) -> str:
    if standing is Standing.COMPUTED:
        return _("It was computed and not written: this flow runs in shadow mode.")
    if standing is Standing.ARCHIVED:
        return _("Shoptet deleted this record, and BlueJet has it archived.")
    if standing is Standing.IN_BLUEJET and _differs(job):
        return _("BlueJet has this record; where it differs from Shoptet is said below.")
    if standing is Standing.IN_BLUEJET:
        return _("BlueJet has this record as Shoptet gave it.")
    if job.issues:
        return _("It was left alone, with the reason below; BlueJet was not touched.")
    return _("There was nothing to do; BlueJet holds nothing of it.")


def _differs(job: SyncJob) -> bool:
    """Whether something was left out, or stays as the office made it; what was written over does not differ any more."""
    codes = (LEFT_OUT | TOLD_ONCE) - MENDED
    return any(issue.get("code") in codes and issue.get("params", {}).get("done") not in GONE_OVER for issue in job.issues)


def reason_of(job: SyncJob) -> str:
    """Say in one sentence why the job is not done; empty where there is nothing to say."""
    issues = findings(job)
    if not issues or (job.state == State.DONE and not issues[0].is_error):
        return ""
    return issues[0].sentence()


def describe_breaker(breaker: Breaker) -> str:
    """Say whether the partner answers."""
    name = name_of_partner(breaker.partner)
    if breaker.opened_at and breaker.refuses_us:
        said = _("%(partner)s has refused the portal's credentials since %(time)s.")
        return said % {"partner": name, "time": in_words(breaker.opened_at)}
    if breaker.opened_at and IN_MAINTENANCE in breaker.error:
        again = in_words(breaker.next_probe_at) if breaker.next_probe_at else "–"
        return _("%(partner)s says that it is being maintained, since %(time)s; it is asked again at %(again)s.") % {
            "partner": name,
            "time": in_words(breaker.opened_at),
            "again": again,
        }
    if breaker.opened_at:
        return _("%(partner)s has not answered since %(time)s.") % {"partner": name, "time": in_words(breaker.opened_at)}
    if breaker.failures:
        return _("%(partner)s did not answer the last time; it is asked again.") % {"partner": name}
    return _("%(partner)s answers.") % {"partner": name}


def name_of_partner(partner: str) -> str:
    """Return the partner's name for people: `shoptet:1` is the Shoptet of the first shop."""
    if partner == INACTIVE:
        return _("the shop, which is switched off")
    side, _colon, key = partner.partition(MARK)[0].partition(":")
    owner: Shop | BlueJetAccount | None = None
    if key.isdecimal():
        owner = Shop.objects.filter(pk=key).first() if side == "shoptet" else BlueJetAccount.objects.filter(pk=key).first()
    label = label_of(partner)
    if MARK in partner:
        label = _("%(partner)s, a missing right") % {"partner": label}
    return f"{label} ({owner})" if owner and owner.name != label else label


def describe_run(run: SyncRun) -> str:
    """Say how the run stands."""
    if run.state == SyncRun.State.COMPLETED and run.unreadable:
        said = _("Every record that Shoptet named has been looked at; %(count)s rows of its list could not be read.")
        return said % {"count": run.unreadable}
    sentences = {
        SyncRun.State.PLANNING: _("It finds out which records to look at."),
        SyncRun.State.RUNNING: _("It is under way; this page keeps itself up to date."),
        SyncRun.State.COMPLETED: _("Every record has been looked at."),
        SyncRun.State.CANCELLED: _("It was cancelled. What was written until then stays; the next run goes on from there."),
        SyncRun.State.FAILED: _("It did not come to its end. What was written stays; the next run looks at everything that is missing."),
    }
    return sentences[SyncRun.State(run.state)]


def record_name(flow: str, key: str) -> str:
    """Return what a job is about, for a heading: the flow's entity and the key."""
    entities = {
        FlowName.PRODUCT_TO_BLUEJET: _("Product"),
        FlowName.STOCK_TO_BLUEJET: _("Stock"),
        FlowName.CUSTOMER_TO_BLUEJET: _("Customer"),
        FlowName.ORDER_TO_BLUEJET: _("Order"),
    }
    if flow == FlowName.STOCK_TO_BLUEJET and key.startswith(MOVEMENTS):
        return _("Movements on stock %(stock)s") % {"stock": key.removeprefix(MOVEMENTS)}
    shown = key.removeprefix(CODE) if flow == FlowName.PRODUCT_TO_BLUEJET else key
    return f"{entities.get(FlowName(flow), flow) if flow in FlowName.values else flow} {shown}"


def asker_in_words(asker: str) -> str:
    """Say who asked for a job or started a run; an event goes by its name for people."""
    known = {
        "schedule": _("the schedule"),
        "shell": _("a command"),
        "catch-up": _("catch-up"),
        "order lines": _("an order with this product"),
    }
    first, space, rest = asker.partition(" ")
    return f"{event_name(first)}{space}{rest}" if first in NAMES else known.get(asker, asker)
