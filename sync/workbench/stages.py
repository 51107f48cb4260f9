"""Which stage of which flow translates an entity, and how a kept record becomes its part again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from clients.bluejet import BlueJetClient, Evidence, evidences_for
from clients.bluejet.config import Dialect
from clients.shoptet.client import ShoptetClient
from mappings.snapshot import MappingSnapshot
from shops.models import FlowName, Shop
from sync.flow import Context, Item, Part, Stage
from sync.flows import FLOWS
from sync.models import Kind, SampleRecord
from sync.pipeline import run_step
from sync.rule_settings import load_severities

# By flow and entity: the name of the stage that makes the entity's records in that flow.
STAGE_NAMES = {
    (FlowName.PRODUCT_TO_BLUEJET, "product"): "product",
    (FlowName.STOCK_TO_BLUEJET, "stock"): "stock",
    (FlowName.CUSTOMER_TO_BLUEJET, "company"): "company",
    (FlowName.CUSTOMER_TO_BLUEJET, "contact"): "contact",
    (FlowName.CUSTOMER_TO_BLUEJET, "address"): "address",
    (FlowName.ORDER_TO_BLUEJET, "company"): "company",
    (FlowName.ORDER_TO_BLUEJET, "contact"): "guest",
    (FlowName.ORDER_TO_BLUEJET, "address"): "addresses",
    (FlowName.ORDER_TO_BLUEJET, "order"): "document",
}
# Lines have rows of their own, but pass with their order.
SAMPLED_AS = {"order_line": "order"}


class SilentBlueJet:
    """What mapping and validation may know of BlueJet without asking it: anything else is an AttributeError."""

    def __init__(self, dialect: Dialect, evidences: dict[str, Evidence]) -> None:
        self.dialect = dialect
        self.evidences = evidences


def offline_context(shop: Shop, snapshot: MappingSnapshot) -> Context:
    """Return a context that translates and judges, and cannot reach a partner."""
    account = shop.bluejet
    dialect: Dialect = "rest" if account.dialect == account.Dialect.REST else "data"
    silent = SilentBlueJet(dialect, evidences_for(dialect, account.evidences))
    shoptet, bluejet = cast(ShoptetClient, None), cast(BlueJetClient, silent)
    return Context(shop, account, shoptet, bluejet, snapshot, severities=load_severities(shop.pk), writes=False)


def sampled_as(entity: str) -> str:
    """Return the entity whose samples show this one's rows at work."""
    return SAMPLED_AS.get(entity, entity)


def flows_of(entity: str) -> list[str]:
    """Return the flows that make records of this entity, the usual one first."""
    return [flow for flow, known in STAGE_NAMES if known == entity]


def stage_of(flow: str, entity: str) -> Stage:
    """Return the stage that makes the entity's records in this flow."""
    name = STAGE_NAMES[FlowName(flow), entity]
    return next(stage for stage in FLOWS[flow].stages if stage.name == name)


def translate(ctx: Context, samples: Sequence[SampleRecord]) -> list[Part]:
    """Take the samples through the map and validate steps of their flows; parts come in the order of the samples."""
    parts = {sample.pk: _part_of(sample) for sample in samples}
    for flow, entity in dict.fromkeys((sample.flow, sample.entity) for sample in samples):
        mine = [parts[sample.pk] for sample in samples if (sample.flow, sample.entity) == (flow, entity)]
        stage = stage_of(flow, entity)
        for step in (stage.map, stage.validate):
            run_step(ctx, step, mine)
    _settle(parts.values())
    return [parts[sample.pk] for sample in samples]


def _part_of(sample: SampleRecord) -> Part:
    item = Item(sample.key, sample.record, sample.changed_at, sample.taken_at)
    # The step that maps orders finds out by itself whether they are an Objednávka.
    kind = Kind.OFFER if sample.kind == Kind.ORDER else Kind(sample.kind)
    part = Part(item, kind, sample.key, sample.record, parent_key=sample.parent_key, refs=dict(sample.refs))
    part.external_id, part.natural_key = sample.external_id, sample.natural_key
    item.parts = [part]
    return part


def _settle(parts: Iterable[Part]) -> None:
    """A defect of our own ends up on the item; here every item has one part only."""
    for part in parts:
        part.outcome = part.outcome or part.item.outcome
