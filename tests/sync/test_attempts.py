"""An attempt's note says what was sent, and only that."""

from __future__ import annotations

import pytest

from shops.models import FlowName
from sync.jobs.ask import Ask, ask
from sync.models import SyncAttempt
from sync.models.job import Priority
from tests.sync.portal import Portal

PRODUCTS = FlowName.PRODUCT_TO_BLUEJET


@pytest.mark.parametrize("dialect", ["data"])
def test_what_bluejet_already_holds_is_not_said_to_have_been_sent(portal: Portal) -> None:
    guid = next(portal.shoptet.state.catalogue.products())["guid"]
    for _ in range(2):
        ask(portal.shop, [Ask(PRODUCTS, guid, Priority.CATALOGUE)], asked_by="test")
        portal.work(PRODUCTS)

    first, second = SyncAttempt.objects.filter(job__flow=PRODUCTS).order_by("pk")
    assert first.request.startswith("copy product ")
    assert (second.result, second.request) == ("unchanged", "")
