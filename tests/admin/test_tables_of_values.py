"""The inbox, the partners' lists, suggestions, policies, the tree and the rules, as pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mappings.models import CategoryMapping, PartnerList, PartnerValue, StatusMapping, TablePolicy, WarehouseMapping
from shops.models import Shop
from sync.models import RuleSetting, SyncJob, UnmappedValue, WaitingJob
from tests.admin.rows import make_job, make_parked_by_status
from tests.sync.test_suggestions import hold

INBOX = "admin:sync_unmappedvalue_changelist"
SUGGESTIONS = "admin:mappings_partnervalue_suggestions"
RULES = "admin:sync_rulesetting_changelist"
POLICIES = "admin:sync_unmappedvalue_policies"


def _read(shop: Shop, side: str, table: str, origin: str = "list") -> None:
    PartnerList.objects.create(shop=shop, side=side, table=table, origin=origin, read_at=timezone.now())


def _parked(shop: Shop, *keys: str) -> UnmappedValue:
    for key in keys:
        job = make_parked_by_status(shop, key)
        WaitingJob.objects.filter(job=job).update(worth=Decimal(14278))
    return UnmappedValue.objects.get(value="-4")


def _form(value: UnmappedValue, **fields: str) -> dict[str, str]:
    return {f"value-{value.pk}-{name}": given for name, given in fields.items()}


def test_an_empty_inbox_says_that_all_is_mapped(office: Client, shop: Shop) -> None:
    assert "All is mapped" in office.get(reverse(INBOX)).content.decode()


def test_the_inbox_says_how_many_wait_for_how_much_and_leads_to_them(office: Client, shop: Shop) -> None:
    _parked(shop, "1", "2", "3")

    page = office.get(reverse(INBOX)).content.decode()

    assert "Čeká na díl" in page
    assert "3 records wait" in page
    assert "orders of 42,834 CZK" in page
    assert "awaits=status%3A-4" in page


def test_a_counterpart_that_bluejet_was_never_seen_to_hold_is_saved_with_a_warning(office: Client, shop: Shop) -> None:
    value = _parked(shop, "1")
    hold(shop, "bluejet", "status", ("Probíhající", ""))

    answer = office.post(
        reverse("admin:sync_unmappedvalue_map", args=[value.pk]), _form(value, bluejet_value="Probihajici", document="offer"), follow=True
    )

    assert "So far nobody saw “Probihajici” in BlueJet." in answer.content.decode()
    assert StatusMapping.objects.get().bluejet_value == "Probihajici"


def test_the_lists_of_several_shops_are_told_apart(office: Client, shop: Shop) -> None:
    _read(shop, "shoptet", "status")
    alone = office.get(reverse("admin:mappings_partnervalue_changelist")).content.decode()
    other = Shop.objects.create(name="Jiný obchod", eshop_id="9", external_prefix="jiny", bluejet=shop.bluejet)
    _read(other, "shoptet", "status")

    page = office.get(reverse("admin:mappings_partnervalue_changelist")).content.decode()

    assert f"<td>{shop}</td>" not in alone
    assert f"<td>{shop}</td>" in page
    assert "<td>Jiný obchod</td>" in page


def test_a_table_without_rows_says_how_they_come(office: Client, shop: Shop) -> None:
    page = office.get(reverse("admin:mappings_pricelistmapping_changelist")).content.decode()

    assert "There is no row yet." in page
    assert reverse(INBOX) in page


def test_a_value_is_mapped_in_the_inbox_and_its_jobs_go_on(office: Client, shop: Shop) -> None:
    value = _parked(shop, "1", "2")

    page = office.post(
        reverse("admin:sync_unmappedvalue_map", args=[value.pk]),
        _form(value, bluejet_value="Probíhající", document="order", cancels="on"),
        follow=True,
    ).content.decode()

    row = StatusMapping.objects.get()
    assert (row.shoptet_id, row.shoptet_name, row.document, row.cancels) == ("-4", "Čeká na díl", "order", True)
    assert set(SyncJob.objects.values_list("state", flat=True)) == {"queued"}
    assert "2 records that waited go on now." in page
    assert "All is mapped" in page


def test_an_empty_form_is_shown_again_with_a_sentence(office: Client, shop: Shop) -> None:
    value = _parked(shop, "1")

    page = office.post(reverse("admin:sync_unmappedvalue_map", args=[value.pk]), _form(value, document="offer")).content.decode()

    assert "This field is required." in page
    assert not StatusMapping.objects.exists()


def test_those_who_may_not_add_a_row_see_what_waits_and_no_form(office: Client, visitor: Client, shop: Shop) -> None:
    value = _parked(shop, "1")
    address = reverse("admin:sync_unmappedvalue_map", args=[value.pk])

    assert visitor.get(reverse(INBOX)).status_code == 403
    assert visitor.post(address, _form(value, bluejet_value="A", document="offer")).status_code == 403
    assert office.get(address).status_code == 405
    assert not StatusMapping.objects.exists()


def test_a_longer_inbox_costs_no_more_queries(office: Client, shop: Shop) -> None:
    hold(shop, "bluejet", "status", ("Probíhající", ""))
    costs = []
    for number in range(8):
        make_parked_by_status(shop, str(number), value=f"s{number}", label=f"Stav {number}")
        with CaptureQueriesContext(connection) as captured:
            page = office.get(reverse(INBOX)).content.decode()
        costs.append(len(captured))

    assert costs[1] == costs[-1]
    assert page.count("<datalist") == 1


def test_a_whole_list_is_a_choice_and_any_other_only_suggests(office: Client, shop: Shop) -> None:
    hold(shop, "bluejet", "warehouse", ("w1", "Hlavní sklad"))
    hold(shop, "bluejet", "category", ("Pece", ""))
    _read(shop, "bluejet", "warehouse")
    _read(shop, "bluejet", "category", "used")

    warehouse = office.get(reverse("admin:mappings_warehousemapping_add")).content.decode()
    category = office.get(reverse("admin:mappings_categorymapping_add")).content.decode()

    assert '<option value="w1">Hlavní sklad</option>' in warehouse
    assert '<datalist id="known-bluejet-category"><option value="Pece">' in category


def test_the_names_follow_the_chosen_values(office: Client, shop: Shop) -> None:
    hold(shop, "shoptet", "warehouse", ("1", "Brno"))
    hold(shop, "bluejet", "warehouse", ("w1", "Hlavní sklad"))

    office.post(
        reverse("admin:mappings_warehousemapping_add"),
        {"shop": shop.pk, "shoptet_id": "1", "shoptet_name": "", "bluejet_value": "w1", "bluejet_name": "", "master": "shoptet"},
    )

    row = WarehouseMapping.objects.get()
    assert (row.shoptet_name, row.bluejet_name) == ("Brno", "Hlavní sklad")


def test_what_vanished_is_marked_in_the_list_and_cannot_be_chosen_anew(office: Client, shop: Shop) -> None:
    hold(shop, "bluejet", "warehouse", ("w1", "Hlavní sklad"))
    PartnerValue.objects.update(vanished_at=timezone.now())
    WarehouseMapping.objects.create(shop=shop, shoptet_id="1", bluejet_value="w1", bluejet_name="Hlavní sklad")

    listed = office.get(reverse("admin:mappings_warehousemapping_changelist")).content.decode()
    refused = office.post(
        reverse("admin:mappings_warehousemapping_add"),
        {"shop": shop.pk, "shoptet_id": "2", "bluejet_value": "w1", "master": "shoptet"},
    ).content.decode()

    assert "vanished</span>" in listed
    assert "This value does not exist any more." in refused


def test_the_lists_say_when_they_were_read_and_what_went_wrong(office: Client, shop: Shop) -> None:
    hold(shop, "shoptet", "status", ("-1", "Nová"))
    _read(shop, "shoptet", "status")
    PartnerList.objects.create(shop=shop, side="shoptet", table="price_list", origin="list", error="403 Forbidden")

    page = office.get(reverse("admin:mappings_partnervalue_changelist")).content.decode()
    values = office.get(reverse("admin:mappings_partnervalue_changelist"), {"table": "status"}).content.decode()

    assert "It could not be read: 403 Forbidden" in page
    assert "Nová" in values


def test_the_lists_are_read_by_a_worker_at_the_press_of_a_button(office: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr("sync.partner_values.enqueue", lambda *task: asked.append(task))

    assert office.get(reverse("admin:mappings_partnervalue_refresh")).status_code == 405
    office.post(reverse("admin:mappings_partnervalue_refresh"))

    assert asked == [("refresh_shop_values", shop.pk)]


def test_several_suggestions_are_accepted_after_a_confirmation_and_one_at_once(office: Client, shop: Shop) -> None:
    hold(shop, "shoptet", "warehouse", ("1", "Hlavní sklad"), ("2", "Prodejna"), ("3", "Servis"))
    hold(shop, "bluejet", "warehouse", ("w1", "Hlavní sklad"), ("w2", "Prodejna"), ("w3", "Servis"))
    keys = [f"warehouse|{number}|w{number}" for number in (1, 2, 3)]
    post = {"shop": shop.pk, "table": "warehouse"}

    asked = office.post(reverse(SUGGESTIONS), {**post, "chosen": keys[:2]}).content.decode()
    before = WarehouseMapping.objects.count()
    office.post(reverse(SUGGESTIONS), {**post, "chosen": keys[:2], "confirmed": "yes"})
    office.post(reverse(SUGGESTIONS), {**post, "chosen": keys, "only": keys[2]})

    assert "2 rows will be added" in asked
    assert "Hlavní sklad → Hlavní sklad" in asked
    assert before == 0
    assert dict(WarehouseMapping.objects.values_list("shoptet_id", "bluejet_value")) == {"1": "w1", "2": "w2", "3": "w3"}


def test_policies_are_saved_together_and_a_wrong_one_is_shown_again(office: Client, shop: Shop) -> None:
    _parked(shop, "1")
    wrong = {"shop": shop.pk, "status-missing": "default", "status-default_value": "", "status-document": "offer"}

    refused = office.post(reverse(POLICIES), wrong).content.decode()
    unsaved = TablePolicy.objects.count()
    saved = office.post(reverse(POLICIES), {**wrong, "status-default_value": "Probíhající", "payment-missing": "park"}, follow=True)

    assert "Say which default." in refused
    assert unsaved == 0
    assert dict(TablePolicy.objects.values_list("table", "missing")) == {"status": "default", "payment": "park"}
    assert "1 record that waited goes on now." in saved.content.decode()


def test_the_tree_shows_what_is_inherited_and_what_is_missing(office: Client, shop: Shop) -> None:
    hold(shop, "shoptet", "category", ("k", "Kuchyně"), ("f", "Fritézy", "k"), ("b", "Bar"))
    CategoryMapping.objects.create(shop=shop, shoptet_id="k", shoptet_name="Kuchyně", bluejet_value="Kuchyň")

    page = office.get(reverse("admin:mappings_categorymapping_tree")).content.decode()

    assert "inherited from Kuchyně" in page
    assert "1 category has no counterpart" in page
    assert f"?shop={shop.pk}&amp;shoptet_id=b&amp;shoptet_name=Bar" in page


def test_a_rule_is_set_on_its_page_and_a_protected_one_is_locked(office: Client, shop: Shop) -> None:
    page = office.get(reverse(RULES)).content.decode()
    make_job(shop, state=SyncJob.State.PARKED)

    answer = office.post(reverse(RULES), {"shop": shop.pk, "rule-bad_phone": "off", "rule-total_differs": "off"}, follow=True)

    assert 'name="rule-bad_phone"' in page
    assert 'name="rule-total_differs"' not in page
    assert "always holds the record" in page
    assert dict(RuleSetting.objects.values_list("code", "setting")) == {"bad_phone": "off"}
    assert "1 rule is set anew." in answer.content.decode()
    assert "usually: goes along as a warning" in answer.content.decode()


def test_a_visitor_sees_and_changes_none_of_it(visitor: Client, shop: Shop) -> None:
    pages = [RULES, POLICIES, SUGGESTIONS, "admin:mappings_partnervalue_changelist", "admin:mappings_categorymapping_tree"]

    answers = [visitor.get(reverse(page)).status_code for page in pages]

    assert answers == [403] * len(pages)
    assert visitor.post(reverse(RULES), {"shop": shop.pk, "rule-bad_phone": "off"}).status_code == 403
    assert not RuleSetting.objects.exists()
