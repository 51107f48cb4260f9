"""What the shop's staff does to products: prices, names, stock, new ones, deletions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.shoptet.identity import ean13, guid, slug
from sandbox.shoptet.money import amount_text, price_text, with_vat, without_vat
from sandbox.shoptet.refusals import ApiError, invalid, not_found
from sandbox.shoptet.seed.products import SHOP_URL, ProductMaker, variant_record
from sandbox.shoptet.seed.settings import DEFAULT_STOCK
from sandbox.shoptet.shop import Shop

Record = dict[str, Any]
SETTABLE = ("name", "shortDescription", "description", "metaDescription", "metaTitle", "visibility", "internalNote", "additionalName",
    "adult", "hsCode",
            "descriptiveParameters", "indexName")  # fmt: skip
VARIANT_SETTABLE = ("ean", "weight", "width", "height", "depth", "visible", "manufacturerCode", "pluCode", "isbn", "serialNo", "mpn",
    "minStockSupply",
                    "amountDecimalPlaces", "image")  # fmt: skip


def find_product(shop: Shop, product_guid: str) -> Record:
    """Return a product by GUID. Raises ApiError."""
    product = shop.catalogue.get(product_guid)
    if product is None:
        raise not_found("product", product_guid)
    return product


def find_variant(shop: Shop, code: str) -> tuple[Record, Record]:
    """Return the product and the variant with a code. Raises ApiError."""
    found = shop.catalogue.by_code(code)
    if found is None:
        raise not_found("product", code)
    return found


def save_product(shop: Shop, product: Record, *, events: tuple[tuple[str, str], ...] = ()) -> Record:
    """Keep a changed product, note the change and announce it."""
    product = {**product, "changeTime": shop.now()}
    shop.catalogue.put(product)
    shop.product_changes.touch(product["guid"])
    shop.emit("product:update", product["guid"])
    for event, instance in events:
        shop.emit(event, instance)
    return product


def change_product(shop: Shop, product_guid: str, data: Record) -> Record:
    """Change a product the way PATCH /api/products/{guid} does. Raises ApiError."""
    with shop.lock:
        product = find_product(shop, product_guid)
        changed = {**product, **{name: data[name] for name in SETTABLE if name in data}}
        if not changed["name"]:
            raise invalid("The name must not be empty.", "data.name")
        if "variants" in data:
            changed["variants"] = _changed_variants(shop, changed, data["variants"])
        events = [("productVariant:update", row.get("newCode") or row["code"]) for row in data.get("variants", ()) if row.get("code")]
        return save_product(shop, changed, events=tuple(events))


def _changed_variants(shop: Shop, product: Record, rows: list[Record]) -> list[Record]:
    variants = {variant["code"]: variant for variant in product["variants"]}
    for row in rows:
        code = row.get("code") or f"{product['variants'][0]['code']}-{len(variants) + 1}"
        variant = variants.get(code) or {**product["variants"][0], "code": code, "ean": None}
        variant = {**variant, **{name: row[name] for name in VARIANT_SETTABLE if name in row}}
        new_code = row.get("newCode") or code
        if new_code != code and shop.catalogue.by_code(new_code):
            raise invalid(f'Variant code "{new_code}" already exists.', "data.variants")
        variants[code] = {**variant, "code": new_code}
        if new_code != code:
            _move_levels(shop, code, new_code)
    return list(variants.values())


def _move_levels(shop: Shop, code: str, new_code: str) -> None:
    for stock_id, levels in shop.stock.levels.items():
        shop.stock.set_level(stock_id, new_code, shop.stock.level(stock_id, code))
        levels.pop(code, None)


def set_price(shop: Shop, code: str, price: Decimal, *, including_vat: bool | None = None) -> Record:
    """Set the price of a variant in the main price list; `including_vat` says how the price is meant, None is as the product keeps it."""
    with shop.lock:
        product, variant = find_variant(shop, code)
        return save_variant(shop, product, {**variant, "price": price_text(_kept_price(variant, price, including_vat))}, price_changed=True)


def _kept_price(variant: Record, price: Decimal, including_vat: bool | None) -> Decimal:
    if including_vat is None or including_vat == variant["includingVat"]:
        return price
    rate = Decimal(variant["vatRate"])
    return without_vat(price, rate) if including_vat else with_vat(price, rate)


def save_variant(shop: Shop, product: Record, variant: Record, *, price_changed: bool = False) -> Record:
    """Keep a changed variant of a product and announce it."""
    variants = [variant if row["code"] == variant["code"] else row for row in product["variants"]]
    event = "productVariantPrice:update" if price_changed else "productVariant:update"
    return save_product(shop, {**product, "variants": variants}, events=((event, variant["code"]),))


def add_product(shop: Shop, data: Record) -> Record:
    """Add a simple product: name, code, price with VAT, vatRate, category, stock."""
    with shop.lock:
        number = shop.next_number("product", 9001)
        name, code = data.get("name") or f"Novinka {number}", data.get("code") or f"NOV{number}"
        if shop.catalogue.by_code(code):
            raise invalid(f'Variant code "{code}" already exists.', "code")
        maker = ProductMaker(shop.options.seed, shop.clock.now())
        product = maker.head(name, code, data.get("category") or "Barové doplňky", data.get("brand") or "Hendi", "Nové zboží v nabídce.")
        product |= {
            "guid": guid(shop.options.seed, "added", number, code),
            "creationTime": shop.now(),
            "changeTime": shop.now(),
            "visibility": "visible",
        }
        price, rate = Decimal(str(data.get("price") or "199")), Decimal(str(data.get("vatRate") or "21"))
        product["variants"] = [variant_record(code, price, rate, ean=ean13(900_000_000 + number), url=f"{SHOP_URL}/{slug(name)}/")]
        shop.catalogue.put(product)
        shop.product_changes.touch(product["guid"])
        shop.emit("product:create", product["guid"])
        shop.emit("productVariant:create", code)
        if data.get("stock"):
            set_stock(shop, DEFAULT_STOCK, code, quantity=Decimal(str(data["stock"])))
        return product


def delete_product(shop: Shop, product_guid: str) -> None:
    """Delete a product with its variants. Raises ApiError."""
    with shop.lock:
        product = find_product(shop, product_guid)
        _refuse_part_of_set(shop, product_guid)
        shop.catalogue.remove(product_guid)
        shop.stock.forget(variant["code"] for variant in product["variants"])
        shop.product_changes.touch(product_guid, "delete")
        shop.emit("product:delete", product_guid)
        for variant in product["variants"]:
            shop.emit("productVariant:delete", variant["code"])


def delete_variant(shop: Shop, code: str) -> None:
    """Delete a variant; with the last one goes the product. Raises ApiError."""
    with shop.lock:
        product, _variant = find_variant(shop, code)
        if len(product["variants"]) == 1:
            delete_product(shop, product["guid"])
            return
        _refuse_part_of_set(shop, product["guid"], code)
        rest = [row for row in product["variants"] if row["code"] != code]
        save_product(shop, {**product, "variants": rest}, events=(("productVariant:delete", code),))
        shop.stock.forget([code])


def _refuse_part_of_set(shop: Shop, product_guid: str, code: str = "") -> None:
    for product in shop.catalogue.own():
        if any(part["guid"] == product_guid and code in ("", part["code"]) for part in product["setItems"] or ()):
            key = code or product_guid
            message = f'Product with identificator "{key}" cannot be deleted because is used in product set.'
            raise ApiError(409, "product-used-in-set", message, key)


def set_stock(
    shop: Shop,
    stock_id: int,
    code: str,
    *,
    quantity: Decimal | None = None,
    real: Decimal | None = None,
    change: Decimal | None = None,
    by: str = "admin",
) -> None:
    """Set what can be ordered (`quantity`), what lies there (`real`), or add a `change`; announce the movement. Raises ApiError."""
    with shop.lock:
        if stock_id not in shop.stock.levels:
            raise not_found("stock", str(stock_id))
        product, _variant = find_variant(shop, code)
        if product["type"] == "product-set":
            raise ApiError(400, "stock-change-not-allowed", f'Stock change not allowed for product set "{code}". Skipped.', code)
        level = shop.stock.level(stock_id, code)
        if quantity is not None:
            change = quantity - level.amount
        elif real is not None:
            change = real - level.real
        shop.stock.move(stock_id, code, change or Decimal(0), by=by, guid=product["guid"])
        shop.emit("stock:movement", str(stock_id))


def stock_amounts(shop: Shop, product: Record, code: str) -> list[Record]:
    """Return what is in each stock of a variant; a set has as many as its parts suffice for."""
    rows = []
    for stock_id in shop.stock.levels:
        if product["type"] == "product-set":
            amount, claim, changed, location = set_amount(shop, product, stock_id), Decimal(0), product["changeTime"], None
        else:
            level = shop.stock.level(stock_id, code)
            amount, claim, changed, location = shop.stock.shown(level), level.claim, level.changed, level.location
        rows.append(
            {
                "stockId": stock_id,
                "amount": shop.stock.wire_amount(code, amount),
                "claim": amount_text(claim),
                "location": location,
                "lastAmountUpdate": changed,
            }
        )
    return rows


def set_amount(shop: Shop, product: Record, stock_id: int) -> Decimal:
    """Return how many sets the parts in a stock suffice for."""
    parts = product["setItems"] or ()
    return min((shop.stock.level(stock_id, part["code"]).amount // Decimal(part["amount"]) for part in parts), default=Decimal(0))
