"""Sets up the first shop from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction

from shops.flow_settings import create_flow_settings
from shops.models import BlueJetAccount, Shop

REQUIRED = ("SHOPTET_ESHOP_ID", "SHOPTET_API_TOKEN", "BLUEJET_API_URL")
SHOPTET_ADDRESS = "https://api.myshoptet.com"


class SetupRefused(Exception):
    """Say which variable keeps the shop from being set up, and why."""


@dataclass(frozen=True)
class SetUp:
    """The shop, and whether it is new."""

    shop: Shop
    is_new: bool


@transaction.atomic
def set_up_shop(environment: Mapping[str, str] = os.environ) -> SetUp:
    """Create or refresh the shop that SHOPTET_* and BLUEJET_* describe; what is not given stays as it is.

    A signature key that is given replaces another one, which goes on being accepted. Raise SetupRefused for a variable that
    is missing or cannot be used.
    """
    given = {name: environment.get(name, "").strip() for name in environment if name.startswith(("SHOPTET_", "BLUEJET_"))}
    missing = [name for name in REQUIRED if not given.get(name)]
    if missing:
        raise SetupRefused(f"Not set: {', '.join(missing)}. They describe the first shop; see .env.example.")
    if not given["SHOPTET_ESHOP_ID"].isdecimal():
        raise SetupRefused(f"SHOPTET_ESHOP_ID is “{given['SHOPTET_ESHOP_ID']}”. It must be the e-shop's number at Shoptet, such as 222651.")
    shop = Shop.objects.filter(eshop_id=given["SHOPTET_ESHOP_ID"]).select_related("bluejet").first()
    account = _account(given, shop)
    is_new = shop is None
    shop = shop or Shop(eshop_id=given["SHOPTET_ESHOP_ID"], name=given.get("SHOPTET_SHOP_NAME") or f"Shoptet {given['SHOPTET_ESHOP_ID']}")
    if is_new:  # later it would lead to other records
        shop.external_prefix = given.get("SHOPTET_EXTERNAL_PREFIX") or shop.external_prefix
    shop.bluejet = account
    shop.api_base_url = _shoptet_address(given) or shop.api_base_url
    shop.api_token = given["SHOPTET_API_TOKEN"]
    _change_key(shop, given.get("SHOPTET_WEBHOOK_KEY", ""))
    shop.settle_ownership()
    _checked(shop, "SHOPTET_API_BASE_URL, SHOPTET_ESHOP_ID or SHOPTET_EXTERNAL_PREFIX")
    _refuse_another_shops_bluejet(shop)
    shop.save()
    create_flow_settings(shop)
    return SetUp(shop, is_new)


def _account(given: Mapping[str, str], shop: Shop | None) -> BlueJetAccount:
    address = given["BLUEJET_API_URL"].rstrip("/")
    account = shop.bluejet if shop else BlueJetAccount.objects.filter(base_url=address).first()
    account = account or BlueJetAccount()
    account.base_url = address
    account.dialect = given.get("BLUEJET_API_DIALECT") or account.dialect
    account.token_id = given.get("BLUEJET_TOKEN_ID") or account.token_id
    account.token_hash = given.get("BLUEJET_TOKEN_HASH") or account.token_hash
    if given.get("BLUEJET_PACE"):
        account.pace = given["BLUEJET_PACE"]
    _checked(account, "BLUEJET_API_URL, BLUEJET_API_DIALECT or BLUEJET_PACE")
    account.name = account.name or f"BlueJet {urlsplit(address).hostname}"
    account.save()
    return account


def _refuse_another_shops_bluejet(shop: Shop) -> None:
    # Both would write under the same external ids, and take each other's records for their own.
    other = Shop.objects.filter(bluejet=shop.bluejet, external_prefix=shop.external_prefix).exclude(pk=shop.pk).first()
    if other:
        raise SetupRefused(
            f"Check SHOPTET_ESHOP_ID and BLUEJET_API_URL. The shop {other} (e-shop {other.eshop_id}) delivers to this BlueJet already, "
            f"with the prefix “{other.external_prefix}”. A further shop needs a prefix of its own: set SHOPTET_EXTERNAL_PREFIX, or add the "
            "shop in the admin."
        )


def _shoptet_address(given: Mapping[str, str]) -> str:
    """Return the address without `/api`, which the specification's examples have and the client adds."""
    return given.get("SHOPTET_API_BASE_URL", SHOPTET_ADDRESS).rstrip("/").removesuffix("/api")


def _change_key(shop: Shop, key: str) -> None:
    # The key may have been renewed since; one that is accepted already says nothing about which is newer.
    if key and key not in shop.signature_keys:
        shop.previous_webhook_key, shop.webhook_key = shop.webhook_key, key


def _checked(row: Shop | BlueJetAccount, variables: str) -> None:
    try:
        row.clean_fields(exclude=["name"])
    except ValidationError as error:
        problems = "; ".join(f"{field}: {' '.join(lines)}" for field, lines in error.message_dict.items())
        raise SetupRefused(f"Check {variables}. {problems}") from error
