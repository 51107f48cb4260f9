"""Both dialects keep the one contract; the dialect `data` also with what instances may do differently."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from clients.bluejet import RowRefused, Write, Written
from clients.bluejet.values import number
from clients.errors import OutcomeUnknown, Refused
from sandbox.bluejet.server import BlueJetSandbox
from tests.contracts.bluejet_client import BlueJetClientContract


class TestData(BlueJetClientContract):
    dialect = "data"
    price = "cenadphprodej"
    title = "name"
    line_title = "nazev"
    order_kind_in_store = "order"
    product_kind_in_store = "product"

    def address(self, sandbox: BlueJetSandbox) -> str:
        return sandbox.data_url

    def product(self, code: str) -> dict[str, Any]:
        return {"code": code, "name": f"Kredenc {code}", "cenadphprodej": Decimal("149.90"), "zobrazit": True}

    def document(self, number: str) -> dict[str, Any]:
        return {"nazev": f"Objednávka {number}", "mena": "CZK", "cenadphprodej": Decimal("599.60")}

    def line(self, title: str, quantity: str, total: str) -> dict[str, Any]:
        return {"nazev": title, "mnozstvi": Decimal(quantity), "cenadphprodej": Decimal(total)}

    def upsert(self, code: str, **changes: Any) -> Write:
        return Write("product", self.product(code) | changes, external_id=f"shoptet:{code}", upsert=True)

    def test_an_upsert_inserts_once_and_updates_after_that(self, client: Any, sandbox: BlueJetSandbox) -> None:
        (first,) = client.write([self.upsert("A")])
        (second,) = client.write([self.upsert("A", name="Nový název")])

        assert (first.action, second.action) == ("inserted", "updated")
        assert first.id == second.id
        assert [row["name"] for row in sandbox.store.rows("product")] == ["Nový název"]

    @pytest.mark.parametrize("fault", ["drop_after", "error_after", "truncated"])
    def test_upserts_whose_answer_is_lost_are_repeated_and_make_one_record_each(self, sandbox: BlueJetSandbox, fault: str) -> None:
        with self.connect(sandbox, {"options": {"repeat_upserts": True}}) as client:
            client.check()
            sandbox.fault(fault, times=1)

            outcomes = client.write([self.upsert("A"), self.upsert("B")])

        assert all(isinstance(outcome, Written) for outcome in outcomes)
        assert sandbox.store.count("product") == 2

    def test_an_upsert_that_commits_after_its_repetition_makes_one_record(self, sandbox: BlueJetSandbox) -> None:
        with self.connect(sandbox, {"options": {"repeat_upserts": True}}) as client:
            client.check()
            sandbox.fault("late_commit", seconds=0.2, hold=0, times=1)

            (written,) = client.write([self.upsert("A")])

        assert sandbox.journal.wait_for(2, seconds=5)
        assert [row["productid"] for row in sandbox.store.rows("product")] == [written.id]

    def test_ten_records_are_one_request(self, client: Any, sandbox: BlueJetSandbox) -> None:
        client.check()
        sandbox.stats.reset()

        client.write([self.upsert(f"K{place}") for place in range(10)])

        assert sum(sandbox.stats.requests.values()) == 1

    def test_one_bad_record_of_a_batch_refuses_them_all(self, client: Any, sandbox: BlueJetSandbox) -> None:
        with pytest.raises(Refused, match="není číslo"):
            client.write([self.upsert("A"), self.upsert("B", cenaprodej="dohodou")])

        assert sandbox.store.count("product") == 0

    def test_lines_that_are_lost_after_their_header_leave_its_id_to_look_by(self, sandbox: BlueJetSandbox) -> None:
        sandbox.fault("drop_after", no=322)

        with self.connect(sandbox, {"options": {"lines_per_write": 0}}) as client:
            (outcome,) = client.write([self.order_write("10")])

        assert isinstance(outcome, RowRefused)
        assert isinstance(outcome.error, OutcomeUnknown)
        assert outcome.id == sandbox.store.rows("order")[0]["objednavkaid"]

    @pytest.mark.parametrize("form", ["S1", "S2", "S3"])
    def test_every_form_of_write_creates_and_changes_whole_documents(self, sandbox: BlueJetSandbox, form: str) -> None:
        sandbox.options.write_forms = (form,) if form != "S1" else ("S1", "S3")  # removal is known in the form of S3 alone

        with self.connect(sandbox, {"options": {"write_form": form}}) as client:
            created = self.create_order(client, "10", "11", "12")
            change = Write("order", self.document("2026-001"), created.id, removed_lines=(created.line_ids["11"],))
            (changed,) = client.write([change])
            row = client.read("order", created.id)

        assert isinstance(changed, Written)
        assert row is not None
        assert sorted(line.fields["externiidsupl"] for line in row.lines) == ["10", "12"]

    @pytest.mark.parametrize(
        "habits",
        [
            {"number_format": "czech", "date_format": "czech", "bit_format": "word"},
            {"empty": "missing"},
            {"empty": "text"},
            {"max_limit": 3, "over_limit": "clamp"},
            {"has_modifiedon": False},
            {"bad_login_status": 401},
        ],
    )
    def test_instances_may_have_habits_of_their_own(self, sandbox: BlueJetSandbox, habits: dict[str, Any]) -> None:
        sandbox.options.turn(habits)

        with self.connect(sandbox) as client:
            client.write([self.upsert(f"K{place}", cenadphprodej=Decimal("1499.90")) for place in range(8)])
            rows = [row for page in client.pages("product") for row in page]

        assert {row.fields["code"] for row in rows} == {f"K{place}" for place in range(8)}
        assert {number(row.fields["cenadphprodej"]) for row in rows} == {Decimal("1499.90")}


class TestRest(BlueJetClientContract):
    dialect = "rest"
    price = "price"
    title = "title"
    line_title = "name"
    order_kind_in_store = "orders"
    product_kind_in_store = "products"

    def address(self, sandbox: BlueJetSandbox) -> str:
        return sandbox.rest_url

    def product(self, code: str) -> dict[str, Any]:
        return {"productCode": code, "title": f"Kredenc {code}", "price": Decimal("149.90"), "currency": "CZK", "stock": Decimal("3")}

    def document(self, number: str) -> dict[str, Any]:
        return {"orderNumber": number, "status": "Objednávka", "totalAmount": Decimal("599.60"), "customerName": "Jan Novák"}

    def line(self, title: str, quantity: str, total: str) -> dict[str, Any]:
        return {"name": title, "quantity": Decimal(quantity), "unitPrice": Decimal("149.90"), "total": Decimal(total)}

    def test_nothing_can_be_upserted(self, client: Any) -> None:
        assert not client.can_upsert("product")
        with pytest.raises(ValueError, match="cannot be inserted or updated"):
            client.write([Write("product", self.product("A"), external_id="shoptet:A", upsert=True)])

    def test_an_offer_is_an_order_in_another_state(self, client: Any, sandbox: BlueJetSandbox) -> None:
        fields = self.document("2026-002") | {"status": "Nabídka"}

        (written,) = client.write([Write("offer", fields, external_id="shoptet:2026-002")])

        assert sandbox.store.get("orders", written.id)["status"] == "Nabídka"  # type: ignore[index]
