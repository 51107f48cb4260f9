"""Makes the seeded products from the tables of the assortment, in the full shape of Shoptet's product detail."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.shoptet.clock import wire_time
from sandbox.shoptet.identity import ean13, guid, slug
from sandbox.shoptet.money import amount_text, price_text, rate_text
from sandbox.shoptet.seed.assortment import CATEGORY_TREE, FAMILIES, SETS, Family, ProductSet

SHOP_URL = "https://www.gastrolipa.example"
ASSORTMENT = sum(len(family.models) for family in FAMILIES) + len(SETS)
UNITS = {"ks": (1, "ks"), "kg": (3, "kg"), "bal": (2, "bal")}
WARRANTY = {"id": -1, "inMonths": 24, "description": "2 roky"}

Record = dict[str, Any]


def categories() -> list[Record]:
    """Return the tree as a flat list, parents first."""
    rows: list[Record] = []
    for top, groups in CATEGORY_TREE.items():
        rows.append(_category(top, None, len(rows)))
        for group, leaves in groups.items():
            rows.append(_category(group, category_guid(top), len(rows)))
            rows.extend(_category(leaf, category_guid(group), len(rows) + offset) for offset, leaf in enumerate(leaves))
    return rows


def category_guid(name: str) -> str:
    return guid("category", name)


def _category(name: str, parent: str | None, priority: int) -> Record:
    return {
        "guid": category_guid(name), "name": name, "image": None, "description": f"<p>{name} pro profesionální provoz.</p>",
        "secondDescription": None, "indexName": slug(name), "url": f"{SHOP_URL}/{slug(name)}/", "parentGuid": parent, "priority": priority,
        "menuTitle": name, "title": f"{name} | Gastro Lípa", "metaTagDescription": None, "visible": True, "similarProductsCategory": None,
        "relatedProductsCategory": None, "customerVisibility": "all", "productOrdering": "default",
        "catalogueMapping": [{"provider": "heureka", "category": f"Heureka.cz | Průmysl | Gastro | {name}"}],
    }  # fmt: skip


def category_path(leaf: str) -> list[str]:
    """Return the names from the top of the tree to a leaf."""
    for top, groups in CATEGORY_TREE.items():
        for group, leaves in groups.items():
            if leaf in leaves:
                return [top, group, leaf]
    raise KeyError(leaf)


class ProductMaker:
    """Makes product records; the same seed gives the same shop."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.seed, self.now, self.serial = seed, now, 0
        self.random = random.Random(f"{seed}/products")

    def assortment(self, most: int = ASSORTMENT) -> list[Record]:
        """Return the products of the assortment, sets last, or so many of them from the beginning."""
        rows = [(family, number, model) for family in FAMILIES for number, model in enumerate(family.models, start=1)]
        products = [self._product(*row) for row in rows[:most]]
        if most <= len(rows):
            return products
        by_name = {product["name"]: product for product in products}
        return products + [self._set(row, [by_name[part] for part in row.parts]) for row in SETS[: most - len(rows)]]

    def _product(self, family: Family, number: int, model: str) -> Record:
        self.serial += 1
        name = family.name.format(model)
        low, high = family.prices
        base = Decimal(low) + Decimal(high - low) * number / Decimal(len(family.models) + 1)
        base = base.quantize(Decimal(10) if base > 500 else Decimal(1))
        code = f"{family.code}{number:02d}"
        product = self.head(name, code, family.category, self.random.choice(family.brands), family.text)
        product["descriptiveParameters"] = self._parameters(family, number)
        product["images"] = [self._image(name, order) for order in range(1, 2 + number % 3)]
        product["variants"] = list(self._variants(product, family, code, base))
        if number % 7 == 3:
            product["surchargeParameters"] = [_engraving()]
        return product

    def head(self, name: str, code: str, category: str, brand: str, text: str) -> Record:
        created = self.now - timedelta(days=self.random.randint(60, 900), minutes=self.random.randint(0, 1400))
        changed = self.now - timedelta(days=self.random.randint(0, 59), minutes=self.random.randint(1, 1400))
        path = category_path(category)
        brand_record = {"code": slug(brand), "name": brand}
        return {
            "guid": guid(self.seed, "product", code), "type": "product", "name": name, "indexName": slug(name), "brand": brand_record,
            "supplier": {"guid": guid("supplier", brand), "name": f"{brand} – velkoobchod"},
            "visibility": self.random.choices(("visible", "hidden", "block-unregistered"), (94, 4, 2))[0],
            "creationTime": wire_time(created), "changeTime": wire_time(changed), "shortDescription": text,
            "description": f"<h2>{name}</h2><p>{text}</p><ul><li>Značka: {brand}</li><li>Záruka 24 měsíců</li></ul>",
            "metaDescription": f"{name} – {text}", "url": f"{SHOP_URL}/{slug(name)}/", "conditionGrade": None, "conditionDescription": None,
            "internalNote": None, "hsCode": None, "defaultCategory": {"guid": category_guid(category), "name": category, "visible": True},
            "categories": [
                {"guid": category_guid(step), "name": step, "parentGuid": category_guid(path[level - 1]) if level else None}
                for level, step in enumerate(path)
            ],
            "descriptiveParameters": [], "additionalName": None, "xmlFeedName": None, "metaTitle": f"{name} | Gastro Lípa", "adult": False,
            "allowIPlatba": True, "allowOnlinePayments": True, "sizeIdName": None, "voteAverageScore": None, "voteCount": 0,
            "isVariant": False,
            "variants": [], "images": [], "flags": [], "surchargeParameters": [], "setItems": None, "filteringParameters": [],
            "warranty": WARRANTY, "gifts": [], "alternativeProducts": None, "relatedProducts": None, "relatedFiles": [],
            "relatedVideos": [],
        }  # fmt: skip

    def _parameters(self, family: Family, number: int) -> list[Record]:
        return [
            {"name": name, "value": values[number % len(values)], "description": None, "priority": priority}
            for priority, (name, values) in enumerate(family.parameters.items(), start=1)
        ]

    def _image(self, name: str, order: int) -> Record:
        file = f"{self.serial}{'' if order == 1 else f'-{order}'}.jpg"
        seo = f"{file[:-4]}_{slug(name)}.jpg"
        return {
            "name": file, "seoName": seo, "cdnName": f"{seo}?ff=1&x=1024&y=768&q=85&ts=5f3a&sg={self.serial:04x}", "signedCdnNames": None,
            "priority": order, "description": name, "changeTime": wire_time(self.now - timedelta(days=90)), "isMainImage": order == 1,
            "gallery": "shop",
        }  # fmt: skip

    def _variants(self, product: Record, family: Family, code: str, base: Decimal) -> Iterator[Record]:
        if family.axis is None:
            yield self._variant(product, family, code, base, None)
            return
        product["isVariant"] = True
        for priority, (text, suffix, factor) in enumerate(family.axis.values, start=1):
            parameter = {
                "paramName": family.axis.name, "paramIndex": slug(family.axis.name), "paramValue": text, "displayName": None,
                "rawValue": slug(text), "color": None, "image": None, "valuePriority": priority,
            }  # fmt: skip
            yield self._variant(product, family, f"{code}/{suffix}", base * Decimal(str(factor)), parameter)

    def _variant(self, product: Record, family: Family, code: str, base: Decimal, parameter: Record | None) -> Record:
        rate = Decimal(family.rate)
        price = base.quantize(Decimal(1)) if family.includes_vat else (base / Decimal("1.21")).quantize(Decimal(10))
        return variant_record(
            code, price, rate, unit=family.unit, decimals=family.decimals, includes_vat=family.includes_vat,
                weight=Decimal(str(family.weight)),
            ean=ean13(self.seed * 1_000_003 + self.serial * 64 + (parameter or {}).get("valuePriority", 0)), parameter=parameter,
            image=product["images"][0]["name"], url=product["url"], action=self._action(price),
        )  # fmt: skip

    def _action(self, price: Decimal) -> Record | None:
        if self.random.random() > 0.06:
            return None
        first = (self.now - timedelta(days=10)).date().isoformat()
        last = (self.now + timedelta(days=20)).date().isoformat()
        return {"price": price_text((price * Decimal("0.9")).quantize(Decimal(1))), "fromDate": first, "toDate": last}

    def _set(self, row: ProductSet, parts: list[Record]) -> Record:
        self.serial += 1
        text = f"Zvýhodněný set: {', '.join(row.parts)}."
        product = self.head(row.name, row.code, "Startovací sety", "Gastro Lípa", text)
        product |= {"type": "product-set", "images": [self._image(row.name, 1)]}
        chosen = [part["variants"][0] for part in parts]
        product["setItems"] = [
            {"guid": part["guid"], "code": variant["code"], "amount": amount_text(Decimal(1))}
            for part, variant in zip(parts, chosen, strict=True)
        ]
        price = sum((Decimal(variant["price"]) for variant in chosen), Decimal(0)) * Decimal(str(row.factor))
        product["variants"] = [
            variant_record(row.code, price.quantize(Decimal(1)), Decimal(21), weight=Decimal(3), ean=None,
                image=product["images"][0]["name"])
        ]  # fmt: skip
        return product


def variant_record(
    code: str, price: Decimal, rate: Decimal, *, ean: str | None, unit: str = "ks", decimals: int = 0, includes_vat: bool = True,
    weight: Decimal = Decimal(1), parameter: Record | None = None, image: str | None = None, url: str | None = None,
        action: Record | None = None,
) -> Record:  # fmt: skip
    """Return a variant as the product detail shows it, without what depends on the stock."""
    unit_id, unit_name = UNITS[unit]
    measure = {
        "packagingUnitId": unit_id, "packagingUnitName": unit_name, "packagingAmount": "1.000", "measureUnitId": unit_id,
        "measureUnitName": unit_name, "measureAmount": "1.000", "measurePrice": price_text(price),
    }  # fmt: skip
    purchase = {"price": price_text(price * Decimal("0.62")), "vatRate": rate_text(rate), "includingVat": includes_vat}
    return {
        "code": code, "ean": ean, "unit": unit_name, "weight": amount_text(weight), "width": "0.0", "height": "0.0", "depth": "0.0",
        "visible": True, "price": price_text(price), "commonPrice": price_text(price * Decimal("1.15")) if action else None,
        "manufacturerCode": None, "pluCode": None, "isbn": None, "serialNo": None, "mpn": None, "includingVat": includes_vat,
        "vatRate": rate_text(rate), "currencyCode": "CZK", "minStockSupply": None, "actionPrice": action, "image": image,
        "isProductDefaultImage": True, "name": f"{parameter['paramName']}: {parameter['paramValue']}" if parameter else None,
        "amountDecimalPlaces": decimals, "parameters": [parameter] if parameter else None, "measureUnit": measure, "availability": None,
        "availabilityWhenSoldOut": {"id": -4, "name": "Na dotaz"}, "negativeStockAllowed": "yes-global", "recyclingFee": None,
        "url": url, "prices": {"purchasePrice": purchase},
    }  # fmt: skip


def _engraving() -> Record:
    value = {"valueIndex": "logo", "description": "Gravírování loga", "price": "90.00", "priority": 1, "visible": True}
    return {
        "code": "gravirovani", "name": "Gravírování", "displayName": "Gravírování", "description": None, "priority": 1, "required": False,
        "currency": "CZK", "includingVat": True, "subscription": False, "values": [value],
    }  # fmt: skip
