"""Answers made from Shoptet's OpenAPI file, with times and amounts at their ends and odd characters, through the whole pipeline.

Whatever they hold: no untyped error, nothing left running, every sound neighbour in BlueJet, and a second look writes nothing.
The suite makes 50 of each kind; `make test-answers` makes 2,000 on PostgreSQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import Q

from sync.models import RecordLink, SyncJob
from tests.campaigns.findings import arrived_not, keep, logged_errors, tracebacks, wrong_jobs
from tests.campaigns.shop_answers import ShopAnswers, sections_of
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, STOCK, announce, bring, guid_of, look_at, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

# In transactions of their own, as in a worker: a statement that PostgreSQL refuses must not spoil the next.
pytestmark = [
    pytest.mark.thorough,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("impatient"),
    pytest.mark.timeout(7200),
]
BATCH = 9
LEAST_DONE = 0.1


@dataclass(frozen=True)
class Kind:
    """One kind of record: its flow, its address in the file, and where its key stands in the answer."""

    name: str
    flow: str
    template: str
    section: str
    key: str

    def path(self, key: str) -> str:
        return self.template.replace("{code}", key).replace("{guid}", key)

    def identify(self, data: dict[str, Any], key: str) -> dict[str, Any]:
        """Give a generated record the key that it is asked for by."""
        record = data.get(self.section) if self.section else data
        if not isinstance(record, dict):
            record = data[self.section] = {}
        record[self.key] = key
        _tell_apart(record, key)
        if self.section == "order":
            _place_apart(record, key)
        return data


def _place_apart(record: dict[str, Any], key: str) -> None:
    """Orders that one guest placed at one moment and that know him differently would each be right at every look."""
    if "@" in str(record.get("email")):
        record["email"] = f"{key}{record['email']}"
    if str(record.get("creationTime")).startswith("20"):
        number = int(key.removeprefix("GEN"))
        record["creationTime"] = (
            f"2026-0{1 + number // 20_000}-{1 + number // 1000 % 20:02}T{number // 60 % 16:02}:{number % 60:02}:00+0100"
        )


def _tell_apart(record: dict[str, Any], key: str) -> None:
    """Copies of one record would be one record to BlueJet: what it knows records by is made each one's own."""
    variants = record.get("variants")
    for number, variant in enumerate(variants if isinstance(variants, list) else []):
        if isinstance(variant, dict) and isinstance(variant.get("code"), str) and variant["code"].isascii():
            variant["code"] = f"{key[-6:]}-{number}"
    accounts = record.get("accounts")
    for account in accounts if isinstance(accounts, list) else []:
        if isinstance(account, dict) and "@" in str(account.get("email")):
            account["email"] = f"{key[-6:]}{account['email']}"


ORDER = Kind("order", ORDERS, "/api/orders/{code}", "order", "code")
PRODUCT = Kind("product", PRODUCTS, "/api/products/{guid}", "", "guid")
CUSTOMER = Kind("customer", CUSTOMERS, "/api/customers/{guid}", "customer", "guid")


@dataclass
class Campaign:
    """One kind of record in batches between sound neighbours."""

    portal: Portal
    answers: ShopAnswers
    kind: Kind
    wrong: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)

    def run(self, how_many: int) -> list[str]:
        """Send the batches through; return what is wrong."""
        for start in range(0, how_many, BATCH):
            self._batch([self._key(number) for number in range(start, min(start + BATCH, how_many))])
        print(f"{how_many} of {self.kind.name}: {dict(self.ends)}")  # noqa: T201 - the long form is watched by a person
        return self.wrong

    @property
    def done_share(self) -> float:
        """Return how much of it got through: a campaign that is refused at the door proves nothing of the way behind it."""
        return self.ends["done"] / max(self.ends.total(), 1)

    def _key(self, number: int) -> str:
        return f"GEN{number:06d}" if self.kind is ORDER else f"00000000-0000-4000-8000-{number:012d}"

    def _batch(self, keys: list[str]) -> None:
        true = self._true_answer()
        given = {key: self.kind.identify(self.answers.record(self.kind.template, true, self.kind.section), key) for key in keys}
        for key, data in given.items():
            self.answers.give(self.kind.path(key), data)
        neighbours = self._neighbours()
        look_at(self.portal, self.kind.flow, *keys[: BATCH // 2], *neighbours, *keys[BATCH // 2 :])
        self.portal.work()
        self._judge(given, neighbours)
        self._look_again(given)
        self.answers.clear()

    def _judge(self, given: dict[str, Any], neighbours: list[str]) -> None:
        wrong = wrong_jobs(self.kind.flow, given)
        states = SyncJob.objects.filter(flow=self.kind.flow, key__in=list(given)).values_list("state", flat=True)
        self.ends.update(states)
        for line in wrong:
            keep(f"{self.kind.name}-{line.partition(':')[0]}", given[line.partition(":")[0]])
        self.wrong += wrong + [f"neighbour {line}" for line in arrived_not(self.kind.flow, neighbours)]

    def _look_again(self, given: dict[str, Any]) -> None:
        """What is done is asked for once more: the same answer must not be written a second time."""
        done = SyncJob.objects.filter(flow=self.kind.flow, key__in=list(given), state=SyncJob.State.DONE).values_list("key", flat=True)
        holdings = Holdings(self.portal)
        for key in list(done):
            before = holdings.writes()
            look_at(self.portal, self.kind.flow, key)
            self.portal.work(self.kind.flow)
            written = [row for one in holdings.store.journal.commits[before:] for row in one.rows if row.external_id in self._marks(key)]
            if written:
                keep(f"{self.kind.name}-{key}", given[key])
                told = [(row.kind, row.external_id, row.fields) for row in written]
                self.wrong.append(f"{key}: written again although nothing changed: {told}"[:400])

    def _marks(self, key: str) -> set[str]:
        """Return what the record's own copies are called in BlueJet; meanwhile another's next try may have come, or its deletion."""
        own = Q(key=key) | Q(parent_key=key) | Q(key__in=[f"{key[-6:]}-{number}" for number in range(10)])
        return set(RecordLink.objects.filter(own).values_list("external_id", flat=True))

    def _true_answer(self) -> dict[str, Any]:
        path = self.kind.path(self._true_key())
        return self.answers.true_answer(path, sections_of(path))

    def _true_key(self) -> str:
        if self.kind is ORDER:
            return str(self.portal.control("/orders", {"items": [{"code": "SPO01"}, {"code": "KON01"}]})["code"])
        if self.kind is PRODUCT:
            codes = ("KON01", "KON02", "SPO01", "SPO02")
            return guid_of(self.portal, self.answers.random.choice(codes))
        return str(self._customers()[0])

    def _neighbours(self) -> list[str]:
        if self.kind is ORDER:
            return [place(self.portal, "SPO01"), place(self.portal, "KON01")]
        if self.kind is PRODUCT:
            return [guid_of(self.portal, code) for code in ("KON03", "KON04")]
        return self._customers()[1:3]

    def _customers(self) -> list[str]:
        return list(self.portal.shoptet.state.customers)[:3]


@pytest.fixture(params=["data", "rest"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ready(portal: Portal, answers: ShopAnswers, caplog: pytest.LogCaptureFixture) -> Iterator[ShopAnswers]:
    """BlueJet holds two products; what is logged as an error of ours fails the test."""
    bring(portal, "SPO01", "KON01")
    yield answers
    assert logged_errors(caplog.get_records("call")) == []


@pytest.mark.parametrize("kind", [ORDER, PRODUCT, CUSTOMER], ids=lambda kind: kind.name)
def test_generated_records_end_in_bluejet_or_before_a_person_and_hold_no_neighbour(
    portal: Portal, ready: ShopAnswers, kind: Kind, how_many: int
) -> None:
    campaign = Campaign(portal, ready, kind)

    wrong = campaign.run(how_many)

    assert (wrong[:20], tracebacks()) == ([], [])
    assert campaign.done_share > LEAST_DONE


def test_generated_supplies_cost_themselves_only(portal: Portal, ready: ShopAnswers, how_many: int) -> None:
    """Rows of a stock's list: those of other variants are written, whatever stands between them."""
    path, sound = "/api/stocks/1/supplies", ("SPO01", "KON01")
    true = ready.true_answer(path)["data"]["supplies"]
    for start in range(0, how_many, 50):
        rows = _generated_rows(ready, path, "supplies", [row for row in true if row["code"] not in sound], min(50, how_many - start))
        amount = f"{start + 7}.000"
        between = [{**row, "amount": amount, "claim": "0.000"} for row in true if row["code"] in sound]
        assert len(between) == len(sound)
        ready.give(path, _page("supplies", [*rows[:20], between[0], *rows[20:], between[1]]))
        run = portal.run(STOCK)
        portal.work(PRODUCTS, STOCK)
        ready.clear()

        assert (run.error, run.state, run.failed) == ("", "completed", 0)
        assert _cards(portal, sound) == [start + 7] * 2
        assert wrong_jobs(STOCK, SyncJob.objects.filter(flow=STOCK).values_list("key", flat=True)) == []


def test_generated_movements_cost_themselves_only(portal: Portal, ready: ShopAnswers, how_many: int) -> None:
    """Rows of a stock's log: the variants of the sound ones are looked at, and the cursor goes on."""
    path, sound = "/api/stocks/1/movements", ("SPO01", "KON01")
    announce(portal, "stock:movement", "1")
    portal.work()
    last = portal.shoptet.state.stock.last_id
    true = {
        "id": 1,
        "productCode": "KON02",
        "actualAmount": "1.000",
        "amountChange": "1.000",
        "changedBy": "x",
        "changeTime": portal_time(),
    }
    for start in range(0, how_many, 50):
        rows = _generated_rows(ready, path, "movements", [true], min(50, how_many - start))
        for code in sound:
            last += 1
            rows.insert(len(rows) // 2, {**true, "id": last, "productCode": code})
        SyncJob.objects.filter(flow=STOCK).update(state=SyncJob.State.DONE)
        before = dict(SyncJob.objects.filter(flow=STOCK, key__in=sound).values_list("key", "wanted"))
        ready.give(path, _page("movements", rows))
        ready.give(f"{path}/last", {"lastId": last})
        announce(portal, "stock:movement", "1")
        portal.work()
        ready.clear()

        after = dict(SyncJob.objects.filter(flow=STOCK, key__in=sound).values_list("key", "wanted"))
        assert all(after[code] > before.get(code, 0) for code in sound)
        assert portal.shop.flows.get(flow=STOCK).cursor["movements"]["1"] == last
        assert wrong_jobs(STOCK, SyncJob.objects.filter(flow=STOCK).values_list("key", flat=True)) == []


def portal_time() -> str:
    """Return a time as Shoptet writes it."""
    return "2026-11-27T10:15:00+0100"


def _generated_rows(answers: ShopAnswers, path: str, name: str, true: list[dict[str, Any]], how_many: int) -> list[Any]:
    template = path.replace("/1/", "/{stockId}/")
    rows: list[Any] = []
    while len(rows) < how_many:
        made = answers.record(template, {"data": {name: [answers.random.choice(true)]}}, name).get(name)
        rows += made if isinstance(made, list) else []
    return rows[:how_many]


def _page(name: str, rows: list[Any]) -> dict[str, Any]:
    paginator = {"totalCount": len(rows), "page": 1, "pageCount": 1, "itemsOnPage": len(rows), "itemsPerPage": 1000}
    return {name: rows, "paginator": paginator}


def _cards(portal: Portal, codes: tuple[str, ...]) -> list[int]:
    holdings = Holdings(portal)
    marks = {row["mark"]: row for row in holdings.records("stock_card")}
    column = "mnozstvi" if holdings.dialect == "data" else "quantity"
    return [int(float(marks[f"shoptet:1:{code}"][column])) for code in codes]
