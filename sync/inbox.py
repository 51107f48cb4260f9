"""The inbox of unmapped values: what waits for each, and giving one its counterpart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Min, Sum

from mappings.models import TablePolicy, ValueMapping
from mappings.versions import record_version
from shops.models import FlowName, Shop
from sync.models import UnmappedValue, WaitingJob
from sync.proposals import Proposal, save_proposals
from sync.unmapped import let_all_go, mapped, topics_of
from sync.waiting import job_topic, value_topic

# Orders behind other jobs are added up for so many of them; beyond that the sum is a lower bound.
MOST_HOLDING = 2000
MOST_NAMED = 50


@dataclass
class Held:
    """What one value holds up: jobs that wait for it, the orders among them and behind them, and their worth in CZK."""

    jobs: int = 0
    since: datetime | None = None
    worth: Decimal = Decimal(0)
    behind: dict[int, Decimal] = field(default_factory=dict)

    @property
    def money(self) -> Decimal:
        """The worth of the orders that wait, directly or for a record that waits."""
        return self.worth + sum(self.behind.values(), Decimal(0))


def what_waits(values: Sequence[UnmappedValue]) -> dict[int, Held]:
    """Return what each value holds up, with three queries for each shop."""
    by_shop: dict[int, list[UnmappedValue]] = defaultdict(list)
    for value in values:
        by_shop[value.shop_id].append(value)
    return {pk: held for shop_id, ours in by_shop.items() for pk, held in _of_shop(shop_id, ours).items()}


def _of_shop(shop_id: int, values: Sequence[UnmappedValue]) -> dict[int, Held]:
    held = {value_topic(value.table, value.value): Held() for value in values}
    waiting = WaitingJob.objects.filter(shop_id=shop_id, topic__in=held, fulfilled_at__isnull=True).order_by()
    for row in waiting.values("topic").annotate(jobs=Count("pk"), since=Min("since"), worth=Sum("worth")):
        one = held[row["topic"]]
        one.jobs, one.since, one.worth = row["jobs"], row["since"], row["worth"] or Decimal(0)
    _add_what_waits_behind(shop_id, held)
    return {value.pk: held[value_topic(value.table, value.value)] for value in values}


def _add_what_waits_behind(shop_id: int, held: dict[str, Held]) -> None:
    """Add the orders that wait for a product or a customer which itself waits for a value."""
    waiting = WaitingJob.objects.filter(shop_id=shop_id, topic__in=held, fulfilled_at__isnull=True)
    holding = waiting.exclude(job__flow=FlowName.ORDER_TO_BLUEJET).order_by("pk").values_list("topic", "job__flow", "job__key")
    reasons: dict[str, set[str]] = defaultdict(set)
    for topic, flow, key in holding[:MOST_HOLDING]:
        reasons[job_topic(flow, key)].add(topic)
    behind = WaitingJob.objects.filter(shop_id=shop_id, topic__in=reasons, fulfilled_at__isnull=True, worth__isnull=False).order_by()
    for topic, job_id, worth in behind.values_list("topic", "job_id", "worth"):
        for reason in reasons[topic]:
            held[reason].behind[job_id] = worth or Decimal(0)


@dataclass(frozen=True)
class Mapped:
    """How many jobs go on, and the keys of the first of them."""

    count: int
    jobs: list[int]


class MappedMeanwhile(Exception):
    """Somebody else gave the value its counterpart while the form was open."""


def map_value(value: UnmappedValue, row: ValueMapping, user: User) -> Mapped:
    """Save the value's counterpart as a new version, and let go what waits for it."""
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).only("pk").get(pk=value.shop_id)
        if type(row)._default_manager.filter(shop_id=row.shop_id, shoptet_id=row.shoptet_id).exists():
            raise MappedMeanwhile(str(row))
        row.save()
        record_version(row.shop, user, f"{row._meta.verbose_name}: {row}"[:255])
    waiting = WaitingJob.objects.filter(shop_id=value.shop_id, topic__in=topics_of(value.shop_id, value.table, value.value))
    jobs = sorted(set(waiting.filter(fulfilled_at__isnull=True).values_list("job_id", flat=True)[:MOST_NAMED]))
    return Mapped(mapped(value.shop_id, value.table, value.value), jobs)


def accept(shop: Shop, proposals: Sequence[Proposal], user: User) -> tuple[int, int]:
    """Save proposed rows as one version and let go what waited for them; return how many rows and how many jobs."""
    made = save_proposals(shop, proposals, author=user)
    return made, sum(mapped(shop.pk, one.table, one.shoptet_id) for one in proposals)


def set_policies(shop: Shop, wanted: Iterable[TablePolicy], dropped: Iterable[str], user: User) -> int:
    """Save what the tables do without a row; a table that now has a default lets go all that waited. Return how many jobs."""
    policies = list(wanted)
    with transaction.atomic():
        TablePolicy.objects.filter(shop=shop, table__in=list(dropped)).delete()
        for policy in policies:
            values = {"missing": policy.missing, "default_value": policy.default_value, "document": policy.document}
            TablePolicy.objects.update_or_create(shop=shop, table=policy.table, defaults=values)
        record_version(shop, user, "")
    defaults = [policy.table for policy in policies if policy.missing == TablePolicy.Missing.DEFAULT]
    return sum(let_all_go(shop.pk, table) for table in defaults)
