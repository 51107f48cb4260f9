"""Every change of a shop's mappings has a version, and nothing else has."""

from __future__ import annotations

import json
from typing import Any

from mappings.models import CategoryMapping, FieldMapping, MappingVersion, StatusMapping
from mappings.packs import install_default
from mappings.versions import content_of, digest_of, record_version
from shops.models import Shop


def test_a_version_holds_the_whole_set_with_its_author_and_comment(shop: Shop, admin_user: Any) -> None:
    FieldMapping.objects.create(shop=shop, entity="product", source="name", target="name", transform="strip")
    StatusMapping.objects.create(shop=shop, shoptet_id="-1", bluejet_value="Probíhající", document="offer")

    version = record_version(shop, author=admin_user, comment="first")

    assert (version.number, version.author, version.comment) == (1, admin_user, "first")
    assert version.content["format"] == 2
    assert version.content["fields"][0]["transform"] == "strip"
    assert version.content["tables"]["status"][0]["document"] == "offer"
    assert version.digest == digest_of(version.content)


def test_nothing_changed_means_no_new_version(shop: Shop) -> None:
    first = install_default(shop)

    again = record_version(shop, comment="saved without a change")

    assert again == first
    assert MappingVersion.objects.filter(shop=shop).count() == 1


def test_each_change_has_the_next_number_of_its_shop(shop: Shop) -> None:
    other = Shop.objects.create(name="Other", eshop_id="2", bluejet=shop.bluejet, external_prefix="other")
    record_version(shop)
    record_version(other)
    CategoryMapping.objects.create(shop=shop, shoptet_id="1", bluejet_value="x")

    assert record_version(shop).number == 2
    assert record_version(other).number == 1


def test_going_back_to_an_earlier_state_is_a_change_too(shop: Shop) -> None:
    first = record_version(shop)
    row = CategoryMapping.objects.create(shop=shop, shoptet_id="1", bluejet_value="x")
    record_version(shop)
    row.delete()

    third = record_version(shop)

    assert third.number == 3
    assert third.digest == first.digest


def test_the_digest_depends_on_the_content_and_not_on_the_order_of_entry(shop: Shop) -> None:
    rows = [CategoryMapping(shop=shop, shoptet_id=key, bluejet_value="x") for key in ("b", "a")]
    CategoryMapping.objects.bulk_create(rows)
    before = digest_of(content_of(shop))
    CategoryMapping.objects.all().delete()
    CategoryMapping.objects.bulk_create(CategoryMapping(shop=shop, shoptet_id=key, bluejet_value="x") for key in ("a", "b"))

    assert digest_of(content_of(shop)) == before


def test_a_version_holds_no_secret(shop: Shop) -> None:
    install_default(shop)

    text = json.dumps(content_of(shop))

    assert shop.api_token not in text
    assert shop.bluejet.token_hash not in text
