"""`manage.py sync`: what it says, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from shops.models import FlowSetting, Shop
from sync.models import SyncRun
from tests.sync.happenings import CUSTOMERS, PRODUCTS, bring, place, planned
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

pytestmark = pytest.mark.parametrize("dialect", ["data"])


def said(*arguments: str, **options: Any) -> str:
    """Run the command and return what it wrote, line by line."""
    out = StringIO()
    call_command("sync", *arguments, stdout=out, **options)
    return out.getvalue()


def days_ago(days: int) -> str:
    return str(timezone.localdate() - timedelta(days=days))


def test_it_passes_over_everything_and_says_how_it_ended(portal: Portal) -> None:
    text = said(PRODUCTS, "--full")

    assert text.splitlines()[-1] == "completed; read: 46, created: 46."
    assert "100%  46" in text
    assert len(Holdings(portal).records("product")) == 46


def test_it_says_when_there_was_nothing_to_do(portal: Portal) -> None:
    portal.run(CUSTOMERS)

    assert said(CUSTOMERS).splitlines()[-1] == "completed; nothing to do."


def test_it_looks_at_a_window_of_time(portal: Portal) -> None:
    portal.run(PRODUCTS)
    portal.control("/products/SPO01/price", {"price": "31000"})

    text = said(PRODUCTS, "--since", days_ago(20), "--shop", portal.shop.eshop_id)

    assert "updated: 1," in text.splitlines()[-1]
    assert SyncRun.objects.first().mode == "window"


def test_a_window_that_the_feeds_have_forgotten_is_a_look_at_everything_and_says_so(portal: Portal) -> None:
    text = said(PRODUCTS, "--since", days_ago(60))

    assert (
        text.splitlines()[0]
        == "Shoptet's lists of changes reach back 30 days only. So every record is read and compared, which takes a while."
    )
    assert text.splitlines()[-1] == "completed; read: 46, created: 46."


def test_where_the_flow_is_off_it_stops_and_says_so(portal: Portal) -> None:
    FlowSetting.objects.filter(shop=portal.shop, flow=PRODUCTS).update(mode="off")

    with pytest.raises(CommandError, match=r"The flow was switched off\."):
        said(PRODUCTS, "--full")

    assert (SyncRun.objects.get().state, Holdings(portal).writes()) == ("cancelled", 0)


def test_where_the_flow_only_computes_it_says_that_nothing_was_written(portal: Portal) -> None:
    FlowSetting.objects.filter(shop=portal.shop, flow=PRODUCTS).update(mode="shadow")

    text = said(PRODUCTS, "--full")

    assert text.splitlines()[-1] == "Nothing was written to BlueJet: the flow is not live."
    assert Holdings(portal).writes() == 0


def test_a_dry_run_writes_nothing(portal: Portal) -> None:
    text = said(PRODUCTS, "--full", "--dry-run")

    assert text.splitlines()[-2:] == ["completed; read: 46, created: 46.", "Nothing was written to BlueJet: this was a dry run."]
    assert Holdings(portal).writes() == 0


def test_it_ends_with_an_error_where_the_run_failed(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise KeyError("code")

    monkeypatch.setattr("sync.runs.chunks.open_context", broken)
    monkeypatch.setattr("sync.runs.chunks.FAILURES_BEFORE_FAILED", 1)

    with pytest.raises(CommandError, match="1 chunks failed"):
        said(PRODUCTS, "--full")


def test_it_does_not_start_a_second_run(portal: Portal) -> None:
    planned(portal, PRODUCTS)

    with pytest.raises(CommandError, match="is still under way. Wait for it, or cancel it in the admin."):
        said(PRODUCTS)


def test_a_moment_that_has_not_come_is_refused(portal: Portal) -> None:
    with pytest.raises(CommandError, match="lies in the future"):
        said(PRODUCTS, "--since", days_ago(-2))


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-02-30", "", " "])
def test_a_date_that_is_none_is_refused_with_an_example(portal: Portal, text: str) -> None:
    with pytest.raises(CommandError, match="is not a date"):
        said(PRODUCTS, "--since", text)


def test_of_several_shops_one_has_to_be_named(portal: Portal) -> None:
    Shop.objects.create(name="Druhý", eshop_id="7", bluejet=portal.shop.bluejet, external_prefix="druhy")

    with pytest.raises(CommandError, match=f"Say which shop with --shop; active e-shop IDs: .*{portal.shop.eshop_id}"):
        said(PRODUCTS)


def test_an_unknown_shop_is_refused(portal: Portal) -> None:
    with pytest.raises(CommandError, match=f"active e-shop IDs: {portal.shop.eshop_id}"):
        said(PRODUCTS, "--shop", "999")


def test_the_result_is_said_in_the_language_asked_for_and_documents_stay_in_the_portals(portal: Portal, settings: Any) -> None:
    settings.LANGUAGE_CODE = "cs"
    bring(portal, "SPO01")
    code = place(portal, "SPO01")
    price = portal.shoptet.state.orders[code]["price"]
    price["toPay"] = f"{Decimal(price['withVat']) + Decimal('0.07'):.2f}"

    with translation.override("cs"):
        text = said("order_to_bluejet", "--full", "--language", "en")

    assert "completed; read: 1" in text
    assert "Zaokrouhlení" in [line.name for line in Holdings(portal).document(code).lines]
