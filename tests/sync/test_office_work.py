"""What the office does in BlueJet is kept: only what changed in the shop is sent, and nobody is overwritten in silence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mappings.models import FieldMapping
from shops.models import Shop
from shops.partial_updates import state_of
from sync.issues import Issue
from sync.models import RecordLink, SyncJob
from sync.push.changes import Known, find_changes
from sync.push.comparing import is_held
from sync.push.groups import GROUPS, with_company
from sync.push.hashing import plain
from sync.push.kept_values import LONGEST, kept
from sync.push.telling import _shown
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, announce, bring, change, guid_of, issues_of, lists_only, look_at, place
from tests.sync.holdings import NAMES, Holdings
from tests.sync.portal import Portal

DATA_ONLY = pytest.mark.parametrize("dialect", ["data"])
STATE = {"data": "statuscode", "rest": "status"}
NOTE = {"data": "internipoznamka", "rest": "internalNote"}
REMARK = {"data": "poznamka", "rest": "note"}
UNIT = {"data": "jcenaprodej", "rest": "unitPriceWithoutVat"}
LATER = "Odeslaná"
WORKING = -3


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    return Holdings(portal)


def delivered(portal: Portal, *codes: str, **wishes: object) -> str:
    """Place an order for products that BlueJet knows, and let it arrive."""
    bring(portal, *codes)
    code = place(portal, *codes, **wishes)
    portal.work()
    return code


def changed(portal: Portal, code: str, **wishes: Any) -> list[dict[str, Any]]:
    """Change an order in the shop, let it go over, and return what was found."""
    change(portal, code, **wishes)
    portal.work()
    job = portal.job(ORDERS, code)
    assert job.state == "done", job.issues
    return list(job.issues)


def named(issues: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Return what was told of the office's changes: BlueJet's value, and what became of it, by field."""
    return {
        issue["field"]: (issue["params"]["theirs"], issue["params"]["done"]) for issue in issues if issue["code"] == "changed_in_bluejet"
    }


def test_the_state_and_the_note_of_the_office_stay_when_the_customer_changes_the_remark(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01", status=WORKING)
    holds.office_edits(code, **{STATE[holds.dialect]: LATER, NOTE[holds.dialect]: "Volal, přijde v pátek"})

    first = changed(portal, code, notes={"customerRemark": "Prosím zavolat"})
    second = changed(portal, code, notes={"customerRemark": "Už nevolejte"})

    document = holds.document(code)
    assert (document.state, document.fields[NOTE[holds.dialect]]) == (LATER, "Volal, přijde v pátek")
    assert document.fields[REMARK[holds.dialect]] == "Už nevolejte"
    note = {NOTE[holds.dialect]: ("Volal, přijde v pátek", "kept")} if holds.dialect == "data" else {}  # the shop says nothing there
    assert named(first) == {STATE[holds.dialect]: (LATER, "kept")} | note
    assert named(second) == {}


def test_a_new_status_of_the_shop_goes_and_names_the_state_that_is_lost(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01", status=WORKING)
    holds.office_edits(code, **{STATE[holds.dialect]: LATER})

    issues = changed(portal, code, status=-4)

    assert holds.document(code).state in ("Stornovaná", "Stornováno")
    assert named(issues) == {STATE[holds.dialect]: (LATER, "lost")}


def test_what_the_shop_says_too_is_no_difference(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01")
    holds.office_edits(code, **{REMARK[holds.dialect]: "Prosím zavolat"})

    assert named(changed(portal, code, notes={"customerRemark": "Prosím zavolat"})) == {}


def test_a_line_that_did_not_change_is_not_written(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01", "SPO02")
    writes = holds.writes()

    changed(portal, code, notes={"customerRemark": "Prosím zavolat"})

    touched = [row for commit in portal.bluejet.journal.since(writes) for row in commit.rows]
    assert [row.kind for row in touched] == (["offer"] if holds.dialect == "data" else ["orders"])
    assert {name for row in touched for name in row.fields} <= {REMARK[holds.dialect], "modifiedon", "modifiedAt", "externalId"}


def test_a_new_quantity_takes_the_price_along_and_names_the_discount_of_the_office(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01")
    line = holds.document(code).lines[0]
    price = {"data": "jcenaprodej", "rest": "unitPriceWithoutVat"}[holds.dialect]
    before = line.fields[price]
    holds.office_edits_line(code, line.id, **{price: "1" if holds.dialect == "data" else 1})

    issues = changed(portal, code, amounts={"SPO01": 3})

    after = holds.document(code).lines[0]
    assert (after.id, after.quantity) == (line.id, 3)
    assert is_held(before, after.fields[price])
    assert [(field.rpartition("/")[2], done) for field, (_theirs, done) in named(issues).items()] == [(price, "lost")]


def test_a_line_that_the_office_added_stays_and_is_told_once(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01")
    added = holds.office_adds_line(code, "Montáž na místě", 500)

    first = changed(portal, code, amounts={"SPO01": 2})
    second = changed(portal, code, amounts={"SPO01": 3})

    document = holds.document(code)
    assert added in document.by_id()
    assert [[issue["code"] for issue in issues] for issues in (first, second)] == [["lines_added_in_bluejet"], []]
    assert next(line for line in document.lines if line.name == "Plynový sporák GS-400").quantity == 3


def test_what_the_office_wrote_into_a_line_that_the_shop_takes_off_is_named(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01", "SPO02")
    line, column = holds.document(code).lines[1], {"data": "nazev", "rest": "name"}[holds.dialect]
    holds.office_edits_line(code, line.id, **{column: "Sporák, dodat až v květnu"})

    issues = changed(portal, code, amounts={"SPO02": 0})

    assert line.id not in holds.document(code).by_id()
    assert [(field.rpartition("/")[2], *rest) for field, rest in named(issues).items()] == [(column, "Sporák, dodat až v květnu", "lost")]


def test_a_line_that_the_office_deleted_stays_away_until_the_shop_changes_it(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01", "SPO02")
    holds.office_deletes_line(code, holds.document(code).lines[1].id)

    first = changed(portal, code, notes={"customerRemark": "Prosím zavolat"})
    names = [line.name for line in holds.document(code).lines]
    second = changed(portal, code, amounts={"SPO02": 2})

    assert [issue["code"] for issue in first] == ["line_deleted_in_bluejet"]
    assert "Plynový sporák GS-600" not in names
    assert [issue["params"]["done"] for issue in second] == ["restored"]
    assert "Plynový sporák GS-600" in [line.name for line in holds.document(code).lines]


def test_a_link_of_before_knows_only_the_names_of_a_lines_fields_and_is_compared_with_bluejet(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01")
    link = RecordLink.objects.get(kind="offer", key=code)
    link.sent["lines"] = {key: sorted(values) for key, values in link.sent["lines"].items()}
    RecordLink.objects.filter(pk=link.pk).update(sent=link.sent, seen={})
    writes = holds.writes()

    issues = changed(portal, code, notes={"customerRemark": "Prosím zavolat"})

    kinds = [row.kind for commit in portal.bluejet.journal.since(writes) for row in commit.rows]
    assert (issues, kinds) == ([], ["offer"] if holds.dialect == "data" else ["orders"])


def test_an_amount_that_used_to_be_rounded_to_cents_stays_and_is_blamed_on_nobody(portal: Portal, holds: Holdings) -> None:
    FieldMapping.objects.filter(shop=portal.shop, entity="order_line", source="discount").delete()
    item = {"code": "SPO01", "amount": "7", "ratio": "0.8571", "price": "1234.57"}
    code = delivered(portal, "SPO01", items=[item])
    column, line, link = UNIT[holds.dialect], holds.document(code).lines[0], RecordLink.objects.get(key=code)
    exact = Decimal(str(line.fields[column]))
    link.sent["lines"] = {key: sorted(values) for key, values in link.sent["lines"].items()}
    RecordLink.objects.filter(pk=link.pk).update(sent=link.sent, seen={})
    holds.office_edits_line(code, line.id, **{column: str(round(exact, 2))})

    issues = changed(portal, code, notes={"customerRemark": "Prosím zavolat"})

    assert exact != round(exact, 2)
    assert (issues, Decimal(str(holds.document(code).lines[0].fields[column]))) == ([], round(exact, 2))


def test_what_a_pass_writes_over_is_named_at_the_record_and_stays_there(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01")
    SyncJob.objects.all().delete()
    holds.office_edits(code, **{REMARK[holds.dialect]: "Napsala Jana"})
    portal.control(f"/orders/{code}", {"notes": {"customerRemark": "Prosím zavolat"}})

    portal.run(ORDERS)
    told = named(list(portal.job(ORDERS, code).issues))
    portal.run(ORDERS)

    assert told == {REMARK[holds.dialect]: ("Napsala Jana", "lost")}
    assert named(list(portal.job(ORDERS, code).issues)) == told
    assert portal.job(ORDERS, code).state == "done"


@DATA_ONLY
def test_where_an_order_follows_an_offer_what_the_office_wrote_into_the_offer_is_named(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01", status=-1)
    line = holds.document(code).lines[0]
    holds.office_edits(code, statuscode=LATER, internipoznamka="Volal")
    holds.office_edits_line(code, line.id, nazev="Sporák ze skladu")

    first, second = changed(portal, code, status=-3), changed(portal, code, notes={"customerRemark": "Prosím zavolat"})

    offer, _order = holds.documents(code)
    assert (offer.state, offer.fields["internipoznamka"], offer.lines[0].name) == ("Potvrzená", "Volal", "Sporák ze skladu")
    assert named(first) == {
        "statuscode": (LATER, "lost"),
        "internipoznamka": ("Volal", "left"),
        "lines/5001/nazev": ("Sporák ze skladu", "left"),
    }
    assert second == []


def with_names_only(code: str, *unknown: str) -> None:
    """Leave of a document's link what an earlier version kept: the header's values, and of the lines the names of their fields."""
    link = RecordLink.objects.get(kind__in=["offer", "order"], key=code)
    link.sent["lines"] = {key: sorted(set(values) - {*unknown}) for key, values in link.sent["lines"].items()}
    RecordLink.objects.filter(pk=link.pk).update(sent=link.sent, seen={}, draft_hash="")


PRICE = {"data": "jcenaprodej", "rest": "unitPriceWithoutVat"}
DISCOUNT = {"data": "sleva", "rest": "discount"}
TITLE = {"data": "nazev", "rest": "name"}


def test_of_an_old_link_what_the_office_wrote_into_lines_stays_where_the_orders_sums_are_the_same(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01")
    with_names_only(code, DISCOUNT[holds.dialect])
    line = holds.document(code).lines[0]
    ours = {PRICE[holds.dialect]: 100, DISCOUNT[holds.dialect]: 10, TITLE[holds.dialect]: "Sporák ze skladu"}
    holds.office_edits_line(code, line.id, **({name: str(value) for name, value in ours.items()} if holds.dialect == "data" else ours))

    first = changed(portal, code, notes={"customerRemark": "Prosím zavolat"})
    second = changed(portal, code, notes={"customerRemark": "Už nevolejte"})

    after = holds.document(code).lines[0]
    assert all(is_held(value, after.fields[name]) for name, value in ours.items())
    assert {field.rpartition("/")[2]: done for field, (_theirs, done) in named(first).items()} == dict.fromkeys(ours, "kept")
    assert second == []


def test_of_an_old_link_a_new_quantity_of_the_shop_goes_and_the_offices_name_of_the_line_stays(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01")
    with_names_only(code)
    line = holds.document(code).lines[0]
    holds.office_edits_line(code, line.id, **{TITLE[holds.dialect]: "Sporák ze skladu"})

    issues = changed(portal, code, amounts={"SPO01": 3})

    after = holds.document(code).lines[0]
    assert (after.quantity, after.name) == (3, "Sporák ze skladu")
    assert named(issues)[f"lines/5001/{TITLE[holds.dialect]}"] == ("Sporák ze skladu", "kept")


def test_a_product_gets_only_what_changed(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    holds.office_changes("product", holds.product("SPO01")["id"], name="Náš sporák")

    portal.control("/products/SPO01/price", {"price": "30000"})
    bring(portal, "SPO01")

    product = holds.product("SPO01")
    assert (product["name"], product["price"]) == ("Náš sporák", 36300)


def test_always_stays_a_choice_for_a_row(portal: Portal, holds: Holdings) -> None:
    title = NAMES[holds.dialect]["product"]["name"]
    FieldMapping.objects.filter(shop=portal.shop, entity="product", target=title).update(when=FieldMapping.When.ALWAYS)
    bring(portal, "SPO01")
    holds.office_changes("product", holds.product("SPO01")["id"], name="Náš sporák")

    portal.control("/products/SPO01/price", {"price": "30000"})
    bring(portal, "SPO01")

    assert holds.product("SPO01")["name"] == "Plynový sporák GS-400"


def test_a_row_that_was_for_creation_only_goes_once_it_is_for_changes(portal: Portal, holds: Holdings) -> None:
    title = NAMES[holds.dialect]["product"]["name"]
    rows = FieldMapping.objects.filter(shop=portal.shop, entity="product", target=title)
    rows.update(when=FieldMapping.When.CREATE)
    bring(portal, "SPO01")
    rows.update(source="join(' ', [code, name])")
    portal.control("/products/SPO01/price", {"price": "30000"})
    bring(portal, "SPO01")

    rows.update(when=FieldMapping.When.CHANGED)
    bring(portal, "SPO01")

    assert holds.product("SPO01")["name"] == "SPO01 Plynový sporák GS-400"


def test_a_removed_row_clears_nothing(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    writes, before = holds.writes(), holds.product("SPO01")["name"]
    FieldMapping.objects.filter(shop=portal.shop, entity="product", target=NAMES[holds.dialect]["product"]["ean"]).delete()

    bring(portal, "SPO01")

    assert (holds.writes(), holds.product("SPO01")["name"], bool(holds.product("SPO01")["ean"])) == (writes, before, True)


@pytest.mark.parametrize("in_a_run", [False, True])
def test_an_adopted_product_stays_as_it_was_until_the_shop_changes_it(portal: Portal, holds: Holdings, in_a_run: bool) -> None:
    known = holds.office_adds("product", code="SPO01", name="Sporák od dodavatele", price="100" if holds.dialect == "data" else 100)

    if in_a_run:
        portal.run(PRODUCTS)
    else:
        bring(portal, "SPO01")
    adopted = holds.product("SPO01")
    portal.control("/products/SPO01/price", {"price": "30000"})
    bring(portal, "SPO01")

    product = holds.product("SPO01")
    assert (adopted["id"], adopted["name"], adopted["price"]) == (known, "Sporák od dodavatele", 100)
    assert (product["name"], product["price"]) == ("Sporák od dodavatele", 36300)


def test_where_the_shop_wins_an_adopted_product_is_written_over_and_what_is_lost_is_named(portal: Portal, holds: Holdings) -> None:
    Shop.objects.filter(pk=portal.shop.pk).update(first_pairing=Shop.FirstPairing.SHOPTET)
    portal.shop.refresh_from_db()
    holds.office_adds("product", code="SPO01", name="Sporák od dodavatele")

    bring(portal, "SPO01")

    job = portal.job(PRODUCTS, guid_of(portal, "SPO01"))
    assert holds.product("SPO01")["name"] == "Plynový sporák GS-400"
    assert named(job.issues) == {NAMES[holds.dialect]["product"]["name"]: ("Sporák od dodavatele", "lost")}


def test_a_portal_that_lost_its_links_adopts_its_own_documents_as_they_are(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01", status=WORKING)
    holds.office_edits(code, **{STATE[holds.dialect]: LATER})
    RecordLink.objects.filter(kind__in=["offer", "order"]).delete()

    issues = changed(portal, code, notes={"customerRemark": "Prosím zavolat"})

    document = holds.document(code)
    assert document.state == LATER
    assert named(issues)[STATE[holds.dialect]] == (LATER, "kept")
    assert {done for _theirs, done in named(issues).values()} == {"kept"}
    assert len(document.lines) == 3


fields = st.sampled_from(["state", "remark", "note"])
moves = st.lists(st.tuples(st.sampled_from(["shop", "office"]), fields, st.integers(0, 2)), min_size=2, max_size=5)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=moves)
def test_of_shop_and_office_the_last_has_the_field_and_what_is_lost_is_named(
    portal: Portal, holds: Holdings, steps: list[tuple[str, str, int]]
) -> None:
    code = delivered(portal, "SPO01", status=WORKING)
    columns = {"state": STATE[holds.dialect], "remark": REMARK[holds.dialect], "note": NOTE[holds.dialect]}
    said: dict[str, Any] = {"state": WORKING, "remark": "", "note": ""}
    last: dict[str, tuple[str, Any]] = {}
    for number, (who, field, choice) in enumerate(steps):
        if who == "office":
            value = LATER if field == "state" else f"kancelář {number}"
            holds.office_edits(code, **{columns[field]: value})
            last[field] = ("office", value)
            continue
        before = holds.document(code).fields
        value = (-3, -2, -3)[choice] if field == "state" else f"obchod {choice}"
        if value == said[field]:
            continue
        said[field] = value
        notes = {"remark": "customerRemark", "note": "eshopRemark"}
        issues = changed(portal, code, **({"status": value} if field == "state" else {"notes": {notes[field]: value}}))
        after = holds.document(code).fields
        was_theirs = last.get(field, ("shop", ""))[0] == "office"
        if was_theirs and after.get(columns[field]) != before.get(columns[field]):
            assert named(issues)[columns[field]][1] == "lost"
            last[field] = ("shop", value)
    document = holds.document(code).fields
    assert {field: document[columns[field]] for field, (who, _value) in last.items() if who == "office"} == {
        field: value for field, (who, value) in last.items() if who == "office"
    }


# What an update does to columns that it does not name


def test_a_first_update_finds_out_that_bluejet_keeps_what_is_not_named(portal: Portal, holds: Holdings) -> None:
    bring(portal, "SPO01")
    portal.control("/products/SPO01/price", {"price": "30000"})
    bring(portal, "SPO01")

    portal.shop.bluejet.refresh_from_db()
    assert state_of(portal.shop.bluejet, "product") == "kept"


@pytest.mark.parametrize("what", ["product", "order"])
def test_an_account_that_resets_columns_is_found_out_and_nothing_is_lost(portal: Portal, holds: Holdings, what: str) -> None:
    portal.bluejet.options.turn({"update_resets": True})
    bring(portal, "SPO01")
    if what == "product":
        before = holds.product("SPO01")
        told = [price(portal, amount) for amount in ("30000", "31000")]
        after = holds.product("SPO01")
        assert (after["name"], after["ean"], after["category"]) == (before["name"], before["ean"], before["category"])
        assert after["price"] == 37510
    else:
        code = place(portal, "SPO01")
        portal.work()
        holds.office_edits(code, **{NOTE[holds.dialect]: "Volal"})
        then = holds.document(code)
        told = [[issue["code"] for issue in changed(portal, code, notes={"customerRemark": text})] for text in ("a", "b")]
        now = holds.document(code)
        assert (now.state, now.fields[NOTE[holds.dialect]], now.fields[REMARK[holds.dialect]]) == (then.state, "Volal", "b")
        assert [line.total for line in now.lines] == [line.total for line in then.lines]
    assert ["update_resets" in codes for codes in told] == [True, False]


def test_what_a_trial_emptied_is_given_back_though_the_worker_died_before_it_looked(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.bluejet.options.turn({"update_resets": True})
    bring(portal, "SPO01")
    before = holds.product("SPO01")
    portal.control("/products/SPO01/price", {"price": "30000"})
    with monkeypatch.context() as patch:
        patch.setattr("sync.push.write.look_after", _die)
        bring(portal, "SPO01")
    emptied = holds.product("SPO01")

    SyncJob.objects.update(state="done")
    bring(portal, "SPO01")

    after = holds.product("SPO01")
    assert not emptied["ean"]
    assert (after["name"], after["ean"], after["category"], after["price"]) == (before["name"], before["ean"], before["category"], 36300)


def _die(*_: object) -> None:
    raise RuntimeError("the worker was killed")


def unanswered(patch: pytest.MonkeyPatch) -> None:
    """Let the worker die between BlueJet's answer and the note of it."""
    patch.setattr("sync.push.write._after_row", _die)


def once_more(portal: Portal, flow: str, key: str) -> list[dict[str, Any]]:
    """Let the settle time pass, look at the record again, and return what was found."""
    RecordLink.objects.update(settle_until=None)
    SyncJob.objects.update(state="done")
    look_at(portal, flow, key)
    portal.work()
    job = portal.job(flow, key)
    assert job.state == "done", job.issues
    return list(job.issues)


@pytest.mark.parametrize("in_a_run", [False, True])
def test_an_adoption_whose_answer_is_lost_stays_an_adoption(
    portal: Portal, holds: Holdings, in_a_run: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds.office_adds("product", code="SPO01", name="Sporák od dodavatele", price="100" if holds.dialect == "data" else 100)
    with monkeypatch.context() as patch:
        unanswered(patch)
        if in_a_run:
            lists_only(patch, PRODUCTS, guid_of(portal, "SPO01"))
            portal.run(PRODUCTS)
        else:
            bring(portal, "SPO01")

    issues = once_more(portal, PRODUCTS, guid_of(portal, "SPO01"))

    product = holds.product("SPO01")
    assert (product["name"], product["price"]) == ("Sporák od dodavatele", 100)
    assert named(issues)[NAMES[holds.dialect]["product"]["name"]] == ("Sporák od dodavatele", "kept")


def test_a_value_of_the_office_that_a_write_without_an_answer_replaced_is_named(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = delivered(portal, "SPO01", status=WORKING)
    holds.office_edits(code, **{STATE[holds.dialect]: LATER})
    with monkeypatch.context() as patch:
        unanswered(patch)
        change(portal, code, status=-4)
        portal.work()

    first, second = once_more(portal, ORDERS, code), once_more(portal, ORDERS, code)

    assert [named(issues) for issues in (first, second)] == [{STATE[holds.dialect]: (LATER, "lost")}, {}]


@pytest.mark.parametrize("resets", [False, True])
def test_a_trial_that_has_no_answer_does_not_make_the_offices_value_ours(
    portal: Portal, holds: Holdings, resets: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.bluejet.options.turn({"update_resets": resets})
    bring(portal, "SPO01")
    holds.office_changes("product", holds.product("SPO01")["id"], name="Náš sporák")
    portal.control("/products/SPO01/price", {"price": "30000"})
    with monkeypatch.context() as patch:
        unanswered(patch)
        bring(portal, "SPO01")

    once_more(portal, PRODUCTS, guid_of(portal, "SPO01"))

    product = holds.product("SPO01")
    assert (product["name"], product["price"], bool(product["ean"])) == ("Náš sporák", 36300, True)


@DATA_ONLY
def test_a_whole_write_that_has_no_answer_does_not_make_the_offices_value_ours(
    portal: Portal, holds: Holdings, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.bluejet.options.turn({"update_resets": True})
    bring(portal, "SPO01")
    price(portal, "30000")
    holds.office_changes("product", holds.product("SPO01")["id"], name="Náš sporák")
    portal.control("/products/SPO01/price", {"price": "31000"})
    with monkeypatch.context() as patch:
        unanswered(patch)
        bring(portal, "SPO01")

    once_more(portal, PRODUCTS, guid_of(portal, "SPO01"))

    assert (holds.product("SPO01")["name"], holds.product("SPO01")["price"]) == ("Náš sporák", 37510)


@DATA_ONLY
def test_a_rate_that_the_column_rounds_is_no_change_of_the_office(portal: Portal, holds: Holdings) -> None:
    portal.bluejet.options.turn({"number_format": "czech", "date_format": "czech", "bit_format": "word"})
    code = delivered(portal, "SPO01", currency="EUR", exchangeRate="25.1234567")

    assert changed(portal, code, notes={"customerRemark": "Prosím zavolat"}) == []


def price(portal: Portal, amount: str) -> list[str]:
    """Change a product's price in the shop, and return what was found."""
    portal.control("/products/SPO01/price", {"price": amount})
    bring(portal, "SPO01")
    job = portal.job(PRODUCTS, guid_of(portal, "SPO01"))
    assert job.state == "done", job.issues
    return issues_of(job)


@DATA_ONLY
def test_changed_lines_of_such_an_account_keep_what_was_not_named(portal: Portal, holds: Holdings) -> None:
    portal.bluejet.options.turn({"update_resets": True})
    code = delivered(portal, "SPO01", "SPO02")

    for amount in (2, 3):
        changed(portal, code, amounts={"SPO01": amount})

    assert [(line.name, line.external_id[-4:]) for line in holds.document(code).lines[:2]] == [
        ("Plynový sporák GS-400", "5001"),
        ("Plynový sporák GS-600", "5002"),
    ]
    assert holds.document(code).line(f"shoptet:{code}/5001").fields["kodzbozi"] == "SPO01"


@DATA_ONLY
def test_columns_that_bluejet_works_out_itself_are_left_out_of_a_whole_write(portal: Portal, holds: Holdings) -> None:
    portal.bluejet.options.turn({"update_resets": True})
    made = portal.control(
        "/customers",
        {
            "account": {"email": "jana@zakaznik.example", "fullName": "Jana Malá", "phone": "+420777111222"},
            "billingAddress": {"street": "Dlouhá", "houseNumber": "5", "city": "Brno", "zip": "602 00"},
        },
    )
    announce(portal, "customer:create", made["guid"])
    portal.work(CUSTOMERS)

    for town in ("Olomouc", "Opava"):
        portal.control(f"/customers/{made['guid']}", {"billingAddress": {"city": town, "zip": "779 00"}})
        announce(portal, "customer:update", made["guid"])
        portal.work(CUSTOMERS)

    (contact,) = portal.bluejet.store.find("contact", "emailaddress1", "jana@zakaznik.example")
    assert (contact["lastname"], contact["mobilephone"], contact["town"]) == ("Malá", "+420777111222", "Opava")
    assert portal.job(CUSTOMERS, made["guid"]).state == "done"


# Pure rules

values = st.one_of(st.none(), st.text(max_size=5), st.booleans(), st.decimals(min_value=-999, max_value=999, places=2))
names = st.sampled_from("abcde")
records = st.dictionaries(names, values, max_size=5)


@settings(max_examples=60, deadline=None)
@given(wanted=records, sent=records, held=records)
def test_nothing_goes_that_did_not_change_and_no_value_of_the_office_is_lost_unnamed(
    wanted: dict[str, Any], sent: dict[str, Any], held: dict[str, Any]
) -> None:
    changes = find_changes(wanted, Known(sent=plain(sent)), held)

    after = held | changes.fields
    spoken = {one.column for one in changes.lost}
    for name, value in wanted.items():
        is_same = name in sent and plain(value) == plain(sent[name])
        if is_same:
            assert name not in changes.fields
        else:
            assert is_held(value, after.get(name)) or plain(value) == plain(after.get(name))
        is_foreign = name in held and str("" if held[name] is None else held[name]).strip() and not is_held(value, held[name])
        if is_foreign and name in changes.fields and not (name in sent and is_held(plain(sent)[name], held[name])):
            assert name in spoken


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(["shop", "office"]), names, st.text("xyz", max_size=3)), max_size=12))
def test_the_last_one_to_change_a_field_has_it_and_whoever_lost_a_value_is_told(steps: list[tuple[str, str, str]]) -> None:
    seen: dict[str, Any] = {}
    shop, bluejet, sent = (dict.fromkeys("abcde", "0") for _ in range(3))
    last = dict.fromkeys("abcde", "shop")
    for who, name, value in steps:
        if who == "office":
            if value != bluejet[name]:
                bluejet[name], last[name] = value, "office"
            continue
        if value == shop[name]:
            continue
        shop[name], last[name] = value, "shop"
        before = dict(bluejet)
        changes = find_changes(shop, Known(sent, {}, seen), bluejet)
        bluejet |= changes.fields
        replaced = {one for one in changes.fields if before[one] not in (sent[one], shop[one]) and before[one].strip()}
        assert replaced <= {one.column for one in changes.lost}
        sent, seen = dict(shop), changes.seen

    assert all(bluejet[name] == shop[name] for name, who in last.items() if who == "shop")


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        ("100", "100.0000"),
        (True, "True"),
        (True, "Ano"),
        (False, None),
        ("2026-01-12", "12.1.2026"),
        ("a\nb", "a\r\nb"),
        ("Caf\u00e9", "Cafe\u0301"),
        ("x", " x "),
        ("25.1234567", "25,1235"),
        ("25.1234567", 25.1234),
        ("1124.57024", "1 124,57"),
        ("2026-01-12 09:30:15.123456+00:00", "2026-01-12T10:30:15"),
        ("2026-01-12 09:30:15+00:00", "12.1.2026 0:00:00"),
        ("x" * 300, "x" * 255),
        ("slovo " * 60, ("slovo " * 60)[:250]),
    ],
)
def test_what_bluejet_stores_in_another_writing_is_the_same(sent: Any, held: Any) -> None:
    assert is_held(sent, held)


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        ("25.1234567", "25,1334"),
        ("25.1234567", "25"),
        ("1124.57", "1124.5"),
        ("1124.57", "1124.58"),
        ("Sporák GS-400, akce", "Sporák GS-400"),
        ("x" * 300, "x" * 254 + "y"),
        ("2026-01-12 09:30:15+00:00", "2026-01-13T00:00:00"),
        ("2026-01-12 09:30:15+00:00", "2026-01-12T10:30:16"),
        (True, "0"),
        ("007", "7"),
        ("abc", "ABC"),
    ],
)
def test_what_somebody_changed_is_not_taken_for_another_writing(sent: Any, held: Any) -> None:
    assert not is_held(sent, held)


@pytest.mark.parametrize(
    ("held", "goes", "kept"),
    [("lost write", True, []), ("agreed", False, []), ("of the office", False, ["a"]), ("", True, [])],
)
def test_after_a_write_without_an_answer_our_own_value_is_told_from_the_offices(held: str, goes: bool, kept: list[str]) -> None:
    changes = find_changes({"a": "agreed"}, Known({"a": "agreed"}, {"a": "lost write"}), {"a": held})

    assert (bool(changes.fields), [one.column for one in changes.kept]) == (goes, kept)


def test_a_value_of_the_office_is_told_once() -> None:
    first = find_changes({"a": "1"}, Known({"a": "1"}), {"a": "2"})
    again = find_changes({"a": "1"}, Known({"a": "1"}, {}, first.seen), {"a": "2"})
    other = find_changes({"a": "1"}, Known({"a": "1"}, {}, again.seen), {"a": "3"})

    assert [len(changes.kept) for changes in (first, again, other)] == [1, 0, 1]


def test_of_a_group_all_go_or_none() -> None:
    for dialect, kinds in GROUPS.items():
        for kind, groups in kinds.items():
            for group in groups:
                first = min(group)
                assert with_company(dialect, kind, {first}, group) >= group
                assert with_company(dialect, kind, {"another"}, group) == {"another"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("28253.0000", "28253"),
        ("1 234,5000", "1234.5"),
        ("10.0000", "10"),
        ("007", "007"),
        ("8590010000678", "8590010000678"),
        ("2026-01-12 09:30:15+00:00", "2026-01-12 10:30"),
        ("12.1.2026 0:00:00", "2026-01-12"),
        ("Volal\r\nv pátek", "Volal v pátek"),
        ("x" * 500, "x" * 200 + "…"),
        (None, "–"),
        (True, "1"),
        ({"street": "Polní 1", "note": None, "city": "Brno"}, "Polní 1, Brno"),
    ],
)
def test_values_are_shown_as_people_read_them(value: Any, shown: str) -> None:
    assert _shown(value) == shown


@DATA_ONLY
def test_a_line_is_named_by_its_name_in_both_languages(portal: Portal, holds: Holdings) -> None:
    code = delivered(portal, "SPO01")
    line = holds.document(code).lines[0]
    holds.office_edits_line(code, line.id, **{DISCOUNT[holds.dialect]: "10" if holds.dialect == "data" else 10})

    (found,) = changed(portal, code, notes={"customerRemark": "Prosím zavolat"})

    column = DISCOUNT[holds.dialect]
    with override("cs"):
        said = Issue.from_json(found).sentence()
    assert said == (f"Pole „{column} (Plynový sporák GS-400)“: v BlueJetu bylo „10“, Shoptet říká „0“; zůstalo, co má BlueJet.")


texts = st.text("ab č\u0301\r\n", max_size=30)


@settings(max_examples=40, deadline=None)
@given(first=texts, second=texts, repeated=st.integers(1, 60))
def test_a_long_text_is_compared_alike_whether_it_or_its_fingerprint_was_kept(first: str, second: str, repeated: int) -> None:
    one, other = first * repeated, second * repeated
    wanted = {"a": one}
    in_full, as_kept = (
        find_changes(wanted, Known(sent={"a": before}), {"a": held}) for before in (other, kept(other)) for held in (other,)
    )

    assert (in_full.fields, bool(in_full.lost), bool(in_full.kept)) == (as_kept.fields, bool(as_kept.lost), bool(as_kept.kept))
    assert len(str(kept(one))) <= LONGEST
    assert is_held(kept(one), one)
    assert is_held(one, kept(one))


@DATA_ONLY
def test_a_link_keeps_no_long_text_and_one_of_before_with_the_text_is_understood(portal: Portal, holds: Holdings) -> None:
    column = {"data": "popis", "rest": "description"}[holds.dialect]
    rows = FieldMapping.objects.filter(shop=portal.shop, entity="product", target=column)
    rows.update(source=f"join('', [{', '.join(['name'] * 60)}])")
    bring(portal, "SPO01")
    link = RecordLink.objects.get(kind="product", key="SPO01")
    short = link.sent[column]
    writes, text = holds.writes(), "Plynový sporák GS-400" * 60
    RecordLink.objects.filter(pk=link.pk).update(sent={**link.sent, column: text}, draft_hash="")

    bring(portal, "SPO01")

    link.refresh_from_db()
    assert (len(short) < 100, link.sent[column] == short, holds.writes() - writes) == (True, True, 0)
