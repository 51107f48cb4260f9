"""A right that the credentials lack: what needs it waits without asking again and again, everything else goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import translation

from clients.errors import PartnerMessage, RightMissing
from sandbox.bluejet.bodies import WriteObject
from sandbox.bluejet.refusals import Refusal
from sandbox.bluejet.transaction import Transaction
from sync import sweepers
from sync.breakers import PartnerBreaker
from sync.issues import Issue
from sync.models import Breaker, MissingRight, SyncJob
from sync.partners import shoptet_name
from sync.probes import probe, want_probe
from sync.right_words import right_in_words
from sync.rights import held_by
from tests.sync.happenings import CUSTOMERS, ORDERS, announce, bring, finished, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impatient")]
data_only = pytest.mark.parametrize("dialect", ["data"])
READ_AN_ORDER = "GET /api/orders/{code}"
UNNAMED = RightMissing("the credentials lack the right for this", partner="BlueJet", status=403, right="PUT contact")
NAMED = RightMissing(
    "the credentials lack the right for this",
    partner="Shoptet",
    status=403,
    right=READ_AN_ORDER,
    certain=True,
    messages=(PartnerMessage("invalid-token-no-rights", "Your access token has no defined rights for this resource."),),
)


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    bring(portal, "SPO01", "SPO02")
    return Holdings(portal)


def take_away(portal: Portal, match: str = "/api/orders/") -> None:
    portal.control("/faults", {"fault": "403", "match": match})


def give_back(portal: Portal) -> None:
    portal.control("/faults", method="DELETE")


def asked(portal: Portal) -> int:
    return int(portal.shoptet.gateway.stats.read()["endpoints"].get(READ_AN_ORDER, 0))


@data_only
def test_a_right_that_is_missing_costs_one_request_in_five_minutes_however_many_wait(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    codes = [place(portal, "SPO01") for _ in range(15)]
    take_away(portal)
    counts = []

    for _ in range(3):
        before = asked(portal)
        for _ in range(4):
            sweepers.sweep()
            portal.work(ORDERS)
            pass_time(80)
        counts.append(asked(portal) - before)

    assert counts == [1, 1, 1]
    assert {(portal.job(ORDERS, code).state, portal.job(ORDERS, code).tries) for code in codes} == {("waiting", 0)}
    assert not Breaker.objects.filter(opened_at__isnull=False).exists()


@data_only
def test_the_record_says_which_right_is_missing_and_what_to_do(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    take_away(portal)

    portal.work(ORDERS)

    (stored,) = portal.job(ORDERS, code).issues
    said = Issue.from_json(stored)
    assert said.sentence() == (
        "Shoptet lets the portal in, but does not let it read orders (GET /api/orders/{code}): "
        "Your access token has no defined rights for this resource."
    )
    with translation.override("cs"):
        assert said.sentence().startswith("Shoptet portál přihlásí, ale nedovolí mu číst objednávky")


@data_only
def test_everything_else_goes_on_meanwhile(portal: Portal, holds: Holdings) -> None:
    place(portal, "SPO01")
    take_away(portal)
    portal.work(ORDERS)
    guid = next(iter(portal.shoptet.state.customers))

    announce(portal, "customer:update", guid)
    portal.work(CUSTOMERS)

    job = portal.job(CUSTOMERS, guid)
    assert (job.done, job.blocked_by) == (job.wanted, "")


@data_only
def test_all_that_waited_goes_on_by_itself_once_the_right_is_there(portal: Portal, holds: Holdings, pass_time: PassTime) -> None:
    codes = [place(portal, "SPO01") for _ in range(5)]
    take_away(portal)
    portal.work(ORDERS)

    give_back(portal)
    pass_time(301)
    sweepers.sweep()
    portal.work()

    assert all(holds.document(code).lines for code in codes)
    assert not MissingRight.objects.exists()


@data_only
def test_a_new_token_that_works_has_every_right_tried_at_once(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    take_away(portal)
    portal.work(ORDERS)
    give_back(portal)

    want_probe(portal.shop)
    probe(shoptet_name(portal.shop))
    portal.work()

    assert holds.document(code).lines
    assert not MissingRight.objects.exists()


@data_only
def test_what_a_run_could_not_read_for_want_of_a_right_waits_as_jobs_and_the_run_ends(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    codes = [place(portal, "SPO01") for _ in range(3)]
    SyncJob.objects.filter(flow=ORDERS).delete()
    run = planned(portal, ORDERS)
    take_away(portal, f"/api/orders/({'|'.join(codes)})")

    finished(run)
    waiting = set(SyncJob.objects.filter(flow=ORDERS).values_list("state", "blocked_by"))
    give_back(portal)
    pass_time(301)
    sweepers.sweep()
    portal.work()

    assert run.state == "completed"
    assert waiting == {("waiting", held_by(shoptet_name(portal.shop), READ_AN_ORDER))}
    assert all(holds.document(code).lines for code in codes)


@data_only
def test_one_record_that_bluejet_keeps_from_us_holds_no_other(portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [place(portal, "SPO01") for _ in range(6)]
    kept, update = codes[2], Transaction.insert

    def insert(self: Transaction, item: WriteObject) -> str:
        if f"shoptet:{kept}" in item.columns.values():
            raise Refusal("Na tento záznam nemáte právo.", 403)
        return update(self, item)

    monkeypatch.setattr(Transaction, "insert", insert)
    portal.work(ORDERS)

    states = {code: portal.job(ORDERS, code).state for code in codes}
    assert states == dict.fromkeys(codes, "done") | {kept: "waiting"}
    assert not MissingRight.objects.filter(held_until__isnull=False).exists()


def test_what_the_partner_does_not_name_is_held_after_some_refusals_in_a_row(db: None) -> None:
    held = []
    for _ in range(3):
        PartnerBreaker("bluejet:1", label="BlueJet").lacks(UNNAMED)
        held.append(is_held("bluejet:1", "PUT contact"))

    assert held == [False, False, True]
    assert not is_held("bluejet:1", "GET contact")


def test_what_the_partner_names_is_held_at_once(db: None) -> None:
    PartnerBreaker("shoptet:1", label="Shoptet").lacks(NAMED)

    assert is_held("shoptet:1", READ_AN_ORDER)
    assert not is_held("shoptet:2", READ_AN_ORDER)


def is_held(partner: str, right: str) -> bool:
    try:
        PartnerBreaker(partner, label="Shoptet").check(right)
    except RightMissing:
        return True
    return False


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("GET /api/orders/{code}", "read orders (GET /api/orders/{code})"),
        ("PATCH /api/products/{guid}", "write products (PATCH /api/products/{guid})"),
        ("GET order_line", "read lines of orders (GET order_line)"),
        ("DELETE contact", "write contacts (DELETE contact)"),
        ("GET something", "GET something"),
    ],
)
def test_a_right_is_said_in_words(right: str, words: str) -> None:
    assert right_in_words(right) == words
