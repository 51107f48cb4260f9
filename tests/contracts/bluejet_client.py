"""What every BlueJet client promises, whichever dialect it speaks; checked through the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from clients.bluejet import BlueJetClient, BlueJetConfig, LineWrite, MemorySession, RowRefused, Write, Written, open_client
from clients.bluejet.config import Dialect
from clients.bluejet.values import number
from clients.errors import (
    CredentialsRefused,
    MalformedAnswer,
    OutcomeUnknown,
    PartnerError,
    PartnerUnavailable,
    Refused,
    Throttled,
    Unauthorised,
)
from clients.transport import RetryPolicy
from sandbox.bluejet.server import BlueJetSandbox

NOBODY = "00000000-0000-0000-0000-000000000000"


class BlueJetClientContract:
    """Subclass it with a dialect, the sandbox's address for it, and the fields of its records."""

    dialect: ClassVar[Dialect]
    price: ClassVar[str]
    title: ClassVar[str]
    line_title: ClassVar[str]
    order_kind_in_store: ClassVar[str]
    product_kind_in_store: ClassVar[str]

    def address(self, sandbox: BlueJetSandbox) -> str:
        """Return the address of the dialect."""
        raise NotImplementedError

    def product(self, code: str) -> dict[str, Any]:
        """Return the fields of a product with the price 149.90."""
        raise NotImplementedError

    def document(self, number: str) -> dict[str, Any]:
        """Return the fields of an order, without lines."""
        raise NotImplementedError

    def line(self, title: str, quantity: str, total: str) -> dict[str, Any]:
        """Return the fields of an order's line."""
        raise NotImplementedError

    @pytest.fixture
    def sandbox(self) -> Iterator[BlueJetSandbox]:
        with BlueJetSandbox(seed=False) as running:
            yield running

    @pytest.fixture
    def client(self, sandbox: BlueJetSandbox) -> Iterator[BlueJetClient]:
        with self.connect(sandbox) as opened:
            yield opened

    def connect(self, sandbox: BlueJetSandbox, evidences: dict[str, Any] | None = None, token_hash: str = "demo") -> BlueJetClient:
        config = BlueJetConfig(self.address(sandbox), self.dialect, "demo", token_hash, evidences or {})
        policy = RetryPolicy(timeout=2.0)
        return open_client(config, session_store=MemorySession(), policy=policy, sleep=lambda _: None)

    def create_product(self, client: BlueJetClient, code: str = "KREDENC-1") -> str:
        (written,) = client.write([Write("product", self.product(code), external_id=f"shoptet:{code}")])
        assert isinstance(written, Written)
        return written.id

    def order_write(self, *keys: str, **options: Any) -> Write:
        lines = tuple(LineWrite(key, self.line(f"Položka {key}", "2", "299.80")) for key in keys)
        return Write("order", self.document("2026-001"), external_id="shoptet:2026-001", lines=lines, **options)

    def create_order(self, client: BlueJetClient, *keys: str) -> Written:
        (written,) = client.write([self.order_write(*keys)])
        assert isinstance(written, Written)
        return written

    # reading and writing

    def test_a_written_record_is_found_by_its_external_id_and_its_natural_key(self, client: BlueJetClient) -> None:
        evidence = client.evidences["product"]

        record = self.create_product(client)

        assert [row.id for row in client.find("product", evidence.external_id, "shoptet:KREDENC-1")] == [record]
        assert [row.id for row in client.find("product", evidence.natural, "kredenc-1")] == [record]

    def test_an_amount_comes_back_to_the_cent(self, client: BlueJetClient) -> None:
        row = client.read("product", self.create_product(client))

        assert row is not None
        assert number(row.fields[self.price]) == Decimal("149.90")

    def test_a_creation_says_that_it_inserted(self, client: BlueJetClient) -> None:
        (written,) = client.write([Write("product", self.product("A"), external_id="shoptet:A")])

        assert isinstance(written, Written)
        assert written.action == "inserted"

    def test_results_come_in_the_order_of_the_writes(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        existing = self.create_product(client, "B")
        writes = [Write("product", self.product("A")), Write("product", self.product("B"), existing), Write("product", self.product("C"))]

        first, second, third = client.write(writes)

        assert isinstance(second, Written)
        assert (second.id, second.action) == (existing, "updated")
        assert isinstance(first, Written)
        assert isinstance(third, Written)
        natural = client.evidences["product"].natural
        assert client.find("product", natural, "A")[0].id == first.id
        assert client.find("product", natural, "C")[0].id == third.id

    def test_an_update_changes_only_what_it_names(self, client: BlueJetClient) -> None:
        record = self.create_product(client)

        (written,) = client.write([Write("product", {self.title: "Nový název"}, record)])

        row = client.read("product", record)
        assert isinstance(written, Written)
        assert row is not None
        assert row.fields[self.title] == "Nový název"
        assert number(row.fields[self.price]) == Decimal("149.90")

    def test_what_nobody_holds_is_not_found(self, client: BlueJetClient) -> None:
        assert client.find("product", client.evidences["product"].external_id, "shoptet:nic") == []
        assert client.find("product", client.evidences["product"].natural, "") == []
        assert client.read("product", NOBODY) is None

    def test_a_record_is_put_away_and_taken_back(self, client: BlueJetClient) -> None:
        evidence = client.evidences["product"]
        record = self.create_product(client)

        client.write([Write("product", {evidence.archive_field: evidence.archive_value}, record)])
        client.write([Write("product", {evidence.archive_field: evidence.live_value}, record)])

        row = client.read("product", record)
        assert row is not None
        assert str(row.fields[evidence.archive_field]).lower() == evidence.live_value

    def test_every_column_of_a_kind_can_be_listed(self, client: BlueJetClient) -> None:
        self.create_product(client)
        evidence = client.evidences["product"]

        assert {evidence.key, evidence.external_id, evidence.natural} <= set(client.columns("product"))

    def test_an_empty_kind_has_no_columns_to_show(self, client: BlueJetClient) -> None:
        assert client.columns("product") == []

    # documents

    def test_a_document_is_created_whole(self, client: BlueJetClient) -> None:
        written = self.create_order(client, "10", "11")

        row = client.read("order", written.id)
        assert row is not None
        assert {line.fields[self.line_title]: line.id for line in row.lines} == {
            "Položka 10": written.line_ids["10"],
            "Položka 11": written.line_ids["11"],
        }

    def test_a_document_costs_one_request(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        client.check()
        sandbox.stats.reset()

        self.create_order(client, *[str(key) for key in range(20)])

        assert sum(sandbox.stats.requests.values()) == 1

    def test_a_document_is_found_with_its_lines(self, client: BlueJetClient) -> None:
        self.create_order(client, "10", "11")

        (row,) = client.find("order", client.evidences["order"].external_id, "shoptet:2026-001", with_lines=True)

        assert len(row.lines) == 2
        assert sum(number(line.fields[client.evidences["order_line"].total]) or 0 for line in row.lines) == Decimal("599.60")

    def test_an_update_changes_adds_and_removes_lines_and_leaves_the_others(self, client: BlueJetClient) -> None:
        created = self.create_order(client, "10", "11", "12")
        changed = LineWrite("10", self.line("Změněná", "3", "449.70"), created.line_ids["10"])
        added = LineWrite("13", self.line("Nová", "1", "149.90"))

        (written,) = client.write([Write("order", {}, created.id, lines=(changed, added), removed_lines=(created.line_ids["11"],))])

        row = client.read("order", created.id)
        assert row is not None
        assert isinstance(written, Written)
        assert {line.fields[self.line_title] for line in row.lines} == {"Změněná", "Položka 12", "Nová"}
        assert created.line_ids["10"] in {line.id for line in row.lines}
        assert written.line_ids["13"] in {line.id for line in row.lines}

    def test_an_update_of_the_header_leaves_the_lines(self, client: BlueJetClient) -> None:
        created = self.create_order(client, "10", "11")

        client.write([Write("order", self.document("2026-001"), created.id, external_id="shoptet:2026-001")])

        row = client.read("order", created.id)
        assert row is not None
        assert {line.id for line in row.lines} == set(created.line_ids.values())

    def test_a_new_line_can_be_found_by_its_own_external_id(self, client: BlueJetClient) -> None:
        created = self.create_order(client, "10")

        row = client.read("order", created.id)

        assert row is not None
        assert [line.fields[client.evidences["order_line"].external_id] for line in row.lines] == ["10"]

    # many records

    def test_every_record_comes_once_over_many_pages(self, client: BlueJetClient) -> None:
        writes = [Write("product", self.product(f"K{place}"), external_id=f"shoptet:{place}") for place in range(230)]
        written = client.write(writes)

        found = [row.id for page in client.pages("product") for row in page]

        assert len(found) == 230
        assert set(found) == {result.id for result in written}

    def test_only_what_changed_since_is_read(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        sandbox.options.clock = lambda: datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
        self.create_product(client, "OLD")
        sandbox.options.clock = lambda: datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
        fresh = self.create_product(client, "NEW")

        pages = client.pages("product", changed_since=datetime(2026, 7, 1, 11, 0, tzinfo=UTC))

        assert [row.id for page in pages for row in page] == [fresh]

    # the login

    def test_good_credentials_pass_the_check(self, client: BlueJetClient) -> None:
        client.check()

    @pytest.mark.parametrize("status", [200, 401, 403])
    def test_bad_credentials_are_unauthorised_at_once_and_not_shown(self, sandbox: BlueJetSandbox, status: int) -> None:
        sandbox.options.turn({"bad_login_status": status})

        with self.connect(sandbox, token_hash="not-the-secret") as client, pytest.raises(Unauthorised, match="Špatné") as caught:
            client.check()

        assert "not-the-secret" not in str(caught.value)
        assert sum(sandbox.stats.requests.values()) == 1

    def test_an_instance_that_wants_https_says_so(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        sandbox.options.turn({"https_required": True})

        with pytest.raises(Refused, match="; K API ke možné přistupovat jedině na protokolu HTTPS"):
            client.check()

    def test_a_session_that_ended_is_renewed_without_a_trace(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        client.check()
        sandbox.sessions.expire_all()

        record = self.create_product(client)

        assert sandbox.store.count(self.product_kind_in_store) == 1
        assert client.read("product", record) is not None

    def test_a_new_token_that_is_refused_everywhere_says_that_the_credentials_do_not_work(
        self, client: BlueJetClient, sandbox: BlueJetSandbox
    ) -> None:
        fault = sandbox.fault("401")

        with pytest.raises(CredentialsRefused):
            client.find("product", client.evidences["product"].natural, "A")

        assert fault.hits == 3

    # faults

    def test_too_many_requests_are_waited_for(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        sandbox.fault("429", times=2)

        self.create_product(client)

        assert sandbox.store.count(self.product_kind_in_store) == 1

    def test_too_many_requests_for_too_long_are_given_back_with_the_time_to_wait(
        self, client: BlueJetClient, sandbox: BlueJetSandbox
    ) -> None:
        sandbox.fault("429", seconds=60)

        with pytest.raises(Throttled) as caught:
            client.find("product", client.evidences["product"].natural, "A")

        assert caught.value.retry_after == 60

    @pytest.mark.parametrize("fault", ["drop_after", "error_after", "malformed", "truncated"])
    def test_a_creation_whose_answer_is_lost_is_unknown_and_made_once(
        self, client: BlueJetClient, sandbox: BlueJetSandbox, fault: str
    ) -> None:
        client.check()
        sandbox.fault(fault)

        with pytest.raises(OutcomeUnknown):
            client.write([self.order_write("10", "11")])

        assert sandbox.store.count(self.order_kind_in_store) == 1

    def test_a_creation_that_commits_after_the_client_gave_up_is_unknown(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        client.check()
        sandbox.fault("late_commit", seconds=60, hold=0)

        with pytest.raises(OutcomeUnknown):
            client.write([self.order_write("10")])

    @pytest.mark.parametrize("fault", ["drop_after", "error_after", "truncated"])
    def test_an_update_whose_answer_is_lost_is_repeated(self, client: BlueJetClient, sandbox: BlueJetSandbox, fault: str) -> None:
        record = self.create_product(client)
        sandbox.fault(fault, times=1)

        (written,) = client.write([Write("product", {self.title: "Nový název"}, record)])

        row = client.read("product", record)
        assert isinstance(written, Written)
        assert row is not None
        assert row.fields[self.title] == "Nový název"

    def test_a_read_survives_two_failures(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        record = self.create_product(client)
        sandbox.fault("503", times=2)

        assert client.read("product", record) is not None

    def test_an_outage_is_told_as_such(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        client.check()
        sandbox.fault("outage")

        with pytest.raises(PartnerUnavailable) as caught:
            client.find("product", client.evidences["product"].natural, "A")

        assert caught.value.retryable

    def test_an_answer_that_is_not_json_is_malformed(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        client.check()
        sandbox.fault("malformed", times=1)

        with pytest.raises(MalformedAnswer, match="Probíhá údržba") as caught:
            client.find("product", client.evidences["product"].natural, "A")

        assert caught.value.retryable

    def test_an_answer_that_is_cut_off_is_asked_for_again(self, client: BlueJetClient, sandbox: BlueJetSandbox) -> None:
        record = self.create_product(client)
        sandbox.fault("truncated", times=1)

        assert client.read("product", record) is not None

    def test_a_refusal_carries_bluejets_own_words(self, client: BlueJetClient) -> None:
        with pytest.raises(Refused, match=self.title) as caught:
            client.write([Write("product", self.product("A") | {self.title: ""})])

        assert not caught.value.retryable

    def test_an_update_of_a_record_that_is_gone_is_an_error_that_no_retry_helps(self, client: BlueJetClient) -> None:
        with pytest.raises(PartnerError) as caught:
            client.write([Write("product", {self.title: "Nový název"}, NOBODY)])

        assert caught.value.status == 404
        assert not caught.value.retryable

    def test_after_one_success_an_error_is_the_outcome_of_its_own_record(self, client: BlueJetClient) -> None:
        good, bad = client.write([Write("product", self.product("A")), Write("product", {self.title: "Nový název"}, NOBODY)])

        assert isinstance(good, Written)
        assert isinstance(bad, RowRefused)
        assert bad.error.status == 404
