"""From the shell, too, what was held goes over only when somebody says so."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shops.models import FlowSetting, Shop
from sync.jobs.held import let_go
from sync.models import SyncJob
from tests.admin.rows import make_job
from tests.sync.happenings import ORDERS


@pytest.fixture
def held(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> FlowSetting:
    """Return a flow that held an order three days ago and one just now."""
    monkeypatch.setattr("sync.dispatch._send", lambda task, args, **options: True)
    for days in (0, 3):
        make_job(shop, f"o{days}", state=SyncJob.State.HELD, asked_at=timezone.now() - timedelta(days=days, minutes=1))
    return FlowSetting.objects.get(shop=shop, flow=ORDERS)


def said(*options: str) -> str:
    out = StringIO()
    call_command("held", *options, stdout=out)
    return out.getvalue()


def test_it_lists_what_is_held_and_lets_nothing_go(held: FlowSetting) -> None:
    assert ": 2 held, asked for between" in said()
    assert said("customer_to_bluejet") == "Nothing is held.\n"
    assert set(SyncJob.objects.values_list("state", flat=True)) == {"held"}


def test_it_lets_go_what_came_since_a_day_and_closes_the_rest(held: FlowSetting) -> None:
    yesterday = f"{timezone.localtime() - timedelta(days=1):%Y-%m-%d}"

    text = said(ORDERS, "--since", yesterday)
    let_go(held.pk)

    assert "1 go over, 1 are closed" in text
    assert dict(SyncJob.objects.values_list("key", "state")) == {"o0": "queued", "o3": "done"}


def test_it_refuses_while_the_flow_is_off_and_where_no_flow_is_named(held: FlowSetting) -> None:
    FlowSetting.objects.filter(pk=held.pk).update(mode=FlowSetting.Mode.OFF)

    with pytest.raises(CommandError, match="is not live"):
        said(ORDERS, "--all")
    with pytest.raises(CommandError, match="which flow"):
        said("--all")
    assert not FlowSetting.objects.filter(release_to__isnull=False).exists()
