"""One finding about a record: a code for machines, and sentences for people."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sync.issue_texts import TEXTS
from sync.issue_words import WORDS
from sync.partner_words import in_readers_words
from sync.right_words import right_in_words

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Issue:
    """What is wrong with a record; an error holds it back, a warning goes along."""

    code: str
    severity: Severity = "error"
    field: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether the record must not be sent."""
        return self.severity == "error"

    def sentence(self) -> str:
        """Say what happened, in the reader's language."""
        return str(TEXTS[self.code].happened) % _Params(self)

    def remedy(self) -> str:
        """Say what to do about it, in the reader's language."""
        return str(TEXTS[self.code].remedy) % _Params(self)

    def page(self) -> str:
        """Name the admin page where it is put right, as `app_model`, or nothing."""
        return TEXTS[self.code].page

    def to_json(self) -> dict[str, Any]:
        """Return what is stored on the job."""
        return {
            "code": self.code,
            "severity": self.severity,
            "field": self.field,
            "params": {name: str(value) for name, value in self.params.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Issue:
        """Read back what `to_json` wrote."""
        return cls(stored["code"], stored["severity"], stored.get("field", ""), stored.get("params", {}))


class _Params(dict[str, Any]):
    """The issue's parameters for `%`; a missing one shows as a dash instead of hiding the sentence."""

    def __init__(self, issue: Issue) -> None:
        super().__init__({"place": issue.field, "field": issue.field, **issue.params})
        if "message" in self:
            self["message"] = in_readers_words(str(self["message"]))
        if "right" in self:
            self["right"] = right_in_words(str(self["right"]))
        for name in TEXTS[issue.code].words:
            self[name] = ", ".join(str(WORDS.get(word, word)) for word in str(self[name]).split(","))

    def __missing__(self, key: str) -> str:
        return "–"
