"""The rows that beat works by: made once, the staff's to edit from then on."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from shops.models import FlowName, FlowSetting, Shop
from sync.runs import AlreadyRunning, start_run

logger = logging.getLogger(__name__)
ZONE = "Europe/Prague"


@dataclass(frozen=True)
class Schedule:
    """One periodic task: at a time of day, or every so many minutes or seconds."""

    name: str
    task: str
    args: str = "[]"
    at: tuple[str, str] | None = None
    minutes: int = 0
    seconds: int = 0


SCHEDULES = (
    Schedule("01_Shoptet_Product_Sync", "maintenance.scheduled_run", f'["{FlowName.PRODUCT_TO_BLUEJET}"]', at=("8", "0")),
    Schedule("02_Shoptet_Order_Import", "maintenance.scheduled_run", f'["{FlowName.ORDER_TO_BLUEJET}"]', at=("8", "15")),
    Schedule("03_Shoptet_Customer_Sync", "maintenance.scheduled_run", f'["{FlowName.CUSTOMER_TO_BLUEJET}"]', at=("8", "30")),
    Schedule("07_Shoptet_Stock_Sync", "maintenance.scheduled_run", f'["{FlowName.STOCK_TO_BLUEJET}"]', at=("8", "45")),
    Schedule("11_Health_Check", "maintenance.health_check", minutes=60),
    Schedule("12_Catch_Up", "maintenance.catch_up", minutes=15),
    Schedule("13_Sweep_Jobs", "maintenance.sweep", seconds=10),
    Schedule("14_Sweep_Events", "maintenance.sweep_events", seconds=10),
    Schedule("15_Partner_Values", "maintenance.refresh_values", at=("5", "30")),
    Schedule("16_Exchange_Rates", "maintenance.refresh_rates", at=("5", "45")),
    Schedule("17_BlueJet_Columns", "maintenance.read_all_columns", at=("6", "0")),
)


def create_schedules(task_model: Any, crontab_model: Any, interval_model: Any, *, only: str = "") -> int:
    """Create the rows that are missing, or the one that is named, and leave every other as it is; return how many were made.

    The models are given, so that the migration that calls this can hand over those of its own time.
    """
    wanted = [schedule for schedule in SCHEDULES if only in ("", schedule.name)]
    missing = [schedule for schedule in wanted if not task_model.objects.filter(name=schedule.name).exists()]
    for schedule in missing:
        task_model.objects.create(
            name=schedule.name, task=schedule.task, args=schedule.args, **_timing(schedule, crontab_model, interval_model)
        )
    return len(missing)


def sweep_more_often(task_model: Any, interval_model: Any, marker_model: Any) -> int:
    """Give the sweepers' rows the interval of today where they are as they once were made; return how many changed.

    Beat learns of it by the row that marks the schedule as changed, which a migration has to move itself.
    """
    sweepers = [schedule for schedule in SCHEDULES if schedule.seconds]
    as_made = {"interval__every": 1, "interval__period": "minutes", "expire_seconds": 60, "enabled": True, "args": "[]", "kwargs": "{}"}
    changed = 0
    for schedule in sweepers:
        rows = task_model.objects.filter(name=schedule.name, task=schedule.task, crontab=None, queue=None, one_off=False, **as_made)
        changed += sum(task_model.objects.filter(pk=row.pk).update(**_timing(schedule, None, interval_model)) for row in rows)
    if changed:
        marker_model.objects.update_or_create(ident=1, defaults={"last_update": timezone.now()})
    return changed


def _timing(schedule: Schedule, crontab_model: Any, interval_model: Any) -> dict[str, Any]:
    if schedule.at is None:
        # What was not taken up before the next one is due would only make the queue longer.
        every, period = (schedule.seconds, "seconds") if schedule.seconds else (schedule.minutes, "minutes")
        interval = interval_model.objects.get_or_create(every=every, period=period)[0]
        return {"interval": interval, "expire_seconds": 60 * schedule.minutes + schedule.seconds}
    hour, minute = schedule.at
    return {"crontab": crontab_model.objects.get_or_create(hour=hour, minute=minute, timezone=ZONE)[0]}


def start_scheduled(flow: str) -> int:
    """Start a flow's pass in every shop where it is on; return how many were started."""
    settings = FlowSetting.objects.filter(flow=flow, shop__active=True).exclude(mode=FlowSetting.Mode.OFF)
    return sum(_start(setting.shop, flow) for setting in settings.select_related("shop"))


def _start(shop: Shop, flow: str) -> bool:
    try:
        start_run(shop, flow, trigger="schedule")
    except AlreadyRunning as error:
        logger.info("%s: %s", shop, error)
        return False
    return True
