"""The BlueJet stand-in's dialect `data`: logging in and reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from sandbox.bluejet.server import BlueJetSandbox
from tests.sandbox.bluejet_caller import Caller, pairs


@pytest.fixture
def bluejet() -> Iterator[Caller]:
    caller = Caller(BlueJetSandbox(seed=False).start())
    yield caller
    caller.close()


def _authenticate(bluejet: Caller, body: object) -> requests.Response:
    return requests.post(f"{bluejet.sandbox.data_url}/users/authenticate", json=body, timeout=5)


def test_a_login_answers_a_token_whatever_the_case_of_the_keys(bluejet: Caller) -> None:
    answer = _authenticate(bluejet, {"TokenID": "demo", "tokenhash": "demo"})

    assert answer.status_code == 200
    assert answer.json()["succeeded"] is True
    assert answer.json()["token"]


def test_a_wrong_login_is_a_200_that_says_it_did_not_succeed(bluejet: Caller) -> None:
    answer = _authenticate(bluejet, {"tokenID": "demo", "tokenHash": "wrong"})

    assert answer.status_code == 200
    assert answer.json() == {"succeeded": False, "token": "", "message": "Špatné přihlašovací údaje."}


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_login_may_be_another_status_by_a_knob(bluejet: Caller, status: int) -> None:
    bluejet.sandbox.options.turn({"bad_login_status": status})

    assert _authenticate(bluejet, {"tokenID": "demo", "tokenHash": "wrong"}).status_code == status


@pytest.mark.parametrize("body", ['{"tokenID": "demo"}', "<User><tokenID>demo</tokenID></User>", "[]", ""])
def test_missing_or_unreadable_credentials_are_a_401(bluejet: Caller, body: str) -> None:
    answer = requests.post(f"{bluejet.sandbox.data_url}/users/authenticate", data=body, timeout=5)

    assert answer.status_code == 401
    assert answer.json()["message"] == "Musí být vyplněny přihlašovací údaje"


def test_a_session_ends_after_24_hours(bluejet: Caller) -> None:
    now = datetime.now(UTC)
    bluejet.sandbox.options.clock = lambda: now + timedelta(hours=24, minutes=1)

    assert bluejet.read(217).status_code == 401


def test_a_request_without_a_token_is_a_401(bluejet: Caller) -> None:
    answer = requests.get(f"{bluejet.sandbox.data_url}/data?no=217&offset=0&limit=1", timeout=5)

    assert answer.status_code == 401


def test_the_path_is_read_whatever_its_case(bluejet: Caller) -> None:
    answer = bluejet.http.get(f"{bluejet.sandbox.url}/API/V1/Data?no=217&offset=0&limit=1", timeout=5)

    assert answer.status_code == 200


def test_a_page_says_the_total_in_header_and_body_and_numbers_its_rows(bluejet: Caller) -> None:
    for number in range(5):
        bluejet.store.insert("product", code=f"P{number}", name="Pánev")

    answer = bluejet.read(217, offset=2, limit=2, fields="code", sort="+code")

    assert answer.headers["X-Total-Count"] == "5"
    assert answer.json() == {
        "no": 217,
        "recordsCount": 5,
        "rows": [{"offset": 2, "columns": pairs(code="P2")}, {"offset": 3, "columns": pairs(code="P3")}],
    }


@pytest.mark.parametrize("missing", ["no", "offset", "limit"])
def test_a_missing_required_parameter_is_a_405(bluejet: Caller, missing: str) -> None:
    params = {"no": 217, "offset": 0, "limit": 10}
    del params[missing]

    answer = bluejet.http.get(f"{bluejet.sandbox.data_url}/data", params=params, timeout=5)

    assert answer.status_code == 405


@pytest.mark.parametrize(
    "query",
    [
        {"fields": "code,neznamy"},
        {"condition": "neznamy|=|1"},
        {"condition": "code=1"},
        {"condition": "code|like|1"},
        {"sort": "code"},
        {"limit": 201},
        {"offset": -1},
        {"no": 999},
    ],
)
def test_a_wrong_parameter_is_a_400_with_a_sentence(bluejet: Caller, query: dict[str, object]) -> None:
    answer = bluejet.read(**{"no": 217, **query})  # type: ignore[arg-type]

    assert answer.status_code == 400
    assert answer.json()["message"]


def test_a_too_large_limit_is_cut_to_200_by_a_knob(bluejet: Caller) -> None:
    bluejet.sandbox.options.over_limit = "clamp"
    for number in range(201):
        bluejet.store.insert("product", code=f"P{number}", name="Pánev")

    assert len(bluejet.read(217, limit=500).json()["rows"]) == 200


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ("code|=|hrnec", ["HRNEC"]),
        ("code|!=|HRNEC", ["PANEV", "PEKAC"]),
        ("code|<>|HRNEC", ["PANEV", "PEKAC"]),
        ("name|contains|áne", ["PANEV"]),
        ("name|!contains|áne", ["HRNEC", "PEKAC"]),
        ("code|starts|p", ["PANEV", "PEKAC"]),
        ("cenaprodej|>|100", ["PEKAC"]),
        ("cenaprodej|>=|100,00", ["HRNEC", "PEKAC"]),
        ("cenaprodej|<|100", ["PANEV"]),
        ("cenaprodej|<=|100.0", ["HRNEC", "PANEV"]),
        ("createdon|>=|2020-01-01", ["HRNEC", "PANEV", "PEKAC"]),
        ("ean|=|", ["HRNEC", "PANEV", "PEKAC"]),
    ],
)
def test_a_condition_picks_rows(bluejet: Caller, condition: str, codes: list[str]) -> None:
    bluejet.store.insert("product", code="HRNEC", name="Hrnec", cenaprodej="100")
    bluejet.store.insert("product", code="PANEV", name="Pánev", cenaprodej="9.9")
    bluejet.store.insert("product", code="PEKAC", name="Pekáč", cenaprodej="1000")

    assert [row["code"] for row in bluejet.rows(217, condition=condition, sort="+code")] == codes


def test_two_conditions_are_refused_unless_the_instance_knows_them(bluejet: Caller) -> None:
    both = ["code|starts|P", "cenaprodej|>|5"]
    bluejet.store.insert("product", code="P1", name="Pánev", cenaprodej="9")
    bluejet.store.insert("product", code="P2", name="Pánev", cenaprodej="1")

    refused = bluejet.read(217, condition=both).status_code
    bluejet.sandbox.options.several_conditions = True

    assert refused == 400
    assert [row["code"] for row in bluejet.rows(217, condition=both)] == ["P1"]


def test_rows_are_sorted_in_either_direction(bluejet: Caller) -> None:
    for code, price in (("A", "9"), ("B", "100"), ("C", "20")):
        bluejet.store.insert("product", code=code, name=code, cenaprodej=price)

    assert [row["code"] for row in bluejet.rows(217, sort="-cenaprodej")] == ["B", "C", "A"]
    assert [row["code"] for row in bluejet.rows(217, sort="+cenaprodej")] == ["A", "C", "B"]


def test_an_unquoted_plus_does_not_sort(bluejet: Caller) -> None:
    answer = bluejet.http.get(f"{bluejet.sandbox.data_url}/data?no=217&offset=0&limit=1&sort=+code", timeout=5)

    assert answer.status_code == 400


def test_values_come_as_text_and_empty_ones_as_null(bluejet: Caller) -> None:
    bluejet.store.insert("product", code="P", name="Pánev", cenaprodej="1499", zobrazit=True)

    (row,) = bluejet.rows(217)

    assert row["cenaprodej"] == "1499.0000"
    assert row["zobrazit"] == "1"
    assert row["popis"] is None


def test_another_instance_writes_numbers_dates_and_bits_the_czech_way(bluejet: Caller) -> None:
    bluejet.sandbox.options.turn({"number_format": "czech", "date_format": "czech", "bit_format": "word", "empty": "missing"})
    bluejet.store.insert("price_list", nazev="Léto", platnostod="2026-06-01T08:05:00")
    bluejet.store.insert("product", code="P", name="Pánev", cenaprodej="-1234567.5", zobrazit=False)

    (product,), (price_list,) = bluejet.rows(217), bluejet.rows(250)

    assert product["cenaprodej"] == "-1 234 567,5000"
    assert product["zobrazit"] == "False"
    assert "popis" not in product
    assert price_list["platnostod"] == "1.6.2026 08:05:00"


def test_an_instance_may_have_no_modified_column(bluejet: Caller) -> None:
    bluejet.sandbox.options.has_modifiedon = False
    bluejet.store.insert("product", code="P", name="Pánev")

    (row,) = bluejet.rows(217)

    assert "modifiedon" not in row
    assert bluejet.read(217, condition="modifiedon|>=|2026-01-01").status_code == 400


def test_changes_since_a_moment_are_found_by_modifiedon(bluejet: Caller) -> None:
    start = datetime(2026, 7, 1, 10, tzinfo=UTC)
    bluejet.sandbox.options.clock = lambda: start
    old = bluejet.store.insert("product", code="OLD", name="Stará")
    bluejet.store.insert("product", code="QUIET", name="Nezměněná")
    bluejet.sandbox.options.clock = lambda: start + timedelta(hours=1)
    bluejet.store.change("product", old, name="Změněná")
    bluejet.log_in()

    rows = bluejet.rows(217, condition="modifiedon|>=|2026-07-01T12:30:00")

    assert [row["code"] for row in rows] == ["OLD"]
    assert rows[0]["modifiedon"] == "2026-07-01T13:00:00"


def test_available_stock_is_computed_and_can_be_searched(bluejet: Caller) -> None:
    product = bluejet.store.insert("product", code="P", name="Pánev")
    for code, amount, reserved in (("A", 10, 3), ("B", 5, 0)):
        stock = bluejet.store.insert("warehouse", kodskladu=code, nazev=code)
        bluejet.store.insert("stock_card", productid=product, skladid=stock, mnozstvi=amount, mnozstvirezervovane=reserved)

    (card,) = bluejet.rows(441, condition="mnoszstvidisponibilni|>|6")

    assert card["mnoszstvidisponibilni"] == "7.0000"
    assert bluejet.rows(217)[0]["zasoba"] == "12.0000"


def test_plain_http_is_refused_where_the_instance_demands_https(bluejet: Caller) -> None:
    bluejet.sandbox.options.https_required = True

    answer = bluejet.read(217)

    assert answer.status_code == 400
    assert "HTTPS" in answer.json()["message"]


def test_one_hundred_thousand_products_are_found_by_key_at_once(bluejet: Caller) -> None:
    bluejet.sandbox.journal.muted = True
    with bluejet.store.transaction("office") as transaction:
        table = bluejet.store.tables[217]
        for number in range(100_000):
            table.put(f"id-{number}", {"productid": f"id-{number}", "code": f"P{number}", "externiidsupl": f"shoptet:{number}"})
        assert transaction.touched == []

    answer = bluejet.read(217, condition="externiidsupl|=|shoptet:77777", fields="code")

    assert answer.json()["rows"][0]["columns"] == pairs(code="P77777")
    assert answer.elapsed < timedelta(seconds=0.5)
