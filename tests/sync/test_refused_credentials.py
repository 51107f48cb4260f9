"""Credentials that a partner refuses: one alarm for all workers, one look every few minutes, and everything goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
import responses
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from clients.errors import CredentialsHeld, CredentialsRefused, PartnerError, Throttled
from shops.clients import bluejet_client, shoptet_client
from shops.connection import CheckResult
from shops.models import BlueJetAccount, Shop
from sync import probes, sweepers
from sync.breakers import PartnerBreaker, close_for_credentials, held_seconds, open_for_credentials
from sync.checks import check_partners
from sync.models import Breaker, PartnerCheck, SyncJob
from sync.partners import bluejet_breaker, bluejet_name, shoptet_breaker, shoptet_name
from sync.probes import enqueue_probes, probe, want_probe
from sync.runs import plan_run, start_run
from tests.sync.happenings import ORDERS, PRODUCTS, bring, finished, issues_of, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impatient")]
data_only = pytest.mark.parametrize("dialect", ["data"])
OTHER_TOKEN = "222651-p-40113-made-anew"


class Side:
    """One partner, whose credentials somebody changes without a word; and who puts them right in the portal."""

    def __init__(self, portal: Portal, name: str) -> None:
        self.portal, self.name = portal, name
        self.partner = shoptet_name(portal.shop) if name == "shoptet" else bluejet_name(portal.shop.bluejet)

    def rotate(self) -> None:
        if self.name == "shoptet":
            self.portal.control("/token", {"token": OTHER_TOKEN})
        else:
            self.portal.bluejet.options.turn({"token_hash": OTHER_TOKEN})
            self.portal.bluejet.sessions.expire_all()

    def put_right(self) -> None:
        if self.name == "shoptet":
            Shop.objects.update(api_token=OTHER_TOKEN)
        else:
            BlueJetAccount.objects.update(token_hash=OTHER_TOKEN)

    def asked(self) -> int:
        """Return how many requests the partner has seen."""
        if self.name == "shoptet":
            return int(self.portal.shoptet.gateway.stats.requests)
        return sum(self.portal.bluejet.stats.requests.values())

    def breaker(self) -> Breaker:
        return Breaker.objects.get(partner=self.partner)


@pytest.fixture
def holds(portal: Portal, pass_time: PassTime) -> Holdings:
    bring(portal, "SPO01")
    return Holdings(portal)


@pytest.fixture(params=["shoptet", "bluejet"])
def side(portal: Portal, request: pytest.FixtureRequest) -> Side:
    """Return either partner."""
    return Side(portal, request.param)


def test_many_due_jobs_cost_a_handful_of_requests_and_not_one_more_until_a_probe(
    portal: Portal, holds: Holdings, side: Side, pass_time: PassTime
) -> None:
    codes = [place(portal, "SPO01") for _ in range(30)]
    side.rotate()
    before = side.asked()

    for _ in range(5):
        portal.work(ORDERS)
        pass_time(50)
    jobs = SyncJob.objects.filter(flow=ORDERS)

    assert side.asked() - before <= 5
    assert set(jobs.values_list("tries", flat=True)) == {0}
    assert not jobs.exclude(state__in=["waiting", "queued"]).exists()
    assert (side.breaker().refuses_us, side.breaker().partner) == (True, side.partner)
    assert Breaker.objects.filter(opened_at__isnull=False).count() == 1
    assert {issue for code in codes for issue in issues_of(portal.job(ORDERS, code))} == {"credentials_refused"}


def test_a_probe_that_goes_well_wakes_everything(portal: Portal, holds: Holdings, side: Side, pass_time: PassTime) -> None:
    codes = [place(portal, "SPO01") for _ in range(3)]
    side.rotate()
    portal.work(ORDERS)
    side.put_right()

    probe(side.partner)  # too early
    early = side.breaker().is_open
    pass_time(301)
    probe(side.partner)
    portal.work()

    assert (early, side.breaker().is_open) == (True, False)
    assert all(holds.document(code).lines for code in codes)
    assert PartnerCheck.objects.get(partner=side.partner).issue is None


def test_a_probe_that_is_refused_asks_again_only_after_as_long(portal: Portal, holds: Holdings, side: Side, pass_time: PassTime) -> None:
    place(portal, "SPO01")
    side.rotate()
    portal.work(ORDERS)
    since = side.breaker().opened_at
    pass_time(301)

    probe(side.partner)
    before = side.asked()
    for _ in range(5):
        probe(side.partner)
        portal.work(ORDERS)
        pass_time(50)

    check = PartnerCheck.objects.get(partner=side.partner)
    assert side.asked() == before
    assert (side.breaker().opened_at, check.issue and check.issue["code"]) == (since, "credentials_refused")


@data_only
def test_other_shops_go_on_while_one_is_refused(portal: Portal, holds: Holdings) -> None:
    account = BlueJetAccount.objects.create(name="Other", base_url=portal.bluejet.data_url, token_id="demo", token_hash="wrong", pace=0)
    other = Shop.objects.create(name="Other", eshop_id="5", api_base_url=portal.shoptet.url, api_token="wrong", bluejet=account)
    code = place(portal, "SPO01")

    troubles = check_partners()
    portal.work(ORDERS)

    assert set(troubles) == {shoptet_name(other), bluejet_name(account)}
    assert holds.document(code).lines


@data_only
def test_the_sweeper_hands_out_a_probe_when_its_time_has_come(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_out: list[tuple[Any, ...]] = []
    monkeypatch.setattr(probes, "enqueue", lambda *what: handed_out.append(what))
    side = Side(portal, "shoptet")
    side.rotate()
    place(portal, "SPO01")
    portal.work(ORDERS)

    enqueue_probes()
    early = list(handed_out)
    pass_time(301)
    sweepers.sweep()

    assert (early, handed_out) == ([], [("probe_credentials", side.partner)])


@data_only
def test_credentials_that_are_saved_are_tried_at_once_and_what_is_saved_during_a_probe_is_tried_after_it(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Side(portal, "bluejet")
    side.rotate()
    place(portal, "SPO01")
    portal.work(ORDERS)
    asked, looks = probes.ask, []

    def ask_while_somebody_saves(owner: BlueJetAccount) -> Any:
        looks.append(owner.token_hash)
        result = asked(owner)
        if len(looks) == 1:
            side.put_right()
            want_probe(owner)
        return result

    monkeypatch.setattr(probes, "ask", ask_while_somebody_saves)
    want_probe(portal.shop.bluejet)
    probe(side.partner)

    assert looks == ["demo", OTHER_TOKEN]
    assert not side.breaker().is_open


@data_only
def test_only_one_worker_probes_at_a_time(portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    side = Side(portal, "shoptet")
    want_probe(portal.shop)
    asked, looks = probes.ask, []

    def ask_while_another_wants_to(owner: Shop) -> Any:
        looks.append(owner.pk)
        probe(side.partner)
        return asked(owner)

    monkeypatch.setattr(probes, "ask", ask_while_another_wants_to)
    probe(side.partner)

    assert looks == [portal.shop.pk]


@data_only
def test_a_worker_that_still_has_the_old_credentials_raises_no_alarm_and_its_job_goes_on(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Side(portal, "shoptet")
    code = place(portal, "SPO01")
    side.rotate()
    monkeypatch.setattr("sync.partners.are_still_stored", lambda _owner: False)

    portal.work(ORDERS, rounds=1)
    side.put_right()
    monkeypatch.undo()
    portal.work()

    assert not Breaker.objects.filter(opened_at__isnull=False).exists()
    assert holds.document(code).lines


@data_only
def test_a_token_of_another_shop_is_refused_like_one_that_does_not_work(portal: Portal, holds: Holdings) -> None:
    Shop.objects.update(eshop_id="987")
    shop = Shop.objects.get()
    want_probe(shop)

    probe(shoptet_name(shop))

    check = PartnerCheck.objects.get(partner=shoptet_name(shop))
    assert Breaker.objects.get(partner=shoptet_name(shop)).refuses_us
    assert check.issue and check.issue["code"] == "other_eshop"


def test_neither_an_answer_nor_an_outage_changes_what_is_known_of_the_credentials(pass_time: PassTime) -> None:
    guard = PartnerBreaker("bluejet:1", label="BlueJet")
    guard.refused(CredentialsRefused("the login was refused", partner="BlueJet"))
    late, probing = PartnerBreaker("bluejet:1", label="BlueJet"), PartnerBreaker("bluejet:1", label="BlueJet", probes=True)

    late.succeeded()
    late.failed(CredentialsRefused("no answer", partner="BlueJet"))
    probing.check()

    with pytest.raises(CredentialsHeld):
        guard.check()
    pass_time(1000)
    with pytest.raises(CredentialsHeld):
        late.check()
    held = held_seconds(["bluejet:1"])
    assert held and held[1] >= 30
    assert Breaker.objects.get().error == "BlueJet: the login was refused"
    assert close_for_credentials("bluejet:1")
    assert held_seconds(["bluejet:1"]) is None


@data_only
def test_a_run_under_way_pauses_and_goes_on(portal: Portal, holds: Holdings, side: Side, pass_time: PassTime) -> None:
    run = planned(portal, PRODUCTS)
    side.rotate()
    for _ in range(4):
        finished(run)
        pass_time(40)
    held = (run.state, run.read <= 1, SyncJob.objects.filter(flow=PRODUCTS, state="waiting").count())

    side.put_right()
    pass_time(301)
    probe(side.partner)
    finished(run)

    assert held == ("running", True, 0)
    assert (run.state, run.created, run.unchanged) == ("completed", 45, 1)


@data_only
def test_a_run_that_is_not_planned_yet_is_not_planned_at_each_sweep_and_goes_on(
    portal: Portal, holds: Holdings, pass_time: PassTime
) -> None:
    side = Side(portal, "shoptet")
    side.rotate()
    run = start_run(portal.shop, PRODUCTS, trigger="test", enqueue=False)
    plan_run(run.pk)
    before = side.asked()

    waits = []
    for _ in range(4):
        waits.append(plan_run(run.pk))
        pass_time(50)
    at_rest = side.asked()
    side.put_right()
    pass_time(120)
    probe(side.partner)
    plan_run(run.pk)
    finished(run)

    assert at_rest == before
    assert all(waits)
    assert run.state == "completed"


@data_only
def test_a_probe_that_finds_no_room_is_wanted_on(portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch) -> None:
    full = CheckResult("Shoptet", False, "", error=Throttled("no room in the shared budget", partner="Shoptet"))
    monkeypatch.setattr(probes, "ask", lambda owner: full)
    want_probe(portal.shop)

    probe(shoptet_name(portal.shop))

    assert Breaker.objects.get(partner=shoptet_name(portal.shop)).probe_wanted
    assert not PartnerCheck.objects.exists()


@data_only
def test_nobody_probes_for_a_shop_that_is_switched_off(
    portal: Portal, holds: Holdings, pass_time: PassTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_out: list[tuple[Any, ...]] = []
    monkeypatch.setattr(probes, "enqueue", lambda *what: handed_out.append(what))
    open_for_credentials(shoptet_name(portal.shop), "Shoptet: the credentials were not accepted")
    Shop.objects.update(active=False)
    pass_time(301)

    enqueue_probes()

    assert handed_out == []


@data_only
def test_a_session_that_merely_ended_raises_no_alarm(portal: Portal, holds: Holdings) -> None:
    code = place(portal, "SPO01")
    portal.bluejet.sessions.expire_all()

    portal.work(ORDERS)

    assert holds.document(code).lines
    assert not Breaker.objects.filter(opened_at__isnull=False).exists()


@pytest.mark.parametrize("trouble", ["500", "503", "423", "429", "drop_before", "malformed"])
@data_only
def test_a_login_that_is_out_of_order_is_no_refusal(
    portal: Portal, holds: Holdings, pass_time: PassTime, redis_client: redis.Redis, trouble: str
) -> None:
    code = place(portal, "SPO01")
    portal.bluejet.sessions.expire_all()
    fault = portal.bluejet.fault(trouble, match="users/authenticate")

    portal.work(ORDERS)
    refusing = Breaker.objects.filter(reason=Breaker.Reason.CREDENTIALS).exists()
    portal.bluejet.faults.switch_off(fault.id)
    for key in redis_client.scan_iter("pace:*:held"):
        redis_client.delete(key)
    for _ in range(3):
        pass_time(90)
        portal.work()

    assert not refusing
    assert holds.document(code).lines


@data_only
def test_workers_whose_session_ended_log_in_once_between_them(portal: Portal, holds: Holdings, transactional_db: None) -> None:
    clients = [bluejet_client(portal.shop.bluejet) for _ in range(6)]
    clients[0].check()
    portal.bluejet.sessions.expire_all()
    before = portal.bluejet.stats.requests["POST /api/v1/users/authenticate"]

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(lambda client: client.check(), clients))

    assert portal.bluejet.stats.requests["POST /api/v1/users/authenticate"] - before == 1


# Logins by worker


@responses.activate
def test_workers_whose_oauth_token_is_refused_ask_once_between_them(shop: Shop, redis_client: redis.Redis) -> None:
    login = responses.get("https://gastro.example/action/ApiOAuthServer/getAccessToken", json={"error": "invalid_token"}, status=401)
    Shop.objects.update(access=Shop.Access.OAUTH, oauth_token="lasting", oauth_url="https://gastro.example")
    shop.refresh_from_db()
    seen = []

    for _ in range(6):
        with shoptet_client(shop, breaker=shoptet_breaker(shop)) as client, pytest.raises(PartnerError) as caught:
            client.eshop()
        seen.append(type(caught.value))

    assert seen == [CredentialsRefused, *[CredentialsHeld] * 5]
    assert (login.call_count, len(responses.calls)) == (1, 1)
    assert Breaker.objects.get().refuses_us


@responses.activate
@pytest.mark.parametrize("name", ["shoptet", "bluejet"])
def test_who_waited_for_another_workers_login_is_not_refused_by_itself(shop: Shop, redis_client: redis.Redis, name: str) -> None:
    Shop.objects.update(access=Shop.Access.OAUTH, oauth_token="lasting", oauth_url="https://gastro.example")
    shop.refresh_from_db()
    guard = shoptet_breaker(shop) if name == "shoptet" else bluejet_breaker(shop.bluejet)
    guard.check()

    open_for_credentials(guard.partner, "another worker was refused meanwhile")
    with pytest.raises(CredentialsHeld):
        shoptet_client(shop, breaker=guard).eshop() if name == "shoptet" else bluejet_client(shop.bluejet, breaker=guard).check()

    assert len(responses.calls) == 0


# Whatever a partner answers


ANSWERS = ("good", "refused", "403", "500", "429")


@pytest.mark.thorough
@data_only
@given(seen=st.lists(st.tuples(st.sampled_from(["shoptet", "bluejet"]), st.sampled_from(ANSWERS)), min_size=1, max_size=5))
@effort(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_partners_answer_no_try_is_counted_and_every_order_arrives_once(
    portal: Portal, holds: Holdings, pass_time: PassTime, redis_client: redis.Redis, dialect: str, seen: list[tuple[str, str]]
) -> None:
    codes = []
    for name, answers in seen:
        codes.append(place(portal, "SPO01"))
        trouble(portal, name, answers)
        portal.work(ORDERS, rounds=3)
        assert set(SyncJob.objects.values_list("tries", flat=True)) == {0}
        assert not SyncJob.objects.needs_attention().exists()
        all_is_good(portal, redis_client)
        pass_time(40)

    for _ in range(4):
        pass_time(301)
        for name in ("shoptet", "bluejet"):
            probe(Side(portal, name).partner)
        sweepers.sweep()
        portal.work()

    assert {code: len(portal.documents(code)) for code in codes} == dict.fromkeys(codes, 1)
    assert not Breaker.objects.filter(opened_at__isnull=False).exists()


def trouble(portal: Portal, name: str, answers: str) -> None:
    """Have one partner answer like this."""
    if answers == "refused" and name == "shoptet":
        portal.control("/faults", {"fault": "401"})
    elif answers == "refused":
        portal.bluejet.sessions.expire_all()
        portal.bluejet.fault("401", match="users/authenticate")
    elif answers != "good" and name == "shoptet":
        portal.control("/faults", {"fault": answers})
    elif answers != "good":
        portal.bluejet.fault(answers)


def all_is_good(portal: Portal, redis_client: redis.Redis) -> None:
    portal.bluejet.faults.switch_off()
    portal.control("/faults", method="DELETE")
    for key in redis_client.scan_iter("pace:*:held"):
        redis_client.delete(key)
