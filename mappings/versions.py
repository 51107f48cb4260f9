"""Versions of a shop's whole set of mappings: one for every change, so that a record can name the one it went out under."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from mappings.choices import MODEL_OF_TABLE
from mappings.models import FieldMapping, MappingVersion, TablePolicy
from shops.models import Shop

FORMAT = 2
# Before the choice "when its value changed" there was only "always", which nobody had chosen.
UNCHOSEN_ALWAYS = 1
NOT_CONTENT = frozenset({"id", "shop"})


def content_of(shop: Shop) -> dict[str, Any]:
    """Return the shop's rows and tables as JSON, in an order that depends on nothing but their content."""
    return {
        "format": FORMAT,
        "fields": _rows(FieldMapping, shop, "entity", "direction", "position", "target", "id"),
        "tables": {table: _rows(model, shop, "shoptet_id") for table, model in MODEL_OF_TABLE.items()},
        "policies": _rows(TablePolicy, shop, "table"),
    }


def _rows(model: Any, shop: Shop, *order: str) -> list[dict[str, Any]]:
    columns = [field.attname for field in model._meta.concrete_fields if field.name not in NOT_CONTENT]
    return list(model.objects.filter(shop=shop).order_by(*order).values(*columns))


def upgraded(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a content of an older format as today's: what was written always because there was no other choice goes when it changed."""
    if content.get("format") != UNCHOSEN_ALWAYS or not isinstance(content.get("fields", []), list):
        return dict(content)
    rows = [upgraded_row(row) if isinstance(row, Mapping) else row for row in content.get("fields", [])]
    return {**content, "format": FORMAT, "fields": rows}


def upgraded_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one row of the older format as today's."""
    return {name: "changed" if (name, value) == ("when", "always") else value for name, value in row.items()}


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of the content's canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def record_version(shop: Shop, author: User | None = None, comment: str = "") -> MappingVersion:
    """Record the mappings as they are now, under the next number; return the latest version where nothing changed."""
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)  # two people who save at once get two numbers
    content = content_of(shop)
    digest = digest_of(content)
    latest = MappingVersion.objects.filter(shop=shop).defer("content").order_by("-number").first()
    if latest and latest.digest == digest:
        return latest
    number = latest.number + 1 if latest else 1
    return MappingVersion.objects.create(shop=shop, number=number, content=content, digest=digest, author=author, comment=comment)
