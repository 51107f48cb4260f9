"""Ask BlueJet for some records of each kind and keep the names and types of their columns."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from clients.bluejet.evidences import Evidence
from clients.bluejet.interface import BlueJetClient
from clients.bluejet.records import BlueJetRow
from clients.errors import PartnerError
from shops.clients import bluejet_client
from shops.models import BlueJetAccount
from sync.columns.types import type_of_values
from sync.dispatch import enqueue
from sync.models.column import BlueJetColumn, ColumnReading
from sync.models.job import Priority
from sync.partners import bluejet_breaker, bluejet_limiter

logger = logging.getLogger(__name__)
# Documents whose lines are looked at where lines cannot be listed on their own.
DOCUMENTS = 5
# Columns that BlueJet works out itself, by kind; it spells the first one both ways.
COMPUTED = {"stock_card": {"mnoszstvidisponibilni", "mnozstvidisponibilni"}, "company": {"telephonevirtual", "emailaddvirtual"}}
BY_THE_SERVER = {"createdon", "createdby", "modifiedon", "modifiedby"}


def request_reading() -> int:
    """Ask for a reading of every account that an active shop delivers to; return how many."""
    accounts = list(BlueJetAccount.objects.filter(shops__active=True).distinct().values_list("pk", flat=True))
    for pk in accounts:
        enqueue("read_columns", pk)
    return len(accounts)


def read_account(account: BlueJetAccount, client: BlueJetClient | None = None) -> list[ColumnReading]:
    """Read the columns of every kind; a kind that BlueJet refuses keeps what was known of it and says so."""
    breaker = bluejet_breaker(account)
    opened = client or bluejet_client(account, priority=Priority.RECONCILIATION, limiter=bluejet_limiter(account), breaker=breaker)
    return [_read_kind(account, opened, evidence) for evidence in opened.evidences.values()]


def _read_kind(account: BlueJetAccount, client: BlueJetClient, evidence: Evidence) -> ColumnReading:
    try:
        rows = _some_rows(client, evidence)
    except (PartnerError, ValueError) as error:  # a number that is not configured is a ValueError
        logger.warning("The columns of %s could not be read: %s", evidence.kind, error)
        return _note(account, evidence.kind, error=str(error))
    if rows:
        _keep(account, evidence, rows)
    return _note(account, evidence.kind, rows=len(rows))


def _some_rows(client: BlueJetClient, evidence: Evidence) -> list[BlueJetRow]:
    if evidence.no is None and not evidence.path:
        return _lines(client, evidence)
    return next(client.pages(evidence.kind), [])


def _lines(client: BlueJetClient, evidence: Evidence) -> list[BlueJetRow]:
    """Take the lines of some documents, where a line has no address of its own."""
    owner = next((one.kind for one in client.evidences.values() if one.line_kind == evidence.kind and one.path), "")
    documents = next(client.pages(owner), [])[:DOCUMENTS] if owner else []
    whole = (client.read(owner, document.id) for document in documents)
    return [line for document in whole if document for line in document.lines]


@transaction.atomic
def _keep(account: BlueJetAccount, evidence: Evidence, rows: list[BlueJetRow]) -> None:
    """Replace what was known of the kind; a column that no record shows any more is gone."""
    now, values = timezone.now(), _by_column(rows)
    found = [
        BlueJetColumn(
            account=account,
            kind=evidence.kind,
            name=name,
            type=type_of_values(held),
            read_only=name in given_by_bluejet(evidence),
            seen_at=now,
        )
        for name, held in values.items()
        if len(name) <= 100
    ]
    BlueJetColumn.objects.filter(account=account, kind=evidence.kind).delete()
    BlueJetColumn.objects.bulk_create(found)


def _by_column(rows: Iterable[BlueJetRow]) -> dict[str, list[Any]]:
    values: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.fields.items():
            values.setdefault(name, []).append(value)
    return values


def given_by_bluejet(evidence: Evidence) -> set[str]:
    """Name what BlueJet gives a record itself; its API does not say so, so this is what is known."""
    given = {evidence.key, evidence.modified} | ({evidence.code} if evidence.no is not None else set())
    return (given | COMPUTED.get(evidence.kind, set()) | BY_THE_SERVER) - {""}


def _note(account: BlueJetAccount, kind: str, *, rows: int = 0, error: str = "") -> ColumnReading:
    values = {"rows": rows, "error": error, "read_at": timezone.now()}
    return ColumnReading.objects.update_or_create(account=account, kind=kind, defaults=values)[0]
