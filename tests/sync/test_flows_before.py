"""A database made before flows had a beginning: what was live begins with its shop, and what is off is known by what it wrote."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest
from django.apps import apps

import shops
import sync
from shops.models import FlowSetting, Shop
from sync.models import Kind
from tests.admin.rows import make_link
from tests.sync.happenings import CUSTOMERS, ORDERS, PRODUCTS, STOCK


def migration(package: ModuleType, end: str) -> ModuleType:
    """Return the migration whatever its number is."""
    (name,) = [one.name for one in iter_modules([f"{package.__path__[0]}/migrations"]) if one.name.endswith(end)]
    return import_module(f"{package.__name__}.migrations.{name}")


@pytest.mark.parametrize("mode", ["off", "shadow"])
def test_what_was_live_before_is_known_by_its_mode_its_cursor_or_what_it_wrote(shop: Shop, mode: str) -> None:
    FlowSetting.objects.filter(shop=shop).update(mode=mode, begins_at=None, cursor={})
    FlowSetting.objects.filter(shop=shop, flow=PRODUCTS).update(mode="live")
    FlowSetting.objects.filter(shop=shop, flow=CUSTOMERS).update(cursor={"since": "2026-11-01T08:00:00+01:00"})
    make_link(shop, "2026000123")
    make_link(shop, "1:SPO01", Kind.STOCK_CARD, bluejet_id="")

    migration(shops, "_flows_begin").begin_what_is_live(apps, None)
    migration(sync, "_held_jobs").begin_what_was_live(apps, None)

    begun = dict(FlowSetting.objects.filter(shop=shop).values_list("flow", "begins_at"))
    assert begun == {PRODUCTS: shop.created_at, CUSTOMERS: shop.created_at, ORDERS: shop.created_at, STOCK: None}
