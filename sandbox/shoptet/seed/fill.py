"""Fills an empty shop: catalogue, stock, customers and orders, in this order and without a single event."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from sandbox.shoptet.catalogue import Catalogue
from sandbox.shoptet.changes import ChangeFeed
from sandbox.shoptet.clock import parse_time, wire_time
from sandbox.shoptet.seed.bulk import Bulk
from sandbox.shoptet.seed.orders import seed_orders
from sandbox.shoptet.seed.people import PeopleMaker
from sandbox.shoptet.seed.products import ASSORTMENT, ProductMaker, categories
from sandbox.shoptet.shop import Shop
from sandbox.shoptet.stock import Level


def fill(shop: Shop) -> Shop:
    """Set the shop to its start."""
    with shop.lock:
        shop.empty()
        shop.silent = True
        _fill_catalogue(shop)
        _fill_stock(shop)
        _fill_customers(shop)
        seed_orders(shop, shop.options.orders)
        shop.silent = False
        return shop


def _fill_catalogue(shop: Shop) -> None:
    now, options = shop.clock.now(), shop.options
    wanted = ASSORTMENT if options.products is None else options.products
    kept = ProductMaker(options.seed, now).assortment(wanted)
    codes = {variant["code"] for product in kept for variant in product["variants"]}
    kept = [product for product in kept if all(part["code"] in codes for part in product["setItems"] or ())]
    shop.categories = categories()
    shop.catalogue = Catalogue(kept, Bulk(wanted - ASSORTMENT, options.seed, now))
    for product in kept:
        _note_change(shop.product_changes, product["guid"], product["changeTime"])


def _note_change(feed: ChangeFeed, key: str, time: str) -> None:
    feed.touch(key, moment=parse_time(time))


def _fill_stock(shop: Shop) -> None:
    chooser = random.Random(f"{shop.options.seed}/stock")
    delivered = wire_time(shop.clock.now() - timedelta(days=70))
    shop.stock.moment = parse_time(delivered)
    for product in shop.catalogue.own():
        if product["type"] == "product-set":
            continue
        for variant in product["variants"]:
            cheap = Decimal(variant["price"]) < 5000
            for stock_id, most in ((1, 120 if cheap else 12), (2, 20 if cheap else 3), (3, 300 if cheap else 0)):
                amount = Decimal(chooser.randint(0, most))
                place = f"{'ABCDEF'[chooser.randint(0, 5)]}{chooser.randint(1, 9)}/{chooser.randint(1, 40)}" if stock_id == 1 else None
                shop.stock.set_level(stock_id, variant["code"], Level(Decimal(0), Decimal(0), delivered, place))
                if amount:
                    shop.stock.move(stock_id, variant["code"], amount, guid=product["guid"])
    shop.stock.moment = None


def _fill_customers(shop: Shop) -> None:
    for customer in PeopleMaker(shop.options.seed, shop.clock.now()).customers(shop.options.customers):
        shop.customers[customer["guid"]] = customer
        _note_change(shop.customer_changes, customer["guid"], customer["changeTime"])
