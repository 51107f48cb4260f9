"""What the first page says of the partners: who refuses the credentials, which rights are missing, and what the last check found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_celery_beat.models import PeriodicTask

from shops.models import BlueJetAccount, Shop
from shops.pages.moments import in_words
from sync.admin.addresses import credentials_page, list_of_jobs
from sync.admin.sentences import name_of_partner
from sync.breakers import REFUSING
from sync.issues import Issue
from sync.models import Breaker, MissingRight, PartnerCheck, SyncJob, SyncRun
from sync.partner_words import trouble_in_short
from sync.partners import bluejet_name, shoptet_name
from sync.probes import shops_of
from sync.right_words import right_in_words
from sync.rights import held_by

MOST = 1000
CHECK = "maintenance.health_check"
USUAL_INTERVAL = timedelta(hours=1)
# What nobody was refused for so long is not asked for any more.
FORGOTTEN_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Alarm:
    """One partner's trouble: what happened, how much waits for it, what to do, and where."""

    sentence: str
    waiting: str
    remedy: str
    address: str
    jobs: str


@dataclass(frozen=True)
class Health:
    """What the last check found: a sentence, what was wrong by partner, and whether the check itself does not run."""

    sentence: str
    wrong: list[str]
    is_alarm: bool
    address: str = ""


def partner_alarms() -> dict[str, Any]:
    """Return what the first page shows of the partners."""
    shops = list(Shop.objects.filter(active=True).select_related("bluejet")[:MOST])
    return {"refused": refused(), "rights": missing_rights(), "health": health(shops) if shops else None}


def refused() -> list[Alarm]:
    """Say of each partner that refuses the credentials since when, what waits, and where others are written."""
    return [_refused(breaker) for breaker in Breaker.objects.filter(**REFUSING) if shops_of(breaker.partner).exists()]


def _refused(breaker: Breaker) -> Alarm:
    facts = {"partner": name_of_partner(breaker.partner), "since": in_words(breaker.opened_at or timezone.now())}
    sentence = _("%(partner)s has refused the portal's credentials since %(since)s, so nothing can be read or written there.") % facts
    return Alarm(
        sentence,
        _waiting(_records_waiting(breaker.partner)),
        _remedy(breaker),
        credentials_page(breaker.partner),
        list_of_jobs(state__exact=SyncJob.State.WAITING),
    )


def _remedy(breaker: Breaker) -> str:
    what = {
        "shoptet": _("Copy a valid API token from Shoptet's administration (Connections → API) and save it on the shop's page."),
        "bluejet": _("Have BlueJet's administrator check the portal's user and its token, and save both on the account's page."),
    }
    told = trouble_in_short(breaker.error)
    sentences = (
        what[breaker.partner.partition(":")[0]],
        _("They are tried as soon as you save them, and every five minutes; then everything goes on by itself."),
        _("The partner's answer: %(told)s") % {"told": told} if told else "",
    )
    return " ".join(filter(None, sentences))


def _records_waiting(partner: str) -> int:
    """Count what waits: jobs, as far as they are worth counting, and what runs have not come to yet."""
    mine = SyncJob.objects.filter(shop__in=shops_of(partner))
    held = Q(state=SyncJob.State.WAITING, blocked_by=partner) | Q(state=SyncJob.State.QUEUED)
    jobs = mine.filter(held).order_by()[: MOST + 1].count()
    runs = SyncRun.objects.filter(shop__in=shops_of(partner), state=SyncRun.State.RUNNING, expected__gt=F("read"))
    return jobs + int(runs.aggregate(left=Sum(F("expected") - F("read")))["left"] or 0)


def _waiting(count: int) -> str:
    return f"{MOST:n}+" if count > MOST else str(count)


def missing_rights() -> list[Alarm]:
    """Say which rights are missing while the partner answers otherwise."""
    rows = MissingRight.objects.filter(refused_at__gte=timezone.now() - FORGOTTEN_AFTER)[:20]
    return [_missing(row) for row in rows]


def _missing(row: MissingRight) -> Alarm:
    facts = {"partner": name_of_partner(row.partner), "right": right_in_words(row.right), "since": in_words(row.since)}
    held = SyncJob.objects.filter(blocked_by=held_by(row.partner, row.right)).order_by()[: MOST + 1].count()
    what = {
        "shoptet": _("Add this group to the token in Shoptet's administration (Connections → API)."),
        "bluejet": _("Have BlueJet's administrator give this right to the portal's user."),
    }
    told = _("The partner's answer: %(told)s") % {"told": row.message} if row.message else ""
    sentences = (
        what[row.partner.partition(":")[0]],
        _("Then it goes on by itself within a few minutes; everything else goes on now."),
        told,
    )
    return Alarm(
        _("%(partner)s lets the portal in, but does not let it %(right)s. The right has been missing since %(since)s.") % facts,
        _waiting(held) if held else "",
        " ".join(filter(None, sentences)),
        credentials_page(row.partner),
        list_of_jobs(state__exact=SyncJob.State.WAITING),
    )


def health(shops: list[Shop]) -> Health:
    """Say when the partners were last asked how they are, and what was wrong; red where nobody has asked for too long."""
    names = {shoptet_name(shop) for shop in shops} | {bluejet_name(shop.bluejet) for shop in shops}
    checks = list(PartnerCheck.objects.filter(partner__in=names))
    oldest = min((check.checked_at for check in checks), default=None)
    task = PeriodicTask.objects.filter(task=CHECK, enabled=True).select_related("interval").first()
    if (oldest or _due_since(shops, task)) < timezone.now() - 2 * _interval(task):
        return _not_running(oldest)
    if oldest is None:
        return Health(_("The partners have not been checked yet; that is done every hour."), [], False)
    known = set(Breaker.objects.filter(opened_at__isnull=False).values_list("partner", flat=True))
    wrong = [_wrong(check) for check in checks if check.issue and check.partner not in known]
    sentence = _("The partners were last checked at %(time)s: not all of them answer as they should.")
    if not wrong and not known & names:
        sentence = _("The partners were last checked at %(time)s: all of them answer.")
    return Health(sentence % {"time": in_words(oldest)}, wrong, False)


def _wrong(check: PartnerCheck) -> str:
    issue, name = Issue.from_json(check.issue or {}), name_of_partner(check.partner)
    said = issue.sentence().rstrip(".")
    return f"{said if said.startswith(name) else f'{name}: {said}'}. {issue.remedy()}"


def _not_running(last: datetime | None) -> Health:
    never = _("The partners have never been checked, although that is due every hour.")
    said = (
        _("The partners have not been checked since %(time)s, although that is due every hour.") % {"time": in_words(last)}
        if last
        else never
    )
    todo = _("See that beat and the workers run, and that the schedule “11_Health_Check” is switched on.")
    return Health(f"{said} {todo}", [], True, reverse("admin:django_celery_beat_periodictask_changelist"))


def _interval(task: PeriodicTask | None) -> timedelta:
    """Return how often staff have the partners checked."""
    return max(USUAL_INTERVAL, task.interval.schedule.run_every) if task and task.interval else USUAL_INTERVAL


def _due_since(shops: list[Shop], task: PeriodicTask | None) -> datetime:
    """Return from when on a check is owed where none was kept: checks that ran before this version kept nothing."""
    first = min(shop.created_at for shop in shops)
    return max(first, task.last_run_at) if task and task.last_run_at else first


def credentials_state(owner: Shop | BlueJetAccount, *, may_change: bool) -> dict[str, Any]:
    """Return what is known of an owner's credentials, for the page where they are written."""
    partner = shoptet_name(owner) if isinstance(owner, Shop) else bluejet_name(owner)
    breaker = Breaker.objects.filter(partner=partner).first()
    check = PartnerCheck.objects.filter(partner=partner).first()
    return {
        "is_tried": bool(breaker and may_change and (breaker.probe_wanted or _is_probed(breaker))),
        "refused": _refused(breaker) if breaker and breaker.refuses_us else None,
        "wrong": _wrong(check) if check and check.issue else "",
        "checked_at": check.checked_at if check else None,
    }


def _is_probed(breaker: Breaker) -> bool:
    return breaker.probing_until is not None and breaker.probing_until > timezone.now()
