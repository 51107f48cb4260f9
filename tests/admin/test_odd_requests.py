"""Addresses and forms that nobody gets by clicking: every page answers them, none falls over."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from shops.models import BlueJetAccount, Shop
from tests.admin.rows import make_answered, make_event, make_parked_by_status, make_run, make_user

# As they stand in an address: characters that are none, numbers that fit nowhere, days of no calendar, halves of something.
ODD = [
    "%00",
    "%ED%A0%80",
    "%FF%FE",
    "9" * 10_000,
    "9999999999999999999",
    "-9999999999999999999",
    "1e400",
    "NaN",
    "0001-01-01T00:00:00%2B14:00",
    "9999-99-99T00:00:00Z",
    "2026-02-30",
    "%5B" * 300,
    "%7B%22a%22:",
    "%27%20OR%201=1%20--",
    "%22%00%22",
    "%25s",
    "a,b,,c",
    "null",
    "",
    "%D9%A3",
    "../../x",
]
LOOKUPS = ["__exact", "__gt", "__lte", "__in", "__isnull", "__isempty", "__range", "__regex", "__year", "__id__exact", "__junk"]
LOOKUPS_IN_TURN = itertools.cycle(LOOKUPS)
EVERYWHERE = ["q", "o", "p", "all", "e", "_facets", "_popup", "_to_field", "_changelist_filters", "shop", "flow", "state__exact", "nobody"]
ORDERS_AND_PAGES = ["o=999.-x", "o=--1.2", "p=-1", f"p=1{'0' * 30}", "p=x", "e=1", "_popup=1&_to_field=%00", "all=&p=999"]


def lists() -> dict[str, Any]:
    """Return every list of the site by its address."""
    found = {}
    for model, page in admin.site._registry.items():
        try:
            found[reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")] = page
        except NoReverseMatch:
            continue
    return found


def names_of(browser: Client, address: str, page: Any, others: Iterator[str]) -> list[str]:
    """Return the parameters of a list's filters, some that its columns would have, and some of those that every list takes."""
    shown = getattr(browser.get(address), "context", None) or {}
    filters = [name for one in getattr(shown.get("cl"), "filter_specs", ()) for name in one.expected_parameters()]
    columns = [field.name for field in page.model._meta.get_fields() if field.concrete][:12:3]
    looked_up = [f"{column}{lookup}" for column, lookup in zip(columns, LOOKUPS_IN_TURN, strict=False)]
    return [name for name in [*filters, *looked_up, *itertools.islice(others, 4)] if name is not None]


def asked(names: list[str], values: Iterator[str]) -> Iterator[str]:
    """Give each parameter the next value."""
    for name, value in zip(names, values, strict=False):
        yield f"{quote(name)}={value}"


@pytest.fixture
def owner(shop: Shop) -> Client:
    """Return the browser of somebody who may do everything, in a portal with a row of most kinds."""
    make_parked_by_status(shop, "2026000900")
    make_answered(shop, "2026000123")
    make_run(shop)
    browser = Client(raise_request_exception=False)
    browser.force_login(make_user("root", group="", is_superuser=True))
    return browser


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_no_list_falls_over_whatever_its_address_says(owner: Client) -> None:
    values, others, pages = itertools.cycle(ODD), itertools.cycle(EVERYWHERE), itertools.cycle(ORDERS_AND_PAGES)
    broken = []
    for address, page in lists().items():
        queries = [*itertools.islice(pages, 3), *asked(names_of(owner, address, page, others), values)]
        broken += [f"{address}?{query[:80]}" for query in queries if owner.get(f"{address}?{query}").status_code >= 500]

    assert broken == []


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_no_record_and_no_act_falls_over_whatever_is_chosen(owner: Client) -> None:
    values = itertools.cycle([*ODD, "1_00", "_00"])
    broken = []
    for address, page in lists().items():
        acts = [name for name, _label in page.get_action_choices(owner.get(address).wsgi_request, []) if name]
        for act, value in zip([*acts, "nobody", ""], values, strict=False):
            chosen = {"action": act, "_selected_action": [value.replace("%00", "\x00"), "1"], "select_across": value, "index": value}
            broken += [(address, chosen) for answer in [owner.post(address, chosen)] if answer.status_code >= 500]
        for tail, value in zip(("change", "delete", "history"), values, strict=False):
            place = f"{address}{value or 'x'}/{tail}/"
            broken += [(place[:80], "") for answer in [owner.get(place)] if answer.status_code >= 500]

    assert broken == []


PAGES = [
    "/admin/sync/workbench/",
    "/admin/sync/workbench/{shop}/order/",
    "/admin/sync/workbench/{shop}/effect/",
    "/admin/sync/workbench/9999999999999999999999/order/",
    "/admin/sync/workbench/{shop}/%00/",
    "/admin/shops/bluejetaccount/{account}/columns/",
    "/admin/mappings/fieldmapping/transfer/",
    "/admin/mappings/statusmapping/add/",
    "/admin/sync/unmappedvalue/",
    "/admin/sync/rulesetting/",
    "/admin/sync/syncrun/start/",
]
SAID = [
    "asked",
    "shop",
    "direction",
    "preview",
    "sample",
    "by",
    "value",
    "revision",
    "base",
    "do",
    "row",
    "flow",
    "since",
    "with",
    "comment",
]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_our_own_falls_over_whatever_is_said(owner: Client, shop: Shop, page: str) -> None:
    address = page.format(shop=shop.pk, account=shop.bluejet_id)
    values = itertools.islice(itertools.cycle(ODD), PAGES.index(page), None)

    looked = [owner.get(f"{address}?{query}").status_code for query in asked(["asked", *SAID[PAGES.index(page) % 3 :: 3]], values)]
    sent = [owner.post(address, {name: value.replace("%00", "\x00")}).status_code for name, value in zip(SAID[::3], values, strict=False)]

    assert max(looked + sent) < 500


@effort(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["/admin/sync/syncjob/", "/admin/webhooks/webhookevent/"]), st.text(max_size=12), st.text(max_size=20))
@pytest.mark.django_db
def test_any_text_may_be_asked_for(owner: Client, address: str, name: str, value: str) -> None:
    query = f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"

    assert owner.get(f"{address}?{query}").status_code < 500
    assert owner.get(f"{address}?q={quote(value, errors='surrogatepass')}").status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "back"), [("state__exact=%00", "/admin/sync/syncjob/"), ("%00=1", "/admin/sync/syncjob/")])
def test_what_cannot_be_looked_up_is_refused_in_the_readers_language_with_a_way_back(owner: Client, query: str, back: str) -> None:
    owner.cookies["django_language"] = "cs"

    answer = owner.get(f"/admin/sync/syncjob/?{query}")

    assert answer.status_code == 400
    assert "Tohle nejde vyhledat ani uložit" in answer.content.decode()
    assert f'<a href="{back}">' in answer.content.decode()
    assert owner.get(back).status_code == 200


@pytest.mark.django_db
def test_a_stranger_is_answered_as_well() -> None:
    stranger = Client(raise_request_exception=False)

    assert stranger.post("/admin/login/", {"username": "\x00", "password": "x"}).status_code == 400
    assert stranger.get("/admin/sync/syncjob/?q=%00").status_code == 400
    assert stranger.get("/admin/%00/").status_code < 500


@pytest.mark.django_db
def test_a_form_with_what_cannot_be_stored_is_refused_and_nothing_is_saved(owner: Client, shop: Shop) -> None:
    form = {"shop": shop.pk, "shoptet_id": "-4", "shoptet_name": "a\x00b", "bluejet_value": "Odeslaná", "document": "offer"}

    answer = owner.post("/admin/mappings/statusmapping/add/", form)

    assert answer.status_code == 400
    assert "Nothing was saved." in answer.content.decode()
    assert not shop.statusmappings.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "written", ["[" * 20_000, '{"a":' * 20_000, '{"product": {"key": "\\u0000"}}', '{"product": {"key": "\\ud800"}}', "NaN"]
)
def test_evidences_that_cannot_be_read_or_stored_are_said_beside_their_field(owner: Client, shop: Shop, written: str) -> None:
    form = {"name": "BlueJet", "base_url": "http://127.0.0.1:9", "dialect": "data", "pace": "1", "evidences": written}

    answer = owner.post(f"/admin/shops/bluejetaccount/{shop.bluejet_id}/change/", form)

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert BlueJetAccount.objects.get().evidences == {}


@pytest.mark.django_db
def test_a_defect_of_our_own_is_not_taken_for_an_odd_request(owner: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise ValueError("our own")

    monkeypatch.setattr("sync.admin.jobs.JobAdmin.get_queryset", fail)

    assert owner.get("/admin/sync/syncjob/").status_code == 500


@pytest.mark.django_db
def test_the_receiver_judges_its_own_bodies(shop: Shop) -> None:
    make_event(shop)

    assert Client().post("/api/webhooks/shoptet?x=%00", b"\x00", content_type="text/plain").status_code == 401
