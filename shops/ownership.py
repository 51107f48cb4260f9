"""Which shop of a BlueJet account writes what all of its shops have in common: the products, and the amounts of the stock."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.models import OWNERSHIPS, BlueJetAccount, Shop

REFUSED: dict[str, Promise | str] = {
    "owns_products": gettext_lazy(
        "%(owners)s owns the products of this BlueJet account already. Untick it there first; two owners would write over each other."
    ),
    "owns_stock": gettext_lazy(
        "%(owners)s owns the stock of this BlueJet account already. Untick it there first; two owners would write over each other."
    ),
}
TWO_OWNERS: dict[str, Promise | str] = {
    "owns_products": gettext_lazy(
        "The products of the BlueJet account “%(account)s” have more than one owner: %(owners)s. They may write over each other's values. "
        "Leave the tick “owns shared products” with one of them, on the shops' pages."
    ),
    "owns_stock": gettext_lazy(
        "The stock of the BlueJet account “%(account)s” has more than one owner: %(owners)s. A card belongs to whichever shop wrote it "
        "first. Leave the tick “owns shared stock” with one of them, on the shops' pages."
    ),
}


def refused_ownerships(shop: Shop, wanted: dict[str, Any]) -> dict[str, str]:
    """Return, by setting, why a change may not be saved since it would give the account a second owner; what is so already may stay.

    `shop` is as it is in the database, or new; `wanted` holds the account and the settings as they are to be.
    """
    account = wanted.get("bluejet")
    if account is None:
        return {}
    stays = shop.pk is not None and shop.bluejet_id == account.pk
    gained = [name for name in OWNERSHIPS if wanted.get(name) and not (stays and getattr(shop, name))]
    owners = {name: _owners(account, name, but=shop) for name in gained}
    return {name: str(REFUSED[name]) % {"owners": _listed(found)} for name, found in owners.items() if found}


def ownership_warnings(account_id: int | None = None) -> list[str]:
    """Return a sentence for everything in an account, or in any, that has more than one owner."""
    accounts = BlueJetAccount.objects.filter(**({"pk": account_id} if account_id else {}))
    found = [(account, name, _owners(account, name)) for account in accounts for name in OWNERSHIPS]
    return [str(TWO_OWNERS[name]) % {"account": account, "owners": _listed(owners)} for account, name, owners in found if len(owners) > 1]


def _owners(account: BlueJetAccount, name: str, but: Shop | None = None) -> list[Shop]:
    owners = Shop.objects.filter(bluejet=account, **{name: True}).order_by("pk")
    return list(owners.exclude(pk=but.pk) if but is not None and but.pk else owners)


def _listed(shops: list[Shop]) -> str:
    return get_text_list([shop.name for shop in shops], _("and"))
