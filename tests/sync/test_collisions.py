"""Records that BlueJet could take for one: shown to a person before either is written, whatever brings them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.flow import Item, Part
from sync.models import Kind, RecordLink
from sync.push.collisions import _rivals_within
from tests.sync.happenings import CUSTOMERS, PRODUCTS, announce, bring, guid_of, issues_of, look_at
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def add(portal: Portal, code: str) -> str:
    """Let the shop's staff add a product; return its GUID."""
    return str(portal.control("/products", {"code": code, "name": f"Novinka {code}"})["guid"])


def marks(holds: Holdings, kind: str = "product") -> set[str]:
    return {row["mark"] for row in holds.records(kind)}


@pytest.mark.parametrize(("one", "other"), [("abc-1", "ABC-1"), ("Čaj", "ČAJ"), ("straße", "STRASSE")])
@pytest.mark.parametrize("way", ["one batch", "a run"])
def test_products_whose_codes_differ_in_case_only_are_both_parked(portal: Portal, holds: Holdings, way: str, one: str, other: str) -> None:
    guids = [add(portal, one), add(portal, other), add(portal, "abc-2")]

    if way == "a run":
        portal.run(PRODUCTS)
    else:
        look_at(portal, PRODUCTS, *guids)
    portal.work(PRODUCTS)

    jobs = [portal.job(PRODUCTS, guid) for guid in guids[:2]]
    assert [(job.state, issues_of(job)) for job in jobs] == [("parked", ["same_key"])] * 2
    assert jobs[0].issues[0]["params"]["other"] == other
    assert not {f"shoptet:{one}", f"shoptet:{other}"} & marks(holds)
    assert "shoptet:abc-2" in marks(holds)


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize(("one", "other"), [("abc-1", "ABC-1"), ("ČAJ", "čaj")])
def test_what_was_written_already_stays_and_the_newcomer_is_parked(portal: Portal, holds: Holdings, one: str, other: str) -> None:
    add(portal, one)
    bring(portal, one)
    newcomer = add(portal, other)

    bring(portal, other)

    job = portal.job(PRODUCTS, newcomer)
    assert (job.state, issues_of(job), job.issues[0]["params"]["other"]) == ("parked", ["same_key"], one)
    assert holds.product(one)["archived"] is False
    assert marks(holds) == {f"shoptet:{one}"}


@pytest.mark.parametrize("dialect", ["data"])
def test_the_parked_one_goes_on_by_itself_once_the_other_has_another_code(portal: Portal, holds: Holdings) -> None:
    first = add(portal, "abc-1")
    bring(portal, "abc-1")
    newcomer = add(portal, "ABC-1")
    bring(portal, "ABC-1")

    portal.control("/products/abc-1", {"variants": [{"code": "abc-1", "newCode": "xyz-1"}]})
    announce(portal, "product:update", first)
    portal.work(PRODUCTS)

    assert portal.job(PRODUCTS, newcomer).state == "done"
    assert marks(holds) == {"shoptet:xyz-1", "shoptet:ABC-1"}


@pytest.mark.parametrize("dialect", ["data"])
def test_a_product_that_is_known_is_written_on_though_another_comes_in_its_way(portal: Portal, holds: Holdings) -> None:
    first = add(portal, "abc-1")
    bring(portal, "abc-1")
    second = add(portal, "ABC-1")
    portal.control("/products/abc-1/price", {"price": "777"})

    look_at(portal, PRODUCTS, first, second)
    portal.work(PRODUCTS)

    assert portal.job(PRODUCTS, first).state == "done"
    assert holds.product("abc-1")["price"] == 777


def test_two_new_customers_with_one_email_are_both_parked(portal: Portal, holds: Holdings) -> None:
    accounts = [{"email": email, "fullName": name} for email, name in (("jana@x.example", "Jana Malá"), ("Jana@X.example", "Petr Malý"))]
    guids = [str(portal.control("/customers", {"account": account})["guid"]) for account in accounts]

    look_at(portal, CUSTOMERS, *guids)
    portal.work(CUSTOMERS)

    jobs = [portal.job(CUSTOMERS, guid) for guid in guids]
    assert [(job.state, issues_of(job)[-1]) for job in jobs] == [("parked", "same_key")] * 2
    assert marks(holds, "contact") == set()


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("dialect", ["data"])
def test_two_products_with_the_very_same_code_do_not_write_over_each_other(portal: Portal, holds: Holdings, is_known: bool) -> None:
    first, second = add(portal, "abc-1"), add(portal, "abc-2")
    if is_known:
        bring(portal, "abc-1")
    before, catalogue = marks(holds), portal.shoptet.state.catalogue
    product = catalogue.get(second)
    catalogue.put({**product, "variants": [{**product["variants"][0], "code": "abc-1"}]})

    look_at(portal, PRODUCTS, second, *([] if is_known else [first]))
    portal.work(PRODUCTS)

    job = portal.job(PRODUCTS, second)
    assert (job.state, issues_of(job), marks(holds)) == ("parked", ["same_code"], before)


@pytest.mark.parametrize("dialect", ["data"])
def test_whoever_comes_second_while_the_other_is_being_made_waits_for_it(portal: Portal, holds: Holdings) -> None:
    newcomer, until = add(portal, "ABC-1"), timezone.now() + timedelta(seconds=60)
    facts = {"shop": portal.shop, "account": portal.shop.bluejet, "kind": Kind.PRODUCT, "leased_until": until}
    RecordLink.objects.create(key="abc-1", natural_key="abc-1", lease="00000000-0000-0000-0000-000000000001", **facts)

    look_at(portal, PRODUCTS, newcomer)
    portal.work(PRODUCTS, rounds=1)

    job = portal.job(PRODUCTS, guid_of(portal, "ABC-1"))
    assert (job.state, issues_of(job)) == ("waiting", ["busy"])
    assert marks(holds) == set()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(alphabet="aAbBčČßs ", min_size=1, max_size=3), max_size=8, unique=True),
    st.sampled_from([Kind.PRODUCT, Kind.CONTACT, Kind.COMPANY]),
)
def test_in_one_batch_exactly_those_have_rivals_that_are_alike(codes: list[str], kind: Kind) -> None:
    now = timezone.now()
    parts = [Part(Item(code, {}, None, now), kind, code, {}, natural_key=code) for code in codes]

    rivals = _rivals_within(parts)

    for part in parts:
        alike = {code for code in codes if code.strip().casefold() == part.key.strip().casefold()} - {part.key}
        assert {rival.key for rival in rivals[id(part)]} == alike
