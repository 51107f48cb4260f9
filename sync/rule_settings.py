"""The rules of validation as a shop has set them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from shops.models import Shop
from sync.models import RuleSetting
from sync.validation.rules import RULES, SETTINGS


def load_severities(shop_id: int) -> dict[str, str]:
    """Return what the shop set otherwise than the default, by code, with one query; load it once per batch."""
    return dict(RuleSetting.objects.filter(shop_id=shop_id).order_by().values_list("code", "setting"))


@transaction.atomic
def set_rules(shop: Shop, wanted: Mapping[str, str], *, by: str) -> list[str]:
    """Keep what differs from the defaults and return the codes that changed; a protected rule stays as it is, whatever is wanted."""
    Shop.objects.select_for_update(no_key=True).only("pk").get(pk=shop.pk)
    held = load_severities(shop.pk)
    changed = [code for code, setting in wanted.items() if _may_be(code, setting) and setting != held.get(code, RULES[code].severity)]
    for code in changed:
        if wanted[code] == RULES[code].severity:
            RuleSetting.objects.filter(shop=shop, code=code).delete()
        else:
            RuleSetting.objects.update_or_create(shop=shop, code=code, defaults={"setting": wanted[code], "changed_by": by[:150]})
    return changed


def _may_be(code: str, setting: str) -> bool:
    rule = RULES.get(code)
    return rule is not None and not rule.protected and setting in SETTINGS
