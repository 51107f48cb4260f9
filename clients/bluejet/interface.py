"""What a BlueJet client can do, whichever dialect it speaks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, Self

from clients.bluejet.config import Dialect
from clients.bluejet.evidences import Evidence
from clients.bluejet.records import BlueJetRow, IndexEntry, RowRefused, Write, Written
from clients.bluejet.session import Login
from clients.bluejet.values import text


class BlueJetClient(ABC):
    """Read and write one BlueJet instance; every method may raise a PartnerError."""

    dialect: ClassVar[Dialect]

    def __init__(self, login: Login, evidences: dict[str, Evidence], batch_size: int) -> None:
        self._login = login
        self.evidences = evidences
        self.batch_size = batch_size
        # How many rows of each kind the last whole reading had to leave out.
        self.unreadable: Counter[str] = Counter()

    def close(self) -> None:
        """Close the connections; the token stays with its store."""
        self._login.close()

    @contextmanager
    def watched(self, before_request: Callable[[], None]) -> Iterator[None]:
        """Have this called before each request meanwhile; what it raises keeps the request from being sent."""
        before, self._login.before_request = self._login.before_request, before_request
        try:
            yield
        finally:
            self._login.before_request = before

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def check(self) -> None:
        """Log in and read one record; raise what a person has to put right."""

    @abstractmethod
    def find(self, kind: str, field: str, value: Any, *, with_lines: bool = False) -> list[BlueJetRow]:
        """Return every record whose field has exactly this value, without regard to case."""

    @abstractmethod
    def read(self, kind: str, id: str, *, with_lines: bool = True) -> BlueJetRow | None:
        """Return one record, None where BlueJet does not hold it."""

    @abstractmethod
    def pages(self, kind: str, *, changed_since: datetime | None = None, fields: Sequence[str] | None = None) -> Iterator[list[BlueJetRow]]:
        """Yield every record once, without lines, and read again while rows come and go underneath.

        A row that cannot be used is left out, and counted in `unreadable` at the end: what is not there may still exist.

        `changed_since` (aware) narrows the reading where the instance can do so; elsewhere every record comes.
        """

    @abstractmethod
    def write(self, writes: Sequence[Write]) -> list[Written | RowRefused]:
        """Write at most `batch_size` records in as few requests as possible; results come in the order given.

        Raises only while no record of the call has an outcome; after that an error becomes the outcome of the records it hit.
        """

    @abstractmethod
    def delete(self, kind: str, id: str) -> None:
        """Delete a record; one that is gone already counts as deleted."""

    @abstractmethod
    def columns(self, kind: str) -> list[str]:
        """Return the columns that the instance shows for a kind, from its first record; none while it has no record."""

    @abstractmethod
    def can_upsert(self, kind: str) -> bool:
        """Say whether `Write.upsert` works for a kind."""

    def index(self, kind: str) -> Iterator[IndexEntry]:
        """Yield the identity of every record of a kind, so that a bulk run need not search one by one."""
        evidence = self.evidences[kind]
        wanted = [name for name in (evidence.key, evidence.external_id, evidence.natural) if name]
        for page in self.pages(kind, fields=wanted):
            for row in page:
                yield IndexEntry(row.id, text(row.fields.get(evidence.external_id)), text(row.fields.get(evidence.natural)))
