"""Evidences and options: defaults, overrides, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from clients.bluejet import DEFAULTS, BlueJetConfig, evidences_for
from clients.bluejet.config import options_for
from sandbox.bluejet.evidences import KINDS


def test_an_override_changes_what_it_names_and_nothing_else() -> None:
    evidences = evidences_for("data", {"order_line": {"no": 900, "external_id": "POLE1supl"}})

    assert evidences["order_line"].no == 900
    assert evidences["order_line"].external_id == "pole1supl"
    assert evidences["order_line"].parent == "objednavkaid"
    assert evidences["product"] == DEFAULTS["data"]["product"]


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"invoce": {}}, "“invoce” is not a kind of record"),
        ({"product": {"number": 217}}, "“product” has no setting “number”"),
        ({"product": {"no": "217"}}, "“product.no” must be a whole number"),
        ({"product": {"key": 5}}, "“product.key” must be text"),
        ({"product": 217}, "“product” must be an object"),
    ],
)
def test_an_unknown_or_ill_typed_override_is_refused_with_a_sentence(overrides: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        evidences_for("data", overrides)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"write_form": "S9"}, "write_form must be S1, S2 or S3"),
        ({"colour": 1}, "no option “colour”"),
        ({"batch_size": 0}, "batch_size and page_size must be at least 1"),
        ({"batch_size": "10"}, "option “batch_size” must be like 10"),
        ({"time_zone": "Europe/Prerov"}, "is not a time zone"),
        ([], '"options" must be an object'),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_with_a_sentence(options: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        options_for({"options": options})


def test_options_beside_the_kinds_are_not_taken_for_a_kind() -> None:
    overrides = {"options": {"write_form": "S3"}}

    assert options_for(overrides).write_form == "S3"
    assert evidences_for("data", overrides) == DEFAULTS["data"]


@pytest.mark.parametrize("kind", sorted(DEFAULTS["data"]))
def test_the_defaults_name_tables_and_columns_that_the_sandbox_has(kind: str) -> None:
    evidence, table = DEFAULTS["data"][kind], KINDS[kind]

    named = (evidence.external_id, evidence.natural, evidence.code, evidence.parent, evidence.total, evidence.state, evidence.archive_field)

    assert (evidence.no, evidence.key) == (table.no, table.key)
    assert {name for name in named if name} <= set(table.by_name)


def test_the_credentials_are_not_shown_with_the_configuration() -> None:
    shown = repr(BlueJetConfig("https://firma.bluejet.cz/api/v1", "data", "the-token-id", "the-secret-hash"))

    assert "the-token-id" not in shown
    assert "the-secret-hash" not in shown
