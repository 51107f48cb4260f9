"""Gives a shop its row for each flow, and tells what may write."""

from __future__ import annotations

from shops.models import FlowName, FlowSetting, Shop


def create_flow_settings(shop: Shop, *, mode: str = FlowSetting.Mode.LIVE) -> int:
    """Create the flow settings that the shop does not have yet; return how many. Those it has stay as staff left them."""
    there = set(FlowSetting.objects.filter(shop=shop).values_list("flow", flat=True))
    missing = [FlowSetting(shop=shop, flow=flow, mode=mode) for flow in FlowName.values if flow not in there]
    FlowSetting.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def is_live(shop: Shop, flow: str) -> bool:
    """Whether the flow may write to BlueJet."""
    return FlowSetting.objects.filter(shop=shop, flow=flow, mode=FlowSetting.Mode.LIVE).exists()
