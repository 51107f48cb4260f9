"""One request as it goes out, and as it may be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clients.answers import Explain
from clients.errors import PartnerError
from clients.redaction import SHORTEST_SECRET

PLAIN_HEADERS = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "user-agent"})
READS = ("GET", "HEAD")
# What a refusal means, by one of the partner's own codes or by its status: the error, and a sentence for people.
Meanings = Mapping[int | str, tuple[type[PartnerError], str]]


@dataclass(frozen=True)
class Outgoing:
    """A request to a partner; `shown` is what messages and logs may say of it, `right` names the right that it needs."""

    partner: str
    method: str
    url: str
    shown: str
    right: str
    options: dict[str, Any] = field(repr=False)
    repeatable: bool
    explain: Explain
    priority: int
    cost: float
    secrets: tuple[str, ...] = field(repr=False)
    meanings: Meanings = field(default_factory=dict, repr=False)
    before_attempt: Callable[[], None] | None = field(default=None, repr=False)

    @property
    def is_read(self) -> bool:
        """Tell whether the request changes nothing at the partner."""
        return self.method in READS


def secret_values(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the header values that no message may repeat, a bearer token also without its first word."""
    values = [value for name, value in headers.items() if name.lower() not in PLAIN_HEADERS]
    words = [word for value in values for word in (value, value.rpartition(" ")[2])]
    return tuple(word for word in words if len(word) >= SHORTEST_SECRET)
