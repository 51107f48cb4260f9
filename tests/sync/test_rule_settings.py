"""How serious a shop takes a rule decides what becomes of its records."""

from __future__ import annotations

import pytest

from shops.models import Shop
from sync.models import RuleSetting
from sync.rule_settings import load_severities, set_rules
from sync.validation.rule_texts import GROUPS, RULE_TEXTS
from sync.validation.rules import RULES
from tests.sync.happenings import PRODUCTS, bring, guid_of, issues_of
from tests.sync.portal import Portal


def test_every_rule_has_a_meaning_and_one_place_on_the_page() -> None:
    shown = [code for group in GROUPS for code in group.codes]

    assert sorted(shown) == sorted(RULES) == sorted(RULE_TEXTS)
    assert set(GROUPS[-1].codes) == {code for code, rule in RULES.items() if rule.protected}


def test_what_differs_from_the_default_is_kept_and_what_goes_back_is_not(shop: Shop) -> None:
    assert set_rules(shop, {"bad_phone": "off", "bad_email": "warning"}, by="jana") == ["bad_phone"]
    assert load_severities(shop.pk) == {"bad_phone": "off"}

    assert set_rules(shop, {"bad_phone": "warning"}, by="jana") == ["bad_phone"]
    assert load_severities(shop.pk) == {}


def test_a_protected_rule_an_unknown_one_and_an_unknown_setting_change_nothing(shop: Shop) -> None:
    wanted = {"total_differs": "off", "no_such_rule": "off", "bad_phone": "louder"}

    assert set_rules(shop, wanted, by="jana") == []
    assert not RuleSetting.objects.exists()


@pytest.mark.parametrize("dialect", ["data"])
@pytest.mark.parametrize(
    ("setting", "state", "issues"),
    [("error", "parked", ["price_not_positive"]), ("warning", "done", ["price_not_positive"]), ("off", "done", [])],
)
def test_a_product_without_a_price_goes_by_the_shops_own_rule(portal: Portal, setting: str, state: str, issues: list[str]) -> None:
    set_rules(portal.shop, {"price_not_positive": setting}, by="jana")
    portal.control("/products/SPO01/price", {"price": "0.00"})

    bring(portal, "SPO01")

    job = portal.job(PRODUCTS, guid_of(portal, "SPO01"))
    assert (job.state, issues_of(job)) == (state, issues)
