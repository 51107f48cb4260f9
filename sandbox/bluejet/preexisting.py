"""Records that the office keyed in before the portal came: a Shoptet shop's own, known only by their natural keys.

They carry no external id, so the portal has to find them by code, e-mail and IČO and adopt them. Two are traps: a code that
two products share, and a product that already belongs to another shop.
"""

from __future__ import annotations

from typing import Any

from sandbox.bluejet.store import Store
from sandbox.shoptet.seed.people import PeopleMaker
from sandbox.shoptet.seed.products import ProductMaker

SHOP_SEED = 1
ADOPTABLE, SHARED, FOREIGN = slice(0, 3), 3, 4


def seed_preexisting(store: Store) -> None:
    """Add products, companies and contacts that the seeded Shoptet shop has too."""
    now = store.options.clock()
    _seed_products(store, ProductMaker(SHOP_SEED, now).assortment())
    _seed_people(store, PeopleMaker(SHOP_SEED, now).customers())


def _seed_products(store: Store, products: list[dict[str, Any]]) -> None:
    for product in products[ADOPTABLE]:
        _insert_product(store, product)
    for _twice in range(2):
        _insert_product(store, products[SHARED])
    _insert_product(store, products[FOREIGN], externiidsupl="jiny-eshop:4711")


def _insert_product(store: Store, product: dict[str, Any], **more: str) -> None:
    code = product["variants"][0]["code"]
    store.insert("product", code=code, name=product["name"], poznamka="Založeno ručně", mj="ks", **more)


def _seed_people(store: Store, customers: list[dict[str, Any]]) -> None:
    companies = [customer for customer in customers if customer["billingAddress"]["companyId"]]
    for customer in companies[:2]:
        billing = customer["billingAddress"]
        store.insert("company", name=billing["company"], ico=billing["companyId"], town=billing["city"])
    for customer in customers[:2]:
        account = customer["accounts"][0]
        first, _, last = account["fullName"].rpartition(" ")
        store.insert("contact", firstname=first, lastname=last, emailaddress1=account["email"])
