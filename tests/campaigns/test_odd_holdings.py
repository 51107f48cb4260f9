"""BlueJet answers oddly while orders, products and customers are brought: nothing is lost, nothing doubled, nothing falls over.

The suite spoils the answers of a dozen records, `make test-answers` of as many as ANSWERS says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from clients.bluejet.session import Login
from sync import sweepers
from sync.models import RecordLink, SyncJob
from tests.campaigns.findings import logged_errors, tracebacks
from tests.campaigns.odd_holdings import OddHoldings
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, bring, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

PassTime = Callable[[float], None]
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("impatient"),
    pytest.mark.timeout(7200),
]
ORDERS_AT_ONCE = 4
SETTLED = 200


@pytest.fixture(params=["data", "rest"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch, seed: int) -> OddHoldings:
    """Return what spoils BlueJet's answers once it is switched on."""
    odd = OddHoldings(Random(seed), share=0.2)
    monkeypatch.setattr(Login, "_send_with", odd.between(Login._send_with))
    return odd


def test_odd_answers_of_bluejet_lose_nothing_double_nothing_and_raise_nothing(
    portal: Portal, odd: OddHoldings, pass_time: PassTime, few: int, caplog: pytest.LogCaptureFixture
) -> None:
    bring(portal, "SPO01", "KON01")
    holdings, products, customers = Holdings(portal), list(portal.shoptet.state.catalogue.products()), list(portal.shoptet.state.customers)
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    for start in range(0, few, ORDERS_AT_ONCE + 2):
        odd.is_on = True
        codes = [place(portal, "SPO01", "KON01") for _ in range(ORDERS_AT_ONCE)]
        looked = {PRODUCTS: products[start % len(products)]["guid"], CUSTOMERS: customers[start % len(customers)]}
        for flow, key in looked.items():
            look_at(portal, flow, key)
        for _ in range(2):
            portal.work(rounds=2)
            pass_time(SETTLED)
            sweepers.requeue_abandoned()
        odd.is_on = False
        for _ in range(3):
            pass_time(SETTLED)
            SyncJob.objects.filter(state__in=["parked", "failed", "waiting"]).update(state="queued", next_try_at="2020-01-01T00:00:00Z")
            portal.work()
        ends.update(SyncJob.objects.filter(flow=ORDERS, key__in=codes).values_list("state", flat=True))
        counts = {code: len(holdings.documents(code)) for code in codes}
        wrong += [f"{code}: {count} documents, {portal.job(ORDERS, code).issues}"[:300] for code, count in counts.items() if count != 1]
    print(f"{few} of {portal.shop.bluejet.dialect}, {odd.spoilt} spoilt answers: {dict(ends)}")  # noqa: T201 - watched by a person

    assert (wrong[:10], tracebacks()) == ([], [])
    assert logged_errors(caplog.get_records("call")) == []
    assert _twice(holdings) == []
    assert not RecordLink.objects.filter(kind="order", bluejet_id="").exists()
    assert ends["done"] == ends.total()


def _twice(holdings: Holdings) -> list[str]:
    marks = Counter((kind, row["mark"]) for kind in ("product", "contact") for row in holdings.records(kind))
    return [f"{kind} {mark}" for (kind, mark), count in marks.items() if count > 1]
