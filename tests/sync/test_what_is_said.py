"""What the pages say of a record is what BlueJet's stand-in holds of it, in every way in which it may stand, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from sync.admin.job_page import links_of
from sync.admin.sentences import findings
from sync.admin.vocabulary import ALONE, ATTEMPTS, EVENTS, HOLDINGS, JOBS, Claim
from sync.models import EventJob, RecordLink, SyncAttempt, SyncJob
from tests.admin.rows import make_user
from tests.sync.happenings import PRODUCTS, announce, guid_of
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal
from tests.sync.situations import SITUATIONS, Situation

pytestmark = pytest.mark.usefixtures("impatient", "pass_time")
# What differs between the dialects is how BlueJet is asked and refuses; how the portal says it does not.
IN_BOTH = ("created", "update_refused", "answer_lost", "order_refused", "gone_in_bluejet")
CASES = [("data", name) for name in SITUATIONS] + [("rest", name) for name in IN_BOTH]
BADGE = re.compile(r'<span class="badge badge-(\w+)">([^<]*)</span>')
# Whatever else a page says of BlueJet's holdings has to be a word of the table, too.
OF_BLUEJET = {"en": re.compile(r"BlueJet (?:has|holds|does not|had)\b"), "cs": re.compile(r"BlueJet(?:u)? (?:má|nemá|drží|nedrží)\b")}
MAIN = re.compile(r'<div id="content".*', re.DOTALL)


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.dispatch._send", lambda task, args, **options: True)


@dataclass(frozen=True)
class Read:
    """One page as a person reads it: its text, and its badges as colour and label."""

    text: str
    badges: list[tuple[str, str]]

    def claims(self, sentences: Iterable[tuple[object, Claim]]) -> set[Claim]:
        """Return what the page says of BlueJet by these sentences."""
        return {claim for sentence, claim in sentences if claim is not Claim.NONE and str(sentence) in self.text}


def _read(html: str) -> Read:
    part = MAIN.search(html)
    main = part[0] if part else html
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
    return Read(text, BADGE.findall(main))


def _page(client: Client, language: str, address: str) -> Read:
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200, address
    return _read(answer.content.decode())


def _row(client: Client, language: str, model: str, pk: int, query: str = "") -> Read | None:
    """Return the record's row in a list; None where it is not listed."""
    client.cookies["django_language"] = language
    html = client.get(reverse(f"admin:{model}_changelist") + query).content.decode()
    rows = [row for row in html.split("<tr") if reverse(f"admin:{model}_change", args=[pk]) in row]
    return _read(rows[0]) if rows else None


OF_JOBS = [(words.sentence, words.claim) for words in JOBS.values()] + list(HOLDINGS.values())


@pytest.mark.parametrize(("dialect", "name"), CASES)
def test_every_page_says_of_a_record_what_bluejet_holds_of_it(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, no_broker: None, name: str
) -> None:
    situation = SITUATIONS[name]((portal, Holdings(portal), monkeypatch))
    reader = Client()
    reader.force_login(make_user("jana"))

    for language in OF_BLUEJET:
        with override(language):
            _check_job(reader, language, situation)
            _check_event(reader, language, situation)
            _check_attempt(reader, language, situation)
            _check_links(reader, language, situation)
            _check_front_page(reader, language, situation)


def _check_job(reader: Client, language: str, situation: Situation) -> None:
    job = situation.job
    page = _page(reader, language, reverse("admin:sync_syncjob_change", args=[job.pk]))
    row = _row(reader, language, "sync_syncjob", job.pk)
    is_listed = _row(reader, language, "sync_syncjob", job.pk, "?question=open") is not None

    assert row is not None
    assert row.badges[0] == page.badges[0]
    _agrees(page.claims(OF_JOBS), situation)
    assert page.badges[0][0] != "ok" or situation.is_right
    assert is_listed == (situation.is_to_be and not situation.is_right)
    assert [page.text.count(issue.sentence()) for issue in findings(job)] == [1] * len(findings(job))
    assert _unknown_sentences(page, language, job) == []


def _agrees(claims: set[Claim], situation: Situation) -> None:
    """A page says one thing of BlueJet, and that is so; what nobody knows it says of an answer that was lost."""
    assert len(claims) == 1, claims
    (claim,) = claims
    if claim is Claim.UNKNOWN:
        assert RecordLink.objects.filter(settle_until__isnull=False).exists()
        return
    assert (claim is Claim.IN) == situation.is_there
    assert (claim is Claim.NOT_TO_BE) == (not situation.is_to_be)


def _unknown_sentences(page: Read, language: str, job: SyncJob) -> list[str]:
    """Return what the page says of BlueJet's holdings in other words than those of the table and of the findings."""
    text = page.text
    words = [sentence for sentence, _claim in OF_JOBS] + [words.sentence for words in ATTEMPTS.values()] + list(EVENTS.values())
    found = [said for issue in findings(job) for said in (issue.sentence(), issue.remedy())]
    for sentence in sorted([*map(str, words), *found], key=len, reverse=True):
        text = text.replace(sentence, "")
    return [text[found.start() - 60 : found.end() + 60] for found in OF_BLUEJET[language].finditer(text)]


def _check_event(reader: Client, language: str, situation: Situation) -> None:
    """The last event says what the job says, in its colour and its word."""
    event = EventJob.objects.filter(job=situation.job).latest("pk").event
    page = _page(reader, language, reverse("admin:webhooks_webhookevent_change", args=[event.pk]))
    row = _row(reader, language, "webhooks_webhookevent", event.pk)
    job = _row(reader, language, "sync_syncjob", situation.job.pk)

    assert row is not None
    assert job is not None
    assert page.badges[0] == row.badges[0] == job.badges[0]
    assert row.badges[0][1] not in {str(words.label) for words in ALONE.values()}
    assert max((page.text.count(issue.sentence()) for issue in findings(situation.job)), default=0) <= 1
    is_stopped = situation.job.state in (SyncJob.State.PARKED, SyncJob.State.FAILED)
    assert (_row(reader, language, "webhooks_webhookevent", event.pk, "?question=attention") is not None) == is_stopped
    sentences = [str(sentence) for sentence in EVENTS.values() if str(sentence) in page.text]
    assert len(sentences) == 1


def _check_attempt(reader: Client, language: str, situation: Situation) -> None:
    """The last try says that BlueJet took something only where it is there."""
    attempt = SyncAttempt.objects.filter(job=situation.job).order_by("pk").last()
    if attempt is None:
        return
    page = _page(reader, language, reverse("admin:sync_syncattempt_change", args=[attempt.pk]))
    row = _row(reader, language, "sync_syncattempt", attempt.pk)
    claims = page.claims((words.sentence, words.claim) for words in ATTEMPTS.values())

    assert row is not None
    assert row.badges[0] == page.badges[0]
    assert Claim.IN not in claims or situation.is_there
    assert page.badges[0][0] != "ok" or situation.is_there


def _check_links(reader: Client, language: str, situation: Situation) -> None:
    """A pair of ids is green only where BlueJet has the record of that id."""
    for link in links_of(situation.job):
        page = _page(reader, language, reverse("admin:sync_recordlink_change", args=[link.pk]))
        row = _row(reader, language, "sync_recordlink", link.pk)
        assert row is not None
        assert row.badges[0] == page.badges[0]
        assert page.badges[0][0] != "ok" or situation.is_there


def _check_front_page(reader: Client, language: str, situation: Situation) -> None:
    """What stands still for a person is counted and said there, what does not is not."""
    front = _page(reader, language, reverse("admin:index"))
    job = situation.job
    is_stopped = job.state in (SyncJob.State.PARKED, SyncJob.State.FAILED)
    said = [issue.sentence() in front.text or str(issue.params.get("label", "\0")) in front.text for issue in findings(job)[:1]]

    assert (any(said)) == is_stopped


@pytest.mark.parametrize("dialect", ["data"])
def test_different_refusals_are_different_lines_of_the_front_page_and_lead_to_their_own_records(
    portal: Portal, no_broker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Client()
    reader.force_login(make_user("jana"))
    for status, codes in (("400", ("SPO01", "SPO02")), ("422", ("SPO03",))):
        portal.bluejet.fault(status, method="POST", match="/api/v1/data")
        for code in codes:
            announce(portal, "product:update", guid_of(portal, code))
        portal.work(PRODUCTS, rounds=1)
        portal.bluejet.faults.switch_off()

    html = reader.get(reverse("admin:index")).content.decode()
    links = dict.fromkeys(unescape(address) for address in re.findall(r'class="count" href="([^"]*reason=refused[^"]*)"', html))
    listed = [reader.get(address).content.decode().count('name="_selected_action"') for address in links]

    assert listed == [2, 1]
