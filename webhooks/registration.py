"""Registers the portal's webhooks at Shoptet, without taking another installation's by accident."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shops.clients import AlreadyChanged, NotFound, Refused, shoptet_client
from shops.models import Shop
from webhooks.addresses import is_ours, url_for
from webhooks.bodies import event_label
from webhooks.models import WebhookRegistration
from webhooks.registry import known_event_types
from webhooks.storable import storable
from webhooks.topics import EXCLUDES, SLUGS, is_system

MOST_IN_A_CALL = 50
LONGEST_URL = 2000
LONGEST_ID = 50


class State(StrEnum):
    """How an event stands at Shoptet."""

    OURS = "ours"
    MISSING = "missing"
    MOVED = "moved"  # this host, but another path
    FOREIGN = "foreign"  # another host: another installation, or somebody else's program
    EXTRA = "extra"  # registered, and not wanted
    CONFLICT = "conflict"  # registered, and Shoptet would refuse a wanted one beside it


@dataclass(frozen=True)
class Planned:
    """One event: the address that it should have, the one that it has, and how they stand."""

    event_type: str
    state: State
    wanted_url: str = ""
    registered_url: str = ""
    shoptet_id: str = ""


class NeedsConfirmation(Exception):
    """Say whose webhooks would be taken over; `planned` names the events and their addresses."""

    def __init__(self, planned: Iterable[Planned]) -> None:
        self.planned = list(planned)
        listed = ", ".join(f"{one.event_type} → {one.registered_url}" for one in self.planned)
        super().__init__(_("Another installation receives these events, and would not any more: %(listed)s.") % {"listed": listed})


@dataclass
class Registered:
    """What a registration came to; `refused` has Shoptet's reason by event."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def wanted_events() -> list[str]:
    """Return the events to register: those that the portal acts on, without those that exclude one of them."""
    excluded = {event for events in EXCLUDES.values() for event in events}
    return sorted(event for event in {*SLUGS, *known_event_types()} - excluded if not is_system(event))


def plan(shop: Shop, client: Any = None) -> list[Planned]:
    """Ask Shoptet what is registered and compare it with what is wanted; changes nothing there."""
    with client_for(shop, client) as shoptet:
        hooks = [{**hook, "url": storable(hook["url"])[:LONGEST_URL]} for hook in shoptet.webhooks()]
    registered = {event_label(hook["event"]): hook for hook in hooks}
    _remember(shop, registered)
    wanted = wanted_events()
    rivals = {rival for event in wanted for rival in EXCLUDES.get(event, ())}
    planned = [_stand(event, registered.get(event)) for event in wanted]
    for event in sorted(set(registered) - set(wanted)):
        state = State.CONFLICT if event in rivals else State.EXTRA
        planned.append(Planned(event, state, "", registered[event]["url"], str(registered[event]["id"])))
    return planned


def refuse_to_take_over(planned: Iterable[Planned]) -> None:
    """Raise NeedsConfirmation if another installation has one of these events."""
    foreign = [one for one in planned if one.state == State.FOREIGN or (one.state == State.CONFLICT and not is_ours(one.registered_url))]
    if foreign:
        raise NeedsConfirmation(foreign)


def register_all(shop: Shop, *, take_over: bool = False, client: Any = None) -> Registered:
    """Register every wanted event; raise NeedsConfirmation before touching anything if one is another installation's.

    Where somebody else changes the registrations meanwhile, they are read again, compared again and written once more; what
    another installation has taken by then is asked about like any other.
    """
    done = Registered()
    with client_for(shop, client) as shoptet:
        try:
            _register(shop, shoptet, done, take_over=take_over)
        except (AlreadyChanged, NotFound):
            _register(shop, shoptet, done, take_over=take_over)
        plan(shop, shoptet)
    return done


def _register(shop: Shop, shoptet: Any, done: Registered, *, take_over: bool) -> None:
    # Here, because a renewal asks for the plan as well.
    from webhooks.key_renewal import renew_key

    planned = plan(shop, shoptet)
    if not take_over:
        refuse_to_take_over(planned)
    if not shop.webhook_key:
        # Without a key Shoptet does not sign, and what is not signed is refused.
        renew_key(shop, client=shoptet, take_over=take_over)
    _remove(shoptet, [one for one in planned if one.state == State.CONFLICT], done)
    _change(shoptet, [one for one in planned if one.state in (State.MOVED, State.FOREIGN)], done)
    _add(shoptet, [one for one in planned if one.state == State.MISSING], done)


def delete_all(shop: Shop, client: Any = None) -> Registered:
    """Delete this installation's registrations, and no other's."""
    done = Registered()
    with client_for(shop, client) as shoptet:
        ours = [one for one in plan(shop, shoptet) if one.registered_url and is_ours(one.registered_url)]
        _remove(shoptet, ours, done)
        plan(shop, shoptet)
    return done


def client_for(shop: Shop, client: Any) -> AbstractContextManager[Any]:
    """Return the caller's client, which stays open, or one of our own."""
    return nullcontext(client) if client is not None else shoptet_client(shop)


def _stand(event: str, hook: dict[str, Any] | None) -> Planned:
    url = url_for(event)
    if hook is None:
        return Planned(event, State.MISSING, url)
    if hook["url"] == url:
        state = State.OURS
    else:
        state = State.MOVED if is_ours(hook["url"]) else State.FOREIGN
    return Planned(event, state, url, hook["url"], str(hook["id"]))


def _remove(shoptet: Any, planned: list[Planned], done: Registered) -> None:
    for one in planned:
        with suppress(NotFound):
            shoptet.delete_webhook(one.shoptet_id)
        done.removed.append(one.event_type)


def _change(shoptet: Any, planned: list[Planned], done: Registered) -> None:
    for one in planned:
        shoptet.change_webhook(one.shoptet_id, one.wanted_url)
        done.changed.append(one.event_type)


def _add(shoptet: Any, planned: list[Planned], done: Registered) -> None:
    for start in range(0, len(planned), MOST_IN_A_CALL):
        batch = planned[start : start + MOST_IN_A_CALL]
        try:
            shoptet.register_webhooks([(one.event_type, one.wanted_url) for one in batch])
        except AlreadyChanged:
            raise
        except Refused:
            # One event that this shop cannot have must not cost the others; some of them may be registered by now.
            there = {hook["event"]: hook["url"] for hook in shoptet.webhooks()}
            done.added += [one.event_type for one in batch if there.get(one.event_type) == one.wanted_url]
            _add_singly(shoptet, [one for one in batch if there.get(one.event_type) != one.wanted_url], done)
        else:
            done.added += [one.event_type for one in batch]


def _add_singly(shoptet: Any, planned: list[Planned], done: Registered) -> None:
    for one in planned:
        try:
            shoptet.register_webhooks([(one.event_type, one.wanted_url)])
        except Refused as error:
            done.refused[one.event_type] = str(error)
        else:
            done.added.append(one.event_type)


def _remember(shop: Shop, registered: dict[str, dict[str, Any]]) -> None:
    """Keep what Shoptet said, for the page that shows it without asking."""
    now = timezone.now()
    rows = [
        WebhookRegistration(shop=shop, event_type=event, shoptet_id=storable(str(hook["id"]))[:LONGEST_ID], url=hook["url"], checked_at=now)
        for event, hook in registered.items()
    ]
    WebhookRegistration.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["shop", "event_type"],
        update_fields=["shoptet_id", "url", "checked_at"],
    )
    gone = WebhookRegistration.objects.filter(shop=shop).exclude(event_type__in=registered)
    gone.update(shoptet_id="", url="", checked_at=now)
