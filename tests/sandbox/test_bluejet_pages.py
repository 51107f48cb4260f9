"""What a person sees of the BlueJet stand-in, and what it holds at the start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.bluejet.evidences import ALL, EVIDENCES
from sandbox.bluejet.server import BlueJetSandbox
from tests.sandbox.bluejet_caller import Caller


@pytest.fixture
def bluejet() -> Iterator[Caller]:
    caller = Caller(BlueJetSandbox(preexisting=True).start())
    yield caller
    caller.close()


def _page(bluejet: Caller, path: str, status: int = 200) -> str:
    answer = bluejet.http.get(bluejet.sandbox.url + path, timeout=5)
    assert answer.status_code == status
    return answer.text


def test_every_evidence_has_one_key_and_refers_to_known_ones() -> None:
    for evidence in ALL:
        names = [column.name for column in evidence.columns]
        assert len(names) == len(set(names))
        assert [column.key for column in evidence.columns].count(True) == 1
        assert all(column.references in EVIDENCES for column in evidence.columns if column.references)
        assert set(evidence.headline) <= set(names)


def test_it_starts_with_three_warehouses_and_an_empty_journal(bluejet: Caller) -> None:
    assert [row["kodskladu"] for row in bluejet.store.rows("warehouse")] == ["HLAVNI", "SHOWROOM", "ESHOP"]
    assert bluejet.sandbox.journal.commits == []


def test_preexisting_records_carry_a_shops_natural_keys_and_two_traps(bluejet: Caller) -> None:
    by_hand = [row for row in bluejet.store.rows("product") if row.get("poznamka") == "Založeno ručně"]
    codes = [row["code"] for row in by_hand]

    assert len(codes) == 6
    assert len(set(codes)) == 5
    assert [row.get("externiidsupl") for row in by_hand].count("jiny-eshop:4711") == 1


@pytest.mark.parametrize(("language", "word"), [("", "Produkty"), ("?lang=en", "Products")])
def test_the_first_page_shows_counts_and_addresses(bluejet: Caller, language: str, word: str) -> None:
    page = _page(bluejet, "/" + language)

    assert word in page
    assert bluejet.sandbox.data_url in page
    assert bluejet.sandbox.rest_url in page


def test_an_evidence_is_searched(bluejet: Caller) -> None:
    page = _page(bluejet, "/evidence/product?q=TERMOSTAT")

    assert "Termostat 30–90 °C" in page
    assert "Servisní práce" not in page


def test_a_document_shows_its_lines_and_whether_they_add_up(bluejet: Caller) -> None:
    (offer,) = bluejet.store.rows("offer")

    good = _page(bluejet, f"/evidence/offer/{offer['nabidkaid']}")
    bluejet.store.change("offer", offer["nabidkaid"], cenadphprodej="1")
    bad = _page(bluejet, f"/evidence/offer/{offer['nabidkaid']}")

    assert "Těsnění dveří konvektomatu K10" in good
    assert "souhlasí s hlavičkou" in good
    assert "nesouhlasí s hlavičkou" in bad


def test_an_order_of_the_rest_dialect_shows_its_lines(bluejet: Caller) -> None:
    line = {"productId": "PASTA", "quantity": 10, "unitPrice": 149.9, "total": 1499.0}
    order = bluejet.rest("POST", "orders", json={"orderNumber": "1", "lineItems": [line], "status": "Nabídka"}).json()

    page = _page(bluejet, f"/resource/orders/{order['id']}")

    assert "PASTA" in page
    assert "1\u00a0499,00" in page


def test_what_a_writer_sends_is_shown_as_text(bluejet: Caller) -> None:
    bluejet.written("insert", bluejet.product("<script>alert(1)</script>"))

    for path in ("/", "/log", "/evidence/product"):
        assert "<script>" not in _page(bluejet, path)


def test_a_fault_is_switched_on_and_off_by_a_form(bluejet: Caller) -> None:
    form = {"kind": "429", "match": "/data", "times": "", "seconds": "3"}

    bluejet.http.post(f"{bluejet.sandbox.url}/faults/on", data=form, timeout=5)
    status = bluejet.read(217).status_code
    notice = _page(bluejet, "/")
    bluejet.http.post(f"{bluejet.sandbox.url}/faults/off", data={"id": "0"}, timeout=5)

    assert status == 429
    assert "Porucha je zapnutá" in notice
    assert bluejet.read(217).status_code == 200


@pytest.mark.parametrize("path", ["/evidence/nothing", "/evidence/product/nothing", "/resource/nothing", "/resource/orders/nothing"])
def test_a_page_that_does_not_exist_is_a_404(bluejet: Caller, path: str) -> None:
    assert _page(bluejet, path, 404)
