"""A shop between both stand-ins, and the ways a test moves work through it without Celery."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from clients.sessions import open_session
from mappings.models import CategoryMapping, StatusMapping, WarehouseMapping
from sandbox.bluejet.server import BlueJetSandbox
from sandbox.shoptet.server import ShoptetSandbox
from shops.flow_settings import create_flow_settings
from shops.models import BlueJetAccount, FlowName, Shop
from sync.models import SyncJob, SyncRun
from sync.runs import plan_run, start_run, work_on_run
from sync.work import work_on_due
from tests.sync.installed import install

# Shoptet's status → the kind of document, its state in either dialect, whether it cancels.
STATUSES = {
    "-1": ("offer", {"data": "Probíhající", "rest": "Nabídka"}, False),
    "-2": ("order", {"data": "Potvrzená", "rest": "Vyřízená"}, False),
    "-3": ("order", {"data": "Potvrzená", "rest": "Objednávka"}, False),
    "-4": ("offer", {"data": "Stornovaná", "rest": "Stornováno"}, True),
    "1": ("order", {"data": "Potvrzená", "rest": "Potvrzená"}, False),
}
ALL_FLOWS = list(FlowName.values)
# The shop's customers and staff: a connection for each of their acts would take longer than the act.
VISITORS = open_session()


@dataclass
class Portal:
    """Everything a flow test touches."""

    shop: Shop
    shoptet: ShoptetSandbox
    bluejet: BlueJetSandbox

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        """Play the shop's customers and staff."""
        answer = VISITORS.request(method, f"{self.shoptet.url}/_sandbox{path}", json=body or {}, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def run(self, flow: str, mode: str = SyncRun.Mode.FULL, **options: Any) -> SyncRun:
        """Pass over a flow until the run is over."""
        run = start_run(self.shop, flow, trigger="test", mode=mode, enqueue=False, **options)
        plan_run(run.pk)
        while (pause := work_on_run(run.pk)) is not None:
            time.sleep(min(pause, 0.5))
        run.refresh_from_db()
        return run

    def work(self, *flows: str, rounds: int = 10) -> None:
        """Work on everything that is due, and on what that makes due."""
        for _ in range(rounds):
            for flow in flows or ALL_FLOWS:
                if self._due(flow=flow):
                    work_on_due(self.shop.pk, flow)
            if not self._due():
                return

    def _due(self, **which: str) -> bool:
        return SyncJob.objects.due(timezone.now()).filter(**which).exists()

    def job(self, flow: str, key: str) -> SyncJob:
        """Return one job."""
        return SyncJob.objects.get(shop=self.shop, flow=flow, key=key)

    def documents(self, code: str) -> list[dict[str, Any]]:
        """Return what BlueJet holds of an order, offers first."""
        column, value = "externiidsupl", f"{self.shop.external_prefix}:{code}"
        return [row for kind in ("offer", "order") for row in self.bluejet.store.find(kind, column, value)]


def connect(shoptet: ShoptetSandbox, bluejet: BlueJetSandbox, dialect: str, **wishes: Any) -> Portal:
    """Set a shop up between the two, with statuses, categories and warehouses mapped; a further one joins its account, by a prefix."""
    facts: dict[str, Any] = {
        "name": "Gastro",
        "eshop_id": str(shoptet.state.options.eshop_id),
        "api_base_url": shoptet.url,
        "api_token": shoptet.token,
        "webhook_key": "k" * 32,
    }
    shop = Shop.objects.create(**(facts | {"bluejet": wishes.pop("account", None) or _account(bluejet, dialect)} | wishes))
    create_flow_settings(shop)
    install(shop)
    portal = Portal(shop, shoptet, bluejet)
    _map_values(portal)
    return portal


def _account(bluejet: BlueJetSandbox, dialect: str) -> BlueJetAccount:
    address = bluejet.data_url if dialect == "data" else bluejet.rest_url
    return BlueJetAccount.objects.create(name="BlueJet", base_url=address, dialect=dialect, token_id="demo", token_hash="demo", pace=0)


def _map_values(portal: Portal) -> None:
    shop, state = portal.shop, portal.shoptet.state
    StatusMapping.objects.bulk_create(
        StatusMapping(shop=shop, shoptet_id=key, bluejet_value=states[shop.bluejet.dialect], document=document, cancels=cancels)
        for key, (document, states, cancels) in STATUSES.items()
    )
    categories = [CategoryMapping(shop=shop, shoptet_id=guid, bluejet_value=row["name"]) for guid, row in _categories(state)]
    CategoryMapping.objects.bulk_create(categories)
    warehouses = portal.bluejet.store.rows("warehouse")
    WarehouseMapping.objects.bulk_create(
        WarehouseMapping(shop=shop, shoptet_id=str(stock_id), bluejet_value=warehouse["skladid"])
        for stock_id, warehouse in zip(sorted(state.stock.movements), warehouses, strict=False)
    )


def _categories(state: Any) -> list[tuple[str, dict[str, Any]]]:
    rows = state.categories.values() if isinstance(state.categories, dict) else state.categories
    return [(row["guid"], row) for row in rows]
