"""The sandbox's short way to the default mappings leads where the portal's own does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from mappings.packs import install_default
from shops.models import BlueJetAccount, Shop
from tests.sync.installed import MODELS, install


@pytest.mark.parametrize("dialect", BlueJetAccount.Dialect.values)
def test_a_copied_set_of_mappings_is_the_installed_one(shop: Shop, dialect: str) -> None:
    shop.bluejet.dialect = dialect
    shop.bluejet.save()
    others = [
        Shop.objects.create(name=f"Shop {number}", eshop_id=str(number), external_prefix=f"shop{number}", bluejet=shop.bluejet)
        for number in (1, 2)
    ]

    install_default(shop)
    for other in others:
        install(other)

    for model in MODELS:
        assert [held(model, other) for other in others] == [held(model, shop)] * 2


def held(model: type[models.Model], shop: Shop) -> list[dict[str, Any]]:
    """Return what the shop has, but for what is each row's own."""
    rows = model._default_manager.filter(shop=shop).order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in ("id", "shop_id") and not name.endswith("_at")} for row in rows]
