"""Whatever stands wherever in an answer: the records that can be read, or a typed error; never a failure of ours, and storable text."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.answers import parse_json
from clients.bluejet.values import moment as bluejet_moment
from clients.bluejet.values import number
from clients.errors import MalformedAnswer, PartnerError
from clients.shoptet.client import ShoptetClient
from clients.shoptet.paging import read_pages
from clients.shoptet.results import Change, Fetched, Page
from clients.shoptet.wire import WireError, decimal, to_cents, with_vat, without_vat
from clients.storable import FOREIGN
from tests.clients.fake_partner import FakePartner, Reply, recorded, session_on
from tests.contracts.bluejet_wire import Wire, answer, client_on
from tests.contracts.test_shoptet_client_openapi import CALLS

Place = tuple[str | int, ...]
# A busy machine is no reason to give up.
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MARK = "stands for the odd value"
DETAILS = ["order__eur_with_set_coupon_and_gift", "order__guest_bare", "product__two_variants", "product__set_without_stock"]
DETAILS += ["customer__company", "customer__bare"]
READ = {
    "order": lambda client: client.order("1"),
    "product": lambda client: client.product("1"),
    "customer": lambda client: client.customer("1"),
}
# As JSON, since some of it no Python value can spell.
ODD = [
    '"Ahoj\\u0000"', '"\\ud83d"', '"\\udc00x"', '"\ufeffjan@zakaznik.example\u200b"', '"\\u0001\\u007f\\ufffe\\uffff"', '"\\r"',
    '"\u202eabc"', '"Ne\\u0301co"', '"\\ud83c\\udf72"', '"\u00a0100.00\u00a0"', '"1 000,50"', '"1_000"', '"\u0661\u0662"',
    '"-0"', '"-100.00"', '"1e5"', '"0E+99999"', '"1e-400"', '"999999999999999.99"', '"1e15"', '"1e400"', '"--5"', '"Infinity"',
    '"NaN"', '"0.1234567890123456789"', '"http://["', '"//["', '"0001-01-01T00:00:00+0100"', '"9999-12-31T23:59:59-1200"',
    '"0000-00-00"', '"0000-00-00 00:00:00"', '"1899-12-31T00:00:00+0000"', '"2026-02-30T00:00:00+0100"', '"2026-01-01"',
    '"2026-01-01T00:00:00"', '"2026-01-01T00:00:00+2359"', '""', '" "', '"x"', "NaN", "-Infinity", "1e400",
    "1e99999999999999999999", "-1", "0", "0.5", "1e15", "true", "false", "null", "[]", "{}", "[[]]", "[null]", '[{"a": 1}]',
    '{"a": {"b": []}}', "9" * 5000, "-" + "9" * 5000, '"' + "9" * 300 + '"', '"' + "x" * 300 + '"', "[" * 60 + "]" * 60,
]  # fmt: skip
odd_values = st.sampled_from(ODD) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
).map(json.dumps)


def places(node: Any, before: Place = ()) -> Iterator[Place]:
    named = node.items() if isinstance(node, dict) else enumerate(node[:2]) if isinstance(node, list) else ()
    for name, value in named:
        yield (*before, name)
        yield from places(value, (*before, name))


def with_odd(body: Any, place: Place, odd: str) -> bytes:
    """Return the body as JSON with an odd value in one place."""
    spoilt = copy.deepcopy(body)
    holder = spoilt
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = MARK
    return json.dumps(spoilt).replace(f'"{MARK}"', odd).encode("utf-8", "surrogatepass")


def client_told(content: bytes) -> ShoptetClient:
    return ShoptetClient.for_token("https://api.example", "token-for-tests", session=session_on(FakePartner(Reply(200, content))))


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for member in pair for text in texts(member))
    elif isinstance(value, list):
        yield from (text for member in value for text in texts(member))


def in_every_zone(moment: datetime | None) -> None:
    if moment is not None:
        assert moment.astimezone(ZoneInfo("Europe/Prague")).astimezone(UTC) == moment


def looked_over(fetched: Fetched) -> None:
    """Use every value as the flows do."""
    in_every_zone(fetched.changed_at)
    for record in fetched.records:
        assert not any(FOREIGN.search(text) for text in texts(record))
        json.dumps(record, default=str)
        for name in ("createdAt", "changedAt"):
            in_every_zone(record[name] and datetime.fromisoformat(record[name]))


@FEW
@given(st.sampled_from(DETAILS), st.data(), odd_values)
def test_a_detail_with_any_value_anywhere_gives_records_or_a_typed_error(name: str, data: st.DataObject, odd: str) -> None:
    body = recorded(name)
    place = data.draw(st.sampled_from(list(places(body))))
    try:
        looked_over(READ[name.partition("__")[0]](client_told(with_odd(body, place, odd))))
    except PartnerError:
        return


@pytest.mark.parametrize("name", CALLS)
@settings(FEW, max_examples=5)
@given(data=st.data(), odd=odd_values)
def test_any_answer_with_any_value_anywhere_is_read_or_a_typed_error(name: str, data: st.DataObject, odd: str) -> None:
    told, call = CALLS[name]
    body = recorded(told)
    place = data.draw(st.sampled_from(list(places(body))))
    try:
        call(client_told(with_odd(body, place, odd)))
    except PartnerError:
        return


LISTS = {
    "products": ("products", "guid", lambda item: item["guid"]),
    "product_changes": ("changes", "guid", lambda item: item.key),
    "supplies": ("supplies", "code", lambda item: item["code"]),
    "movements": ("movements", "productCode", lambda item: item["code"]),
    "customers": ("customers", "guid", lambda item: item["guid"]),
    "orders": ("orders", "code", lambda item: item["code"]),
    "webhooks": ("webhooks", "id", lambda item: item["id"]),
}


@pytest.mark.parametrize("name", LISTS)
@settings(FEW, max_examples=12)
@given(data=st.data(), odd=odd_values)
def test_one_bad_row_of_a_list_costs_at_most_that_row(name: str, data: st.DataObject, odd: str) -> None:
    field, key_name, key_of = LISTS[name]
    body = recorded(CALLS[name][0])
    body["data"]["paginator"] |= {"totalCount": 3, "pageCount": 1}
    row = body["data"][field][0]
    own = ("id",) if key_name != "id" else ()
    body["data"][field] = [{**row, key_name: str(number), **{one: number for one in own if one in row}} for number in (1, 2, 3)]
    place = data.draw(st.sampled_from([(), *places(row)]))
    items = CALLS[name][1](client_told(with_odd(body, ("data", field, 1, *place), odd)))
    items = [item for page in items for item in page.items] if items and isinstance(items[0], Page) else items

    found = [key_of(item) for item in items]
    assert (found[0], found[-1]) == ("1", "3")
    if place and place[0] not in (key_name, "id", "event"):
        assert found == ["1", "2", "3"]


def test_a_change_whose_time_cannot_be_read_still_names_its_record() -> None:
    body = recorded("order_changes")
    row = {**body["data"]["changes"][0], "code": "2026000001", "changeTime": "0001-01-01T00:00:00+0100"}
    body["data"] |= {"changes": [row], "paginator": {**body["data"]["paginator"], "totalCount": 1, "pageCount": 1}}

    (page,) = client_told(json.dumps(body).encode()).order_changes(datetime(2026, 1, 1, tzinfo=UTC))

    assert page.items == [Change("2026000001", None, row["changeType"] == "delete")]
    assert page.bad == []


def test_a_row_that_cannot_be_read_is_told_with_its_page() -> None:
    body = recorded("orders")
    good = body["data"]["orders"][0]
    body["data"] |= {
        "orders": [good, {**good, "code": ["x"]}, 7],
        "paginator": {**body["data"]["paginator"], "totalCount": 3, "pageCount": 1},
    }

    (page,) = client_told(json.dumps(body).encode()).orders()

    assert [item["code"] for item in page.items] == [good["code"]]
    assert [reason.partition(":")[0] for reason in page.bad] == ["orders[2]", "orders[3]"]


# Paginators that cannot be true.


@pytest.mark.parametrize(
    ("total", "count"), [(3, 10**9), (3, 0), (3, -1), (-1, 1), (0, 2), (10**18, 10**9), (10**18, 10**18)], ids=lambda value: f"{value:.0e}"
)
def test_a_list_without_an_end_ends_with_a_sentence(total: int, count: int) -> None:
    asked: list[int] = []

    def fetch(number: int) -> Page:
        asked.append(number)
        return Page(items=["a", "b", "c"], total=total, number=number, count=count)

    with pytest.raises(MalformedAnswer, match="the list /api/orders says that it has"):
        list(read_pages(fetch, key=str, name="/api/orders"))

    assert len(asked) < 10


def test_a_list_that_says_it_has_more_rows_than_it_gives_is_not_taken_for_whole() -> None:
    def fetch(number: int) -> Page:
        return Page(items=["a", "b"], total=500, number=number, count=1)

    with pytest.raises(MalformedAnswer, match="says that it has 500 rows and gives 2"):
        list(read_pages(fetch, key=str, name="/api/orders"))


def test_an_empty_page_in_the_middle_hides_no_page_behind_it() -> None:
    pages = {1: ["a", "b"], 2: [], 3: ["c"]}

    def fetch(number: int) -> Page:
        return Page(items=pages[number], total=3, number=number, count=3)

    assert [item for page in read_pages(fetch, key=str, name="x") for item in page.items] == ["a", "b", "c"]


# Numbers and bodies.


@FEW
@given(st.decimals(allow_nan=True, allow_infinity=True), st.decimals(allow_nan=True, allow_infinity=True))
def test_any_two_amounts_can_be_reckoned_with_or_are_refused(first: Any, second: Any) -> None:
    try:
        amount, rate = decimal(str(first), "amount"), decimal(str(second), "rate")
    except WireError:
        return
    assert to_cents(amount).as_tuple().exponent == -2
    assert with_vat(amount, abs(rate) % 101).is_finite() and without_vat(amount, abs(rate) % 101).is_finite()


@pytest.mark.parametrize(
    ("told", "read"), [("1e-20", "0"), ("0.1234567890126", "0.123456789013"), ("-0.0000000000001", "0"), ("\u00a0149.90 ", "149.90")]
)
def test_more_decimal_places_than_anybody_counts_are_rounded(told: str, read: str) -> None:
    assert str(decimal(told, "amount")) == read


@FEW
@given(
    st.dictionaries(st.text(), st.text() | st.lists(st.text() | st.dictionaries(st.text(), st.text(), max_size=3), max_size=3), max_size=4)
)
def test_a_body_comes_out_storable_and_otherwise_as_it_was(body: Any) -> None:
    content = json.dumps(body).encode()

    read = parse_json(content)

    assert not any(FOREIGN.search(text) for text in texts(read))
    if not any(FOREIGN.search(text) for text in texts(body)):
        assert read == json.loads(content)


def test_a_raw_control_character_in_a_text_spoils_nothing_but_that_text() -> None:
    assert parse_json(b'{"remark": "a\x00b\x01c\nd", "n\x00": 1}') == {"remark": "a\ufffdb\x01c\nd", "n\ufffd": 1}


def test_a_number_beyond_all_measure_spoils_its_field_alone() -> None:
    read = parse_json(b'{"a": ' + b"9" * 5000 + b', "b": 1e99999999999999999999, "c": NaN, "d": 12, "e": 0.5}')

    assert (read["a"], read["b"], read["c"]) == ("9" * 5000, "1e99999999999999999999", "NaN")
    assert (read["d"], str(read["e"])) == (12, "0.5")


# BlueJet.

PAGE = {
    "data": {
        "no": 217,
        "recordsCount": 3,
        "rows": [{"columns": [{"name": "productid", "value": f"id-{row}"}, {"name": "code", "value": f"K{row}"}]} for row in (1, 2, 3)],
    },
    "rest": {"items": [{"id": f"id-{row}", "productCode": f"K{row}", "price": 1.5} for row in (1, 2, 3)], "total": 3},
}
CODE = {"data": "code", "rest": "productCode"}
HEADERS = {"X-Total-Count": "3"}


def bluejet_told(dialect: str, content: bytes) -> Any:
    return client_on(Wire(*[answer(text=content.decode(), headers=HEADERS) for _ in range(4)]), dialect=dialect)


@pytest.mark.parametrize("dialect", ["data", "rest"])
@FEW
@given(data=st.data(), odd=odd_values)
def test_a_page_of_bluejet_with_any_value_anywhere_is_read_or_a_typed_error(dialect: str, data: st.DataObject, odd: str) -> None:
    place = data.draw(st.sampled_from(list(places(PAGE[dialect]))))
    content = with_odd(PAGE[dialect], place, odd)
    for ask in (lambda client: client.find("product", CODE[dialect], "K2"), lambda client: list(client.pages("product"))):
        try:
            ask(bluejet_told(dialect, content))
        except PartnerError:
            continue


@pytest.mark.parametrize("dialect", ["data", "rest"])
@FEW
@given(data=st.data(), odd=odd_values)
def test_one_bad_row_of_bluejet_costs_that_row_and_is_counted(dialect: str, data: st.DataObject, odd: str) -> None:
    field = "rows" if dialect == "data" else "items"
    row = PAGE[dialect][field][1]  # type: ignore[index]
    place = data.draw(st.sampled_from([(), *places(row)]))
    client = bluejet_told(dialect, with_odd(PAGE[dialect], (field, 1, *place), odd))

    found = [row.id for page in client.pages("product") for row in page]

    assert {"id-1", "id-3"} <= set(found)
    assert len(found) + client.unreadable["product"] == 3 or len(set(found)) < 3


@pytest.mark.parametrize("dialect", ["data", "rest"])
@pytest.mark.parametrize(("wanted", "is_found"), [("K2", False), ("K3", True)])
def test_a_bad_row_that_may_be_the_wanted_one_is_never_taken_for_none(dialect: str, wanted: str, is_found: bool) -> None:
    place: Place = ("rows", 1, "columns", 0, "value") if dialect == "data" else ("items", 1, "id")
    client = bluejet_told(dialect, with_odd(PAGE[dialect], place, "null"))

    if is_found:
        assert [row.id for row in client.find("product", CODE[dialect], wanted)] == ["id-3"]
    else:
        with pytest.raises(MalformedAnswer):
            client.find("product", CODE[dialect], wanted)


@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_a_table_of_bluejet_without_an_end_ends_with_a_sentence(dialect: str) -> None:
    count = "recordsCount" if dialect == "data" else "total"
    content = json.dumps(PAGE[dialect] | {count: 10**9}).encode()
    client = client_on(Wire(*[answer(text=content.decode()) for _ in range(9)]), dialect=dialect)

    with pytest.raises(MalformedAnswer, match="brings the same ones again"):
        list(client.pages("product"))


@FEW
@given(odd_values)
def test_any_value_of_a_column_is_a_number_and_a_moment_or_neither(odd: str) -> None:
    value = parse_json(odd.encode("utf-8", "surrogatepass"))

    read = number(value)
    in_every_zone(bluejet_moment(value))

    assert read is None or to_cents(read).is_finite()


@pytest.mark.parametrize(
    "told", ["0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "1.1.0001", "/Date(-99999999999999)/", "/Date(99999999999999)/"]
)
def test_the_empty_moment_of_dotnet_is_none(told: str) -> None:
    assert bluejet_moment(told) is None
