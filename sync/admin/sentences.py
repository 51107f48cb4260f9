"""What a job, a run or a partner's state means, in whole sentences."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shops.models import BlueJetAccount, FlowName, Shop
from shops.pages.moments import in_words
from sync.admin.standing import NOT_LIVE_CODES, Position, has_code
from sync.admin.vocabulary import FINAL, HOLDINGS, JOBS, LATER
from sync.flows.product.flow import CODE
from sync.flows.stock import MOVEMENTS
from sync.issue_texts import TEXTS
from sync.issues import Issue
from sync.jobs.held import INACTIVE
from sync.models import Breaker, SyncJob, SyncRun
from sync.partner_words import IN_MAINTENANCE
from sync.partners import label_of
from sync.rights import MARK
from webhooks.event_names import NAMES, event_name

State = SyncJob.State
# Why a job is at its end although nothing was written, where that is no error.
LEFT_WITH_A_REASON = (*NOT_LIVE_CODES, "held_closed")
SOON = timedelta(seconds=90)


def findings(job: SyncJob) -> list[Issue]:
    """Return the job's issues, each sentence once, errors first; a code that this version does not know is left out."""
    known = [Issue.from_json(stored) for stored in job.issues if stored.get("code") in TEXTS]
    once: dict[tuple[str, str], Issue] = {}
    for issue in sorted(known, key=lambda issue: not issue.is_error):
        once.setdefault((issue.sentence(), issue.remedy()), issue)
    return list(once.values())


def job_badge(job: SyncJob, position: Position) -> SafeString:
    """Show how a job stands; green only where BlueJet has the record."""
    return JOBS[position.standing].badge()


def describe_job(job: SyncJob, position: Position) -> str:
    """Say how the job stands, and what BlueJet holds where that is not said with it."""
    standing = position.standing
    own = str(JOBS[standing].sentence)
    if awaited := _waits_for_access(job):
        own = awaited
    elif standing in LATER and job.next_try_at > timezone.now() + SOON:
        own = str(LATER[standing]) % {"time": in_words(job.next_try_at)}
    return own if standing in FINAL else f"{own} {HOLDINGS[position.holding][0]}"


def _waits_for_access(job: SyncJob) -> str:
    """Say that the job waits until somebody gives the portal what a partner does not let it in without."""
    awaited = {
        "credentials_refused": _("It waits for credentials that work, and goes on by itself once they are saved."),
        "right_missing": _("It waits for the right that is missing, and goes on by itself once it is there."),
    }
    codes = [issue.get("code") for issue in job.issues] if job.state == State.WAITING else []
    return next((awaited[code] for code in codes if code in awaited), "")


def reason_of(job: SyncJob) -> str:
    """Say in one sentence why the job is not done; empty where there is nothing to say."""
    issues = findings(job)
    if not issues or (job.state == State.DONE and not issues[0].is_error and not has_code(job, LEFT_WITH_A_REASON)):
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
    if run.state == SyncRun.State.COMPLETED and run.dry_run:
        return _("Every record has been looked at and nothing was written: it was a dry run. The figures say what would be done.")
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
