"""The stand-ins of the flow tests, a shop that maps whatever comes, and how many answers are made."""

from __future__ import annotations

import os
from random import Random

import pytest

from mappings.models import StatusMapping, TablePolicy
from mappings.versions import record_version
from tests.campaigns.schema_values import SchemaValues
from tests.campaigns.shop_answers import ShopAnswers
from tests.contracts.openapi import OpenApi
from tests.sync.conftest import bluejet, dialect, impatient, pass_time, portal, shoptet  # noqa: F401 - fixtures
from tests.sync.portal import Portal

CATEGORY = "Ostatní"


@pytest.fixture
def how_many() -> int:
    """Return how many answers of each kind are made: 50 where `make test-services` runs, ANSWERS in the long form."""
    return int(os.environ.get("ANSWERS", "50"))


@pytest.fixture
def few() -> int:
    """Return how many are made of what takes long: a dozen in the suite, ANSWERS in the long form."""
    return int(os.environ.get("ANSWERS", "12"))


@pytest.fixture
def seed() -> int:
    """Return what the answers are made from; SEED chooses others."""
    return int(os.environ.get("SEED", "20261127"))


@pytest.fixture
def answers(portal: Portal, seed: int) -> ShopAnswers:  # noqa: F811
    """Return the maker of answers between the two stand-ins."""
    _map_whatever_comes(portal)
    return ShopAnswers(portal, SchemaValues(OpenApi().document, Random(seed)))


def _map_whatever_comes(portal: Portal) -> None:  # noqa: F811
    missing = TablePolicy.Missing.DEFAULT
    policies = [TablePolicy(shop=portal.shop, table="category", missing=missing, default_value=CATEGORY)]
    state = StatusMapping.objects.filter(shop=portal.shop, shoptet_id="-1").values_list("bluejet_value", flat=True)[0]
    policies.append(TablePolicy(shop=portal.shop, table="status", missing=missing, default_value=state, document="offer"))
    TablePolicy.objects.bulk_create(policies)
    record_version(portal.shop, comment="campaign")
