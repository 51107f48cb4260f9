"""Sync's tasks: each calls one service with ids; the name's first word is the queue."""

from __future__ import annotations

from celery import shared_task

from shops.models import BlueJetAccount
from sync import catch_up as catching_up
from sync import exchange_rates, partner_values, sweepers
from sync.columns import read_account, request_reading
from sync.dispatch import enqueue
from sync.jobs.held import let_go
from sync.runs import plan_run, work_on_run
from sync.schedules import start_scheduled
from sync.work import most_urgent, work_on, work_on_due
from sync.workbench import fetching

LONGEST_COUNTDOWN = 60.0


@shared_task(name="realtime.process_job")
def process_job(job_id: int) -> None:
    """Work on one job."""
    work_on(job_id)


@shared_task(name="realtime.work_due")
def work_due(shop_id: int, flow: str) -> None:
    """Work on what is due of one flow."""
    if work_on_due(shop_id, flow):
        enqueue("work_due", shop_id, flow, priority=most_urgent(shop_id, flow))


@shared_task(name="realtime.fetch_preview")
def fetch_preview(preview_id: int) -> None:
    """Fetch the records that somebody wants to look at."""
    fetching.fetch_preview(preview_id)


@shared_task(name="bulk.plan")
def plan(run_id: int) -> None:
    """Lay out a run."""
    seconds = plan_run(run_id)
    if seconds is not None and seconds <= LONGEST_COUNTDOWN:
        plan.apply_async((run_id,), countdown=seconds)


@shared_task(name="bulk.work_run")
def work_run(run_id: int) -> None:
    """Work on one chunk of a run, then stand in line again."""
    seconds = work_on_run(run_id)
    if seconds is not None and seconds <= LONGEST_COUNTDOWN:
        work_run.apply_async((run_id,), countdown=seconds or None)


@shared_task(name="maintenance.scheduled_run")
def scheduled_run(flow: str) -> None:
    """Start a flow's daily pass in every shop."""
    start_scheduled(flow)


@shared_task(name="maintenance.catch_up")
def catch_up() -> None:
    """Find what webhooks did not bring, in every shop."""
    catching_up.catch_up_all()


@shared_task(name="maintenance.catch_up_shop")
def catch_up_shop(shop_id: int) -> None:
    """Find what webhooks did not bring, in one shop."""
    catching_up.catch_up(shop_id)


@shared_task(name="maintenance.let_held_go")
def let_held_go(setting_id: int) -> None:
    """Carry out what a person answered about a flow's held work, a few pieces at a time."""
    if let_go(setting_id):
        enqueue("let_held_go", setting_id)


@shared_task(name="maintenance.sweep")
def sweep() -> None:
    """Give back what dead workers held, and enqueue what is due."""
    sweepers.sweep()


@shared_task(name="maintenance.health_check")
def health_check() -> None:
    """Ask every partner whether it answers."""
    sweepers.probe_partners()


@shared_task(name="maintenance.read_columns")
def read_columns(account_id: int) -> None:
    """Read BlueJet's columns of one account."""
    read_account(BlueJetAccount.objects.get(pk=account_id))


@shared_task(name="maintenance.read_all_columns")
def read_all_columns() -> None:
    """Ask for a reading of BlueJet's columns, in every account."""
    request_reading()


@shared_task(name="maintenance.refresh_rates")
def refresh_rates() -> None:
    """Read the exchange rates that the shops have set."""
    exchange_rates.refresh_all()


@shared_task(name="maintenance.refresh_values")
def refresh_values() -> None:
    """Ask for both partners' lists of values, in every shop."""
    partner_values.request_refresh()


@shared_task(name="maintenance.refresh_shop_values")
def refresh_shop_values(shop_id: int, only: list[str] | None = None) -> None:
    """Read both partners' lists of values of one shop; what there is no room for now, later."""
    left = partner_values.refresh_by_id(shop_id, only or ())
    if left:
        refresh_shop_values.apply_async((shop_id, left), countdown=LONGEST_COUNTDOWN)
