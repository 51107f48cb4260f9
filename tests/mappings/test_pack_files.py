"""Packs: out of one shop and into another, with a preview, and refused whole where anything in them is wrong."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from mappings import changes, known_values
from mappings.models import CategoryMapping, FieldMapping, MappingVersion, PartnerList, PartnerValue, StatusMapping, TablePolicy
from mappings.pack_files import (
    MissingValue,
    MovedMeanwhile,
    PackRefused,
    export_pack,
    import_pack,
    pack_of,
    preview_import,
    read_pack,
    write_pack,
)
from mappings.packs import FOLDER, install_default
from mappings.versions import record_version
from mappings.wording import shown_difference
from shops.models import BlueJetAccount, Shop


def pack(**parts: Any) -> str:
    return json.dumps({"format": 1, "dialect": "data", **parts}, ensure_ascii=False)


def one_field(**row: Any) -> str:
    return pack(fields={"product": [{"target": "name", "source": "name", **row}]})


def one_status(**row: Any) -> str:
    return pack(tables={"status": [{"shoptet_id": "-1", "bluejet_value": "Probíhající", **row}]})


@pytest.fixture
def other_shop(shop: Shop) -> Shop:
    """Return a second shop with a BlueJet of its own."""
    account = BlueJetAccount.objects.create(name="BlueJet 2", base_url="http://127.0.0.1:9/api/v1", dialect="data")
    return Shop.objects.create(name="Gastro Slovensko", eshop_id="333", bluejet=account, api_token="another-token")


@pytest.fixture
def filled_shop(shop: Shop) -> Shop:
    """Return a shop with the default rows and two statuses."""
    install_default(shop)
    StatusMapping.objects.create(shop=shop, shoptet_id="-1", shoptet_name="Nevyřízená", bluejet_value="Probíhající")
    StatusMapping.objects.create(shop=shop, shoptet_id="-4", shoptet_name="Storno", bluejet_value="Stornovaná", cancels=True)
    record_version(shop)
    return shop


@pytest.mark.parametrize("dialect", ["rest", "data"])
def test_the_default_packs_are_the_same_format_to_the_letter(dialect: str) -> None:
    text = (FOLDER / f"{dialect}.json").read_text(encoding="utf-8")

    assert write_pack(read_pack(text)) == text


def test_a_pack_moves_from_one_shop_to_another(filled_shop: Shop, other_shop: Shop) -> None:
    text = export_pack(filled_shop)

    version = import_pack(other_shop, read_pack(text), None, "from Gastro")

    assert export_pack(other_shop) == text
    assert version.comment == "from Gastro"
    assert StatusMapping.objects.get(shop=other_shop, shoptet_id="-4").cancels


def test_an_export_has_a_row_to_a_line_and_no_secret(filled_shop: Shop) -> None:
    text = export_pack(filled_shop)

    lines = [line.strip(" ,") for line in text.splitlines()]
    assert '{"shoptet_id": "-4", "shoptet_name": "Storno", "bluejet_value": "Stornovaná", "cancels": true}' in lines
    assert "for-tests" not in text
    assert filled_shop.eshop_id not in text


def test_what_a_pack_does_not_name_stays(filled_shop: Shop) -> None:
    before = FieldMapping.objects.filter(shop=filled_shop, entity="order").count()

    import_pack(filled_shop, read_pack(one_field()), None)

    assert [row.target for row in FieldMapping.objects.filter(shop=filled_shop, entity="product")] == ["name"]
    assert FieldMapping.objects.filter(shop=filled_shop, entity="order").count() == before
    assert StatusMapping.objects.filter(shop=filled_shop).count() == 2


def test_a_preview_names_the_differences_and_changes_nothing(filled_shop: Shop) -> None:
    text = one_status(bluejet_value="Potvrzená")

    preview = preview_import(filled_shop, read_pack(text))

    changed, gone = preview.differences
    assert (changed.name, changed.before, changed.after) == (
        "-1",
        {"bluejet_value": "Probíhající", "shoptet_name": "Nevyřízená"},
        {"bluejet_value": "Potvrzená", "shoptet_name": ""},
    )
    assert (gone.name, gone.after) == ("Storno", {})
    assert StatusMapping.objects.filter(shop=filled_shop).count() == 2
    assert MappingVersion.objects.filter(shop=filled_shop).latest("number").number == preview.version


def test_a_pack_of_the_same_mappings_differs_in_nothing(filled_shop: Shop) -> None:
    assert preview_import(filled_shop, read_pack(export_pack(filled_shop))).differences == []


def test_values_that_the_other_side_does_not_hold_are_named_and_can_be_left_out(
    filled_shop: Shop, other_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    PartnerList.objects.create(shop=other_shop, side="shoptet", table="status", origin="list", read_at=timezone.now())
    PartnerValue.objects.create(shop=other_shop, side="shoptet", table="status", value="-1", name="Nová", seen_at=timezone.now())
    monkeypatch.setattr(known_values, "_column_readers", [lambda shop, entity: {"name": "text"} if entity == "product" else None])
    found = pack_of(filled_shop)

    preview = preview_import(other_shop, found)
    import_pack(other_shop, found, None, leave_out_missing=True)

    assert MissingValue("status", "shoptet", "-4", "Storno") in preview.missing
    assert MissingValue("field", "bluejet", "ean", "product") in preview.missing
    assert MissingValue("field", "bluejet", "name", "product") not in preview.missing
    assert preview.missing_in_shop == 1
    assert [row.shoptet_id for row in StatusMapping.objects.filter(shop=other_shop)] == ["-1"]


def test_a_preview_says_when_nobody_knows_what_the_shop_lacks(filled_shop: Shop, other_shop: Shop) -> None:
    found = pack_of(filled_shop)
    unread = preview_import(other_shop, found)
    PartnerList.objects.create(shop=other_shop, side="shoptet", table="status", origin="list", read_at=timezone.now())

    assert (unread.is_blind, unread.missing) == (True, [])
    assert not preview_import(other_shop, found).is_blind
    assert preview_import(other_shop, found).missing_in_shop == 2


def test_a_value_that_bluejet_was_never_seen_to_hold_is_named_as_a_doubt(filled_shop: Shop, other_shop: Shop) -> None:
    PartnerValue.objects.create(shop=other_shop, side="bluejet", table="status", value="Probíhající", seen_at=timezone.now())

    missing = preview_import(other_shop, pack_of(filled_shop)).missing

    assert missing == [MissingValue("status", "bluejet", "Stornovaná", "", is_certain=False)]


def test_an_import_tells_those_who_wait_for_a_new_or_another_counterpart(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told: list[tuple[int, str, str]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda *news: told.append(news) or 0])

    with django_capture_on_commit_callbacks(execute=True):
        import_pack(shop, read_pack(one_status()), None)
    with django_capture_on_commit_callbacks(execute=True):
        import_pack(shop, read_pack(one_status()), None)

    with django_capture_on_commit_callbacks(execute=True):
        import_pack(shop, read_pack(one_status(bluejet_value="Potvrzená")), None)

    assert told == [(shop.pk, "status", "-1")] * 2


def test_what_becomes_of_values_without_a_row_moves_along(filled_shop: Shop, other_shop: Shop) -> None:
    policy = {"missing": "default", "default_value": "Probíhající", "document": "offer"}
    TablePolicy.objects.create(shop=filled_shop, table="status", **policy)
    TablePolicy.objects.create(shop=other_shop, table="payment", missing="park")
    text = export_pack(filled_shop)

    shown = [shown_difference(one) for one in preview_import(other_shop, read_pack(text)).differences if one.table == "policy"]
    import_pack(other_shop, read_pack(text), None)

    assert '"status": {"missing": "default", "default_value": "Probíhající", "document": "offer"}' in text
    assert [(one.name, one.before) for one in shown] == [("status mappings", "")]
    assert "where a row is missing: use a default" in shown[0].after
    assert set(TablePolicy.objects.filter(shop=other_shop).values_list("table", "missing")) == {("status", "default"), ("payment", "park")}
    assert not [one for one in preview_import(other_shop, read_pack(text)).differences if one.table == "policy"]


def test_an_import_of_a_default_lets_all_go_that_waited_for_the_table(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told: list[tuple[int, str, str]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda *news: told.append(news) or 0])
    text = pack(policies={"payment": {"missing": "default", "default_value": "Převodem"}, "shipping": {"missing": "park"}})

    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            import_pack(shop, read_pack(text), None)

    assert told == [(shop.pk, "payment", changes.EVERY_VALUE)]


def test_an_import_after_somebody_elses_change_overwrites_nothing(filled_shop: Shop) -> None:
    base = preview_import(filled_shop, read_pack(one_status())).version
    CategoryMapping.objects.create(shop=filled_shop, shoptet_id="c", bluejet_value="C")

    with pytest.raises(MovedMeanwhile):
        import_pack(filled_shop, read_pack(one_status()), None, base=base)

    assert StatusMapping.objects.filter(shop=filled_shop).count() == 2


def test_a_pack_for_the_other_dialect_is_refused(shop: Shop) -> None:
    with pytest.raises(PackRefused, match="speaks “data”"):
        preview_import(shop, read_pack((FOLDER / "rest.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"format": 1,', "This is not JSON: line 1, character 14"),
        ("[" * 100_000, "This is not JSON"),
        ("[]", "A mapping pack is a JSON object."),
        ('{"format": 3, "dialect": "data"}', "The pack has the format 3; this portal reads the format 2."),
        ('{"dialect": "data"}', "The pack has the format null"),
        ('{"format": 1, "format": 1}', "“format” stands twice"),
        (pack(dialect="soap"), "The dialect must be one of: data, rest."),
        (pack(), "The pack is empty"),
        (pack(secrets={}), "“secrets” is not known in a pack."),
        (pack(fields=[]), "“fields” must be an object with lists of rows."),
        (pack(fields={"voucher": []}), "“voucher” is not known among the fields"),
        (pack(fields={"product": {}}), "“fields.product” must be a list of rows."),
        (pack(fields={"product": ["name"]}), "fields.product[1] must be an object."),
        (pack(fields={"product": [{"source": "name"}]}), "fields.product[1]: “target” is missing."),
        (one_field(sorce="name"), "fields.product[1]: “sorce” is not known."),
        (one_field(required="yes"), "“required” must be true or false."),
        (one_field(default=21), "“default” must be a text."),
        (
            one_field(source="naem"),
            "fields.product[1] (name): The field “naem” does not exist in a record of Shoptet (character 1). Did you mean “name”?",
        ),
        (one_field(source="name["), "The expression ends too early"),
        (one_field(source="", required=True), "Give a source expression, or a default"),
        (one_field(transform="strip|shout"), "There is no transform “shout”."),
        (one_field(when="never"), "when: "),
        (one_field(target="a b"), "cannot be a field's name"),
        (one_field(default="x" * 256), "default: "),
        (pack(fields={"product": [{"target": "a", "source": "name"}] * 2}), "Two active rows of “product” fill “a”."),
        (
            pack(
                fields={
                    "product": [
                        {"target": "popis", "source": "description"},
                        {"target": "description", "source": "popis", "direction": "to_shoptet"},
                    ]
                }
            ),
            "always written in both directions",
        ),
        (pack(tables={"colour": []}), "“colour” is not known among the tables"),
        (pack(tables={"status": [{"shoptet_id": "1"}]}), "tables.status[1]: “bluejet_value” is missing."),
        (pack(policies=[]), "“policies” must be an object."),
        (pack(policies={"colour": {"missing": "park"}}), "“colour” is not known among the policies"),
        (pack(policies={"status": "park"}), "policies.status must be an object."),
        (pack(policies={"status": {}}), "policies.status: “missing” is missing."),
        (pack(policies={"status": {"missing": "maybe"}}), "policies.status: missing: "),
        (pack(policies={"payment": {"missing": "default"}}), "policies.payment: default_value: Say which default."),
        (pack(policies={"payment": {"missing": "park", "default": "x"}}), "policies.payment: “default” is not known."),
        (one_status(document="invoice"), "tables.status[1]: document: "),
        (one_status(cancels="no"), "“cancels” must be true or false."),
        (pack(tables={"status": [{"shoptet_id": "1", "bluejet_value": "A"}] * 2}), "tables.status[2]: “1” has a row already."),
    ],
)
def test_a_wrong_pack_is_refused_with_the_place_and_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(PackRefused) as refusal:
        read_pack(text)

    assert any(sentence in problem for problem in refusal.value.problems), refusal.value.problems


def test_every_mistake_is_named_at_once() -> None:
    text = pack(colour=1, fields={"product": [{"target": "a", "source": "b["}, {"target": "c d", "source": "name"}]}, tables={"x": []})

    with pytest.raises(PackRefused) as refusal:
        read_pack(text)

    assert len(refusal.value.problems) == 4


def test_the_command_exports_checks_and_imports(filled_shop: Shop, other_shop: Shop, tmp_path: Path) -> None:
    file, said = str(tmp_path / "pack.json"), StringIO()

    call_command("mapping_pack", "export", file, shop="222651", stderr=StringIO())
    call_command("mapping_pack", "check", file, stdout=said)
    call_command("mapping_pack", "import", file, shop="333", stdout=said)
    call_command("mapping_pack", "import", file, "--yes", shop="333", comment="moved", stdout=said)

    assert "The pack is good: dialect data" in said.getvalue()
    assert "Nothing was changed. Repeat it with --yes" in said.getvalue()
    assert "+ status: Nevyřízená" in said.getvalue()
    assert MappingVersion.objects.filter(shop=other_shop).latest("number").comment == "moved"
    assert export_pack(other_shop) == export_pack(filled_shop)


def test_the_command_refuses_a_wrong_file_with_the_list(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "pack.json").write_text(one_field(sorce="x"), encoding="utf-8")

    with pytest.raises(CommandError, match="“sorce” is not known"):
        call_command("mapping_pack", "import", str(tmp_path / "pack.json"), "--yes", shop="222651")

    assert not FieldMapping.objects.exists()
