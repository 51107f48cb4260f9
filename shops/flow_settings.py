"""Gives a shop its row for each flow, and tells what may write."""

from __future__ import annotations

from django.utils import timezone

from shops.models import FlowName, FlowSetting, Shop

Mode = FlowSetting.Mode


def create_flow_settings(shop: Shop, *, mode: str = FlowSetting.Mode.LIVE) -> int:
    """Create the flow settings that the shop does not have yet; return how many. Those it has stay as staff left them."""
    there = set(FlowSetting.objects.filter(shop=shop).values_list("flow", flat=True))
    begins_at = timezone.now() if mode == Mode.LIVE else None
    missing = [FlowSetting(shop=shop, flow=flow, mode=mode, begins_at=begins_at) for flow in FlowName.values if flow not in there]
    FlowSetting.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def is_live(shop: Shop, flow: str) -> bool:
    """Whether the flow may write to BlueJet."""
    return FlowSetting.objects.filter(shop=shop, flow=flow, mode=FlowSetting.Mode.LIVE).exists()


def switch_flow(setting: FlowSetting, mode: str) -> None:
    """Set the flow's mode and nothing else: its cursor, and what is let go, are others' to write."""
    FlowSetting.objects.filter(pk=setting.pk).update(mode=mode)
    note_beginnings()


def setting_of(shop_id: int, flow: str) -> FlowSetting | None:
    """Return how the flow stands now; one that is met live for the first time begins now, whoever switched it on and how."""
    setting = FlowSetting.objects.filter(shop_id=shop_id, flow=flow).first()
    if setting is not None and setting.is_live and not setting.was_ever_live:
        note_beginnings()
        setting.refresh_from_db()
    return setting


def note_beginnings() -> int:
    """Let every flow begin that is live and has not begun; return how many."""
    return FlowSetting.objects.filter(mode=Mode.LIVE, begins_at__isnull=True).update(begins_at=timezone.now())
