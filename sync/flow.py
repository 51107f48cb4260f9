"""The shapes that travel through the pipeline: flow, stage, item, part, outcome."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from sync.issues import Issue
from sync.storable import storable_moment

if TYPE_CHECKING:
    from clients.bluejet import BlueJetClient, BlueJetRow
    from clients.errors import PartnerError
    from clients.shoptet.client import ShoptetClient
    from mappings.drafts import Unmapped
    from mappings.snapshot import MappingSnapshot
    from shops.models import BlueJetAccount, Shop
    from sync.jobs.ask import Ask
    from sync.models import RecordLink, SyncRun
    from sync.push.plan import Plan


class Result(StrEnum):
    """How one record ended; the order is from the best to the worst."""

    SKIPPED = "skipped"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    CREATED = "created"
    HELD = "held"
    WAITING = "waiting"
    PARKED = "parked"
    ERROR = "error"

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to do for the record."""
        return self in (Result.SKIPPED, Result.UNCHANGED, Result.UPDATED, Result.CREATED)


@dataclass
class Outcome:
    """What became of one record, with what a person needs to understand it."""

    result: Result
    issues: list[Issue] = field(default_factory=list)
    wait_seconds: float | None = None
    blocked_by: str = ""
    topics: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    note: str = ""
    error: PartnerError | None = None
    traceback: str = ""


Purpose = Literal["copy", "archive", "close", "adopt"]


@dataclass
class Part:
    """One record of the target that an item leads to."""

    item: Item
    kind: str
    key: str
    record: Mapping[str, Any]
    parent_key: str = ""
    refs: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    create_only: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    unmapped: list[Unmapped] = field(default_factory=list)
    looked_up: list[tuple[str, str]] = field(default_factory=list)
    lines: list[LineDraft] = field(default_factory=list)
    external_id: str = ""
    natural_key: str = ""
    identity: str = ""
    guid: str = ""
    purpose: Purpose = "copy"
    told_at: datetime | None = None
    link: RecordLink | None = None
    must_search: bool = False
    is_own: bool = False
    found: BlueJetRow | None = None
    plan: Plan | None = None
    was_sent: bool = False
    was_confirmed: bool = False
    is_trial: bool = False
    is_new: bool = False
    draft_hash: str = ""
    cancels: bool = False
    outcome: Outcome | None = None

    @property
    def changed_at(self) -> datetime | None:
        """How old the part's own facts are: an order that changes today tells of its guest what was true when it was placed."""
        return storable_moment(self.told_at) or self.item.changed_at

    @property
    def is_newly_linked(self) -> bool:
        """Whether the record is known in BlueJet since this very pass."""
        return self.is_new and self.link is not None and bool(self.link.bluejet_id)

    @property
    def held(self) -> RecordLink:
        """The part's link, for the steps after it was reserved."""
        if self.link is None:
            raise LookupError(f"{self.kind} {self.key} has no link yet.")
        return self.link


@dataclass
class LineDraft:
    """One line of a document, mapped."""

    key: str
    fields: dict[str, Any]
    total: Any = None
    empty: frozenset[str] = frozenset()
    create_only: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()


@dataclass
class Item:
    """One source record on its way through the five steps."""

    key: str
    record: dict[str, Any]
    changed_at: datetime | None
    fetched_at: datetime
    gone: bool = False
    approved: bool = False
    job_id: int | None = None
    parts: list[Part] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    outcome: Outcome | None = None

    def __post_init__(self) -> None:
        # A time at the ends of the calendar would fail in every comparison, and PostgreSQL could not even read it back.
        self.changed_at = storable_moment(self.changed_at)

    @property
    def is_open(self) -> bool:
        """Whether the item still has steps to go."""
        return self.outcome is None


@dataclass
class Request:
    """What was asked: a key, and what is known of why."""

    key: str
    job_id: int | None = None
    deletion_announced: bool = False
    announced_at: datetime | None = None
    approved: bool = False
    lag: int = 0
    tries: int = 0
    look_again: float | None = None
    payload: dict[str, Any] | None = None
    mapping_version: int | None = None
    items: list[Item] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def has_new_links(self) -> bool:
        """Whether others that wait for the record may go on, though not all of it got through."""
        parts = [part for item in self.items for part in item.parts]
        return not (self.outcome and self.outcome.result.is_final) and any(part.is_newly_linked for part in parts)

    @property
    def worth(self) -> Decimal | None:
        """Return the order's total in CZK; None where the record is no order, or is not known."""
        totals = [item.record.get("totalCzk") for item in self.items]
        return next((total for total in totals if isinstance(total, Decimal)), None)


@dataclass
class Context:
    """What a batch works with: the shop, both clients, the mappings as they were when it began."""

    shop: Shop
    account: BlueJetAccount
    shoptet: ShoptetClient
    bluejet: BlueJetClient
    snapshot: MappingSnapshot
    severities: Mapping[str, str] = field(default_factory=dict)
    writes: bool = True
    run: SyncRun | None = None
    token: uuid.UUID = field(default_factory=uuid.uuid4)
    memory: dict[str, Any] = field(default_factory=dict)
    heartbeat: Callable[[], None] = lambda: None

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *_: object) -> None:
        self.shoptet.close()
        self.bluejet.close()

    def external_id(self, key: str) -> str:
        """Return the id that this shop's record carries in BlueJet."""
        return f"{self.shop.external_prefix}:{key}"


Steps = Callable[[Context, Sequence[Part]], None]


@dataclass(frozen=True)
class Stage:
    """One kind of target record; stages run in order because later ones refer to earlier ones."""

    name: str
    split: Callable[[Context, Item], list[Part]]
    refer: Steps
    map: Steps
    validate: Steps
    search: Callable[[Context, Part], list[Any]] | None = None


@dataclass(frozen=True)
class KeyPage:
    """Keys that a run has to look at, and how many there are in all.

    `payloads` go with the keys where the list already tells everything, so that no record has to be read again; None where it does not.
    `bad` says of each row that could not be read what is wrong with it.
    """

    keys: Sequence[str]
    total: int
    deleted: frozenset[str] = frozenset()
    payloads: Sequence[dict[str, Any] | None] = ()
    bad: Sequence[str] = ()


@dataclass(frozen=True)
class Flow:
    """An entity and a direction: where its records come from and which stages they pass."""

    name: str
    entity: str
    priority: int
    fetch: Callable[[Context, Request], list[Item]]
    stages: tuple[Stage, ...]
    remove: Callable[[Context, Request], list[Item]]
    keys: Callable[[Context, str, datetime | None], Iterator[KeyPage]]
    index_kinds: tuple[str, ...] = ()
    cursor: Callable[[Context], dict[str, Any]] | None = None
    after: Callable[[Context, Iterable[Item]], None] | None = None
