"""What a BlueJet account does with the columns that an update does not name: kept, reset, or not known yet; by kind of record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from shops.kind_names import KIND_NAMES
from shops.models import BlueJetAccount

State = Literal["unknown", "kept", "reset"]
KEPT: State = "kept"
RESET: State = "reset"
UNKNOWN: State = "unknown"


def state_of(account: BlueJetAccount, kind: str) -> State:
    """Return what is known of a kind."""
    state = _known(account, kind).get("state", UNKNOWN)
    return RESET if state == RESET else KEPT if state == KEPT else UNKNOWN


def read_only_columns(account: BlueJetAccount, kind: str) -> frozenset[str]:
    """Return the columns that BlueJet refused to be given, in small letters."""
    return frozenset(_known(account, kind).get("read_only", ()))


def _known(account: BlueJetAccount, kind: str) -> dict[str, Any]:
    """Return what was learnt at the account's present address; another instance may do otherwise."""
    known = account.partial_updates.get(kind, {})
    return dict(known) if known.get("at") == account.base_url else {}


def learn(account: BlueJetAccount, kind: str, *, state: State | None = None, read_only: Iterable[str] = ()) -> None:
    """Note what an update showed, for all workers; what once lost a column stays known to."""
    with transaction.atomic():
        row = BlueJetAccount.objects.select_for_update(no_key=True).only("partial_updates", "base_url").get(pk=account.pk)
        known = _known(row, kind) | {"at": row.base_url}
        if state is not None and known.get("state") != RESET:
            known["state"] = state
        if read_only:
            known["read_only"] = sorted({*known.get("read_only", ()), *(name.lower() for name in read_only)})
        row.partial_updates = {**row.partial_updates, kind: known}
        row.save(update_fields=["partial_updates"])
    account.partial_updates = row.partial_updates


def resetting_kinds(account: BlueJetAccount) -> list[str]:
    """Return the kinds whose records are written whole because an update empties what it does not name."""
    return sorted(kind for kind in account.partial_updates if state_of(account, kind) == RESET)


def reset_warnings() -> list[str]:
    """Return a sentence for each account that is written to whole."""
    sentence = _(
        "“%(account)s” empties columns that an update does not name (%(kinds)s). Nothing was lost; such records are now read before each "
        "write and written whole, which takes one request more for each. Ask BlueJet's vendor whether that can be switched off."
    )
    found = ((account, resetting_kinds(account)) for account in BlueJetAccount.objects.exclude(partial_updates={}))
    return [
        sentence % {"account": account, "kinds": ", ".join(str(KIND_NAMES.get(kind, kind)) for kind in kinds)}
        for account, kinds in found
        if kinds
    ]
