"""Every page of the admin: no error in the browser, nothing that the security policy forbids, no secret in the source."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from mappings.models import (
    CategoryMapping,
    CustomerGroupMapping,
    Entity,
    PaymentMapping,
    PaymentStateMapping,
    PriceListMapping,
    ShippingMapping,
    StatusMapping,
    WarehouseMapping,
)
from mappings.packs import install_default
from shops.models import Shop
from sync.models import Breaker, SyncAttempt, SyncJob
from tests.admin.rows import make_answered, make_attempt, make_event, make_job, make_parked_by_status, make_run
from tests.browser.staff import Staff
from tests.sync.test_suggestions import hold

# The browser keeps connections to the live server open, which Python notices at some later moment.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]

SECRETS = ("api-token-for-tests", "webhook-key-for-tests", "token-id-for-tests", "token-hash-for-tests")
TABLES = (
    CategoryMapping,
    CustomerGroupMapping,
    PaymentMapping,
    PaymentStateMapping,
    PriceListMapping,
    ShippingMapping,
    StatusMapping,
    WarehouseMapping,
)
OWN_PAGES = (
    "admin:sync_unmappedvalue_policies",
    "admin:mappings_partnervalue_suggestions",
    "admin:mappings_categorymapping_tree",
)
NARROW = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}


@pytest.fixture
def traffic(shop: Shop) -> Shop:
    """Leave a row of everything behind."""
    install_default(shop)
    for table in TABLES:
        table.objects.create(shop=shop, shoptet_id="1", shoptet_name="Jedna", bluejet_value="A")
    hold(shop, "shoptet", "category", ("1", "Jedna"), ("2", "Dvě", "1"), ("3", "Tři"))
    hold(shop, "bluejet", "category", ("Jedna", ""))
    make_answered(shop, "2026000123")
    make_parked_by_status(shop, "2026000900")
    failed = make_job(shop, "guid-1", flow="customer_to_bluejet", state=SyncJob.State.FAILED, traceback="Traceback")
    make_attempt(failed, SyncAttempt.Result.ERROR, error="KeyError", traceback="Traceback")
    make_event(shop, payload=None, raw_body=b"{", status="failed", error="no JSON")
    make_run(shop)
    Breaker.objects.create(partner=f"bluejet:{shop.bluejet_id}", failures=4, opened_at=timezone.now(), error="no answer")
    return shop


def _addresses(shop: Shop) -> list[str]:
    """Return every page: of each model the list, the form for a new row, and the first row with its history and deletion."""
    found = [reverse("admin:index"), reverse("admin:password_change"), reverse("admin:sync_syncrun_start")]
    found.append(reverse("admin:shops_shop_webhooks", args=[shop.pk]))
    found += [reverse("workbench:table", args=[shop.pk, entity]) for entity in Entity.values]
    found += [reverse(name) for name in OWN_PAGES]
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").first()
        found.append(reverse(f"{name}_changelist"))
        if type(page).__name__ not in READ_ONLY:
            found.append(reverse(f"{name}_add"))
        if row is not None and page.list_display_links is not None:
            found += [reverse(f"{name}_{verb}", args=[row.pk]) for verb in _verbs(type(page).__name__)]
    return found


READ_ONLY = (
    "EventWithJobsAdmin",
    "FieldMappingAdmin",
    "JobAdmin",
    "AttemptAdmin",
    "RunAdmin",
    "LinkAdmin",
    "UnmappedAdmin",
    "BreakerAdmin",
    "VersionAdmin",
    "PartnerValueAdmin",
    "RuleAdmin",
)


def _verbs(page: str) -> tuple[str, ...]:
    """A shop that brought records over is not deleted."""
    if page == "ShopWithPartnersAdmin":
        return ("change", "history")
    return ("change",) if page in READ_ONLY else ("change", "history", "delete")


def test_no_page_breaks_a_rule_or_shows_a_secret(administrator: Staff, traffic: Shop) -> None:
    broken, secrets = {}, []

    for address in _addresses(traffic):
        administrator.open(address)
        complaints = administrator.complaints()
        if complaints or "Server Error" in administrator.browser.title:
            broken[address] = complaints
        secrets += [address for secret in SECRETS if secret in administrator.browser.page_source]

    assert broken == {}
    assert secrets == []


def test_every_page_fits_a_telephone(administrator: Staff, traffic: Shop) -> None:
    administrator.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", NARROW)
    too_wide = []

    try:
        for address in _addresses(traffic):
            administrator.open(address)
            if administrator.browser.execute_script("return document.documentElement.scrollWidth") > NARROW["width"]:
                too_wide.append(address)
    finally:
        administrator.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    assert too_wide == []


def test_the_page_follows_the_systems_colours_and_the_toggle(administrator: Staff, traffic: Shop) -> None:
    administrator.prefer("light")
    administrator.open(reverse("admin:index"))
    light = administrator.background()
    administrator.prefer("dark")
    dark = administrator.background()
    administrator.take_picture("overview-dark")
    administrator.browser.find_element("css selector", "#header .theme-toggle").click()
    toggled = administrator.background()
    administrator.browser.execute_script("localStorage.removeItem('theme')")
    administrator.prefer("light")

    assert light == toggled == "rgb(244, 246, 249)"
    assert dark == "rgb(14, 19, 26)"
