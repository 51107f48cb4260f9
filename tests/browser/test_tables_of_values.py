"""The missing mapping is found, filled in where it is shown, and what waited arrives; a rule is set."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from django.urls import reverse
from django.utils import timezone

from mappings.models import PartnerList, WarehouseMapping
from sandbox.bluejet.server import BlueJetSandbox
from sandbox.shoptet.server import ShoptetSandbox
from shops.models import Shop
from sync.models import RuleSetting
from sync.partner_values import refresh
from tests.browser.staff import Staff
from tests.sync.conftest import FAST
from tests.sync.happenings import ORDERS, bring, place
from tests.sync.portal import Portal, connect
from tests.sync.test_suggestions import hold

# The browser keeps connections to the live server open, which Python notices at some later moment.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def portal(transactional_db: None, redis_client: redis.Redis) -> Iterator[Portal]:
    """Return a shop between the two stand-ins, where Shoptet has a status that nobody mapped."""
    shoptet = ShoptetSandbox(port=0, products=40, customers=20, orders=0, webhook_key="k" * 32, **FAST).start()
    bluejet = BlueJetSandbox(port=0).start()
    yield connect(shoptet, bluejet, "data")
    shoptet.stop()
    bluejet.stop()


def test_the_order_that_waits_for_an_unmapped_status_is_found_mapped_and_arrives(office: Staff, portal: Portal) -> None:
    refresh(portal.shop)
    bring(portal, "SPO01")
    code = place(portal, "SPO01", status=11)
    portal.work()

    office.open(reverse("admin:index"))
    office.wait_for("Připraveno k odběru")
    office.open(reverse("admin:sync_unmappedvalue_changelist"))
    office.wait_for("čeká 1 záznam")
    office.wait_for("objednávky za")
    office.take_picture("inbox")
    before = portal.documents(code)
    value = office.browser.find_element("css selector", ".inbox input[name$=bluejet_value]")
    value.send_keys("Potvrzená")
    office.browser.find_element("css selector", ".inbox option[value=order]").click()
    office.browser.find_element("css selector", ".inbox-form button").click()
    office.wait_for("Vše je doplněno")
    office.wait_for("1 čekající záznam teď pokračuje.")
    office.browser.find_element("css selector", ".messagelist a").click()
    office.wait_for("ve frontě")
    portal.work()
    office.open(reverse("admin:sync_syncjob_change", args=[portal.job(ORDERS, code).pk]))
    office.wait_for("BlueJet má tento záznam tak, jak je v Shoptetu.")

    assert before == []
    assert [document["statuscode"] for document in portal.documents(code)] == ["Potvrzená"]
    assert office.complaints() == []


def test_a_rule_is_switched_off_and_stays_off(office: Staff, shop: Shop) -> None:
    office.open(reverse("admin:sync_rulesetting_changelist"))
    office.wait_for("Telefonní číslo není platné.")
    office.browser.find_element("css selector", "select[name=rule-bad_phone] option[value=off]").click()
    office.press("Uložit")
    office.wait_for("1 pravidlo je nastaveno nově.")
    office.wait_for("obvykle: jde jako upozornění")
    office.take_picture("rules")

    setting = RuleSetting.objects.get()
    assert (setting.code, setting.setting, setting.changed_by) == ("bad_phone", "off", "Jana Nováková")
    assert office.browser.find_elements("css selector", "select[name=rule-total_differs]") == []
    assert office.complaints() == []


def test_suggestions_are_looked_through_in_english_and_accepted_together(office: Staff, shop: Shop) -> None:
    hold(shop, "shoptet", "warehouse", ("1", "Hlavní sklad"), ("2", "Prodejna Praha"))
    hold(shop, "bluejet", "warehouse", ("w1", "Hlavní sklad"), ("w2", "Prodejna v Praze"))
    PartnerList.objects.create(shop=shop, side="shoptet", table="warehouse", origin="list", read_at=timezone.now())

    office.open(reverse("admin:mappings_partnervalue_suggestions") + "?table=warehouse")
    office.browser.find_element("css selector", ".language-switch [value=en]").click()
    office.wait_for("look them through before you accept them")
    for box in office.browser.find_elements("css selector", "input[name=chosen]:not(:checked)"):
        box.click()
    office.press("Accept the chosen ones")
    office.wait_for("2 rows will be added")
    office.press("Accept")
    office.wait_for("2 rows were added.")
    office.browser.find_element("css selector", ".language-switch [value=cs]").click()
    office.wait_for("V této tabulce není co navrhnout.")

    assert dict(WarehouseMapping.objects.values_list("shoptet_id", "bluejet_value")) == {"1": "w1", "2": "w2"}
    assert office.complaints() == []
