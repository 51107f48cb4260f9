"""Edits of a shop's mappings: kept apart as a draft, checked, and put into force in one step; and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from mappings.draft_problems import RowProblem
from mappings.merging import Conflict
from mappings.models import MappingDraft, MappingVersion
from shops.models import Shop

Content = Mapping[str, Any]


class EditedMeanwhile(Exception):
    """Somebody else saved the draft since it was read, or activated or discarded it (then `draft` is None)."""

    def __init__(self, by: str, at: datetime | None, draft: MappingDraft | None) -> None:
        super().__init__(by)
        self.by, self.at, self.draft = by, at, draft


class BaseMoved(Exception):
    """The mappings in force are no longer those that the draft began from; `version` is what is in force now."""

    def __init__(self, version: MappingVersion) -> None:
        super().__init__(str(version))
        self.version = version


class HasProblems(Exception):
    """The content cannot be put into force as it is; `problems` say why, row by row."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        super().__init__("; ".join(problem.sentence for problem in problems))
        self.problems = list(problems)


def open_draft(shop: Shop, user: User | None) -> MappingDraft:
    """Return the shop's draft; begin one from the mappings in force where there is none."""
    raise NotImplementedError


def draft_of(shop: Shop) -> MappingDraft | None:
    """Return the shop's draft if somebody is working on one."""
    raise NotImplementedError


def save_draft(shop: Shop, *, revision: int, content: Content, user: User | None) -> MappingDraft:
    """Keep an edit, finished or not; raise EditedMeanwhile where `revision` is no longer the latest, BadContent where it is no content."""
    raise NotImplementedError


def discard_draft(shop: Shop, *, revision: int) -> None:
    """Throw the draft away; raise EditedMeanwhile where somebody went on with it."""
    raise NotImplementedError


def activate(shop: Shop, *, revision: int, user: User | None, comment: str = "") -> MappingVersion:
    """Put the draft into force as a new version, all of it or nothing.

    Raises EditedMeanwhile, BaseMoved, or HasProblems; the draft is then as it was.
    """
    raise NotImplementedError


def put_back(version: MappingVersion, *, user: User | None, comment: str = "") -> MappingVersion:
    """Put an earlier version into force again; that too is a new version. Raises HasProblems where it could not run any more."""
    raise NotImplementedError


def rebase_draft(shop: Shop, user: User | None) -> list[Conflict]:
    """Bring what was changed in force meanwhile into the draft; where both changed the same, the draft's is kept and named."""
    raise NotImplementedError
