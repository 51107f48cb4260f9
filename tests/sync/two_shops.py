"""Two shops with the same people, products and order numbers on one BlueJet account."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from sync.flows.customer.shared_addresses import BY_CONTENT
from sync.models import SyncJob, SyncRun
from tests.sync.holdings import KEYS, RESOURCES, Holdings
from tests.sync.portal import ALL_FLOWS, Portal

FIRST, SECOND = "shoptet", "druhy"
MARKS = {"data": "externiidsupl", "rest": "externalId"}
# By which column people tell the records of a kind apart.
NATURAL = {
    "data": {"contact": "emailaddress1", "company": "ico", "product": "code"},
    "rest": {"contact": "email", "product": "productCode"},
}
ADDRESS = {"street": "Dlouhá", "houseNumber": "5", "city": "Brno", "zip": "602 00"}


@dataclass
class TwoShops:
    """Both shops with their stand-ins, and the books that they share."""

    first: Portal
    second: Portal

    @property
    def both(self) -> tuple[Portal, Portal]:
        """Return the shops, the older first."""
        return self.first, self.second

    @property
    def books(self) -> Holdings:
        """Return what BlueJet holds."""
        return Holdings(self.first)

    def pass_over(self, *flows: str) -> list[SyncRun]:
        """Pass over everything of both, one after the other."""
        runs = [portal.run(flow) for portal in self.both for flow in flows or ALL_FLOWS]
        self.work()
        return runs

    def work(self) -> None:
        """Work on all that is due in both, and on what that makes due."""
        for _ in range(3):
            for portal in self.both:
                portal.work()

    def wait(self) -> None:
        """Work on until nothing waits for its next try any more."""
        for _ in range(8):
            SyncJob.objects.filter(state="waiting").update(next_try_at=timezone.now())
            self.work()
            if not SyncJob.objects.filter(state__in=["queued", "waiting"]).exists():
                return

    def stopped(self) -> list[str]:
        """Return what stands still, and why."""
        jobs = SyncJob.objects.exclude(state="done")
        return [f"{job.shop} {job.key} {job.state} {[issue['code'] for issue in job.issues]}" for job in jobs]

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return every record of a kind."""
        store = self.first.bluejet.store
        return list(store.rows({**RESOURCES, "order": "orders"}[kind] if self.books.dialect == "rest" else kind))

    def row(self, kind: str, id: str) -> dict[str, Any]:
        """Return one record."""
        key = "id" if self.books.dialect == "rest" else KEYS[kind]
        (found,) = [row for row in self.rows(kind) if row[key] == id]
        return found

    def documents(self, portal: Portal, code: str) -> list[dict[str, Any]]:
        """Return the documents of one shop's order."""
        mark, column = f"{portal.shop.external_prefix}:{code}", MARKS[self.books.dialect]
        kinds = ("order",) if self.books.dialect == "rest" else ("offer", "order")
        return [row for kind in kinds for row in self.rows(kind) if row.get(column) == mark]

    def twice(self) -> list[str]:
        """Return what BlueJet holds more than once of what both shops know."""
        return [
            f"{kind} {value}"
            for kind, column in NATURAL[self.books.dialect].items()
            for value, count in self.count_by(kind, column).items()
            if count > 1
        ]

    def addresses_twice(self) -> list[str]:
        """Return the addresses that a contact has more than once in the same words, each kind by itself."""
        columns = ("contactid", "typsupl", "recipient", "companyname", "street1", "town")
        said = Counter(
            (bool(BY_CONTENT.search(str(row.get("externiidsupl")))), *(row.get(name) for name in columns)) for row in self.rows("address")
        )
        return [f"{one}" for one, count in said.items() if count > 1]

    def count_by(self, kind: str, column: str) -> Counter[str]:
        """Return how often each value stands in a column, without regard to case."""
        return Counter(str(row.get(column) or "").lower() for row in self.rows(kind) if row.get(column))


def register(portal: Portal, email: str, **wishes: Any) -> str:
    """Let somebody register in one shop; return his GUID."""
    account = {"email": email, "fullName": wishes.pop("name", "Jana Nová"), "phone": wishes.pop("phone", "+420777111222")}
    body = {"account": account, "billingAddress": {**ADDRESS, **wishes}}
    return str(portal.control("/customers", body)["guid"])
