"""Every flow, by name."""

from __future__ import annotations

from sync.flow import Flow
from sync.flows.customer import CUSTOMER_TO_BLUEJET
from sync.flows.order import ORDER_TO_BLUEJET
from sync.flows.product import PRODUCT_TO_BLUEJET
from sync.flows.stock import STOCK_TO_BLUEJET

FLOWS: dict[str, Flow] = {flow.name: flow for flow in (PRODUCT_TO_BLUEJET, STOCK_TO_BLUEJET, CUSTOMER_TO_BLUEJET, ORDER_TO_BLUEJET)}
