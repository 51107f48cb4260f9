"""Edits of a shop's mappings: kept apart as a draft, checked, and put into force in one step; and the way back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from mappings.changes import announce
from mappings.contents import normal_content
from mappings.draft_problems import RowProblem, problems_of
from mappings.merging import Conflict, merge
from mappings.models import Direction, MappingDraft, MappingVersion
from mappings.restoring import write_content
from mappings.versions import content_of, record_version
from shops.models import Shop

FIRST_REVISIONS = 1_000_000_000
LONGEST_COMMENT = 255

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
    with transaction.atomic():
        _lock(shop)
        draft = draft_of(shop)
        if draft is not None:
            return draft
        live = record_version(shop)
        # Begins anywhere, so that a page opened on an earlier draft is never taken for one of this.
        revision = 1 + secrets.randbelow(FIRST_REVISIONS)
        return MappingDraft.objects.create(shop=shop, content=live.content, base=live.number, revision=revision, editor=user)


def draft_of(shop: Shop) -> MappingDraft | None:
    """Return the shop's draft if somebody is working on one."""
    return MappingDraft.objects.filter(shop=shop).select_related("editor").first()


def save_draft(shop: Shop, *, revision: int, content: Content, user: User | None) -> MappingDraft:
    """Keep an edit, finished or not; raise EditedMeanwhile where `revision` is no longer the latest, BadContent where it is no content."""
    wanted = normal_content(content)
    with transaction.atomic():
        draft = _draft_at(shop, revision)
        return draft if draft.content == wanted else _keep(draft, wanted, user)


def discard_draft(shop: Shop, *, revision: int) -> None:
    """Throw the draft away; raise EditedMeanwhile where somebody went on with it."""
    with transaction.atomic():
        _draft_at(shop, revision).delete()


def activate(shop: Shop, *, revision: int, user: User | None, comment: str = "") -> MappingVersion:
    """Put the draft into force as a new version, all of it or nothing.

    Raises EditedMeanwhile, BaseMoved, or HasProblems; the draft is then as it was.
    """
    live = record_version(shop)  # what was changed without a version counts as a change, too
    with transaction.atomic():
        draft = _draft_at(shop, revision)
        live = _latest(shop) or live
        if live.number != draft.base:
            raise BaseMoved(live)
        version = _put_into_force(shop, draft.content, user, comment)
        draft.delete()
    return version


def put_back(version: MappingVersion, *, user: User | None, comment: str = "") -> MappingVersion:
    """Put an earlier version into force again; that too is a new version. Raises HasProblems where it could not run any more."""
    said = comment or _("Version %(number)s put back") % {"number": version.number}
    record_version(version.shop)
    with transaction.atomic():
        _lock(version.shop)
        return _put_into_force(version.shop, _without_the_way_back(normal_content(version.content)), user, said)


def _without_the_way_back(content: dict[str, Any]) -> dict[str, Any]:
    """Switch off the rows to Shoptet that an earlier version had in force: nothing carries them out yet, so they wait."""
    fields = [row | {"active": row["active"] and row["direction"] != Direction.TO_SHOPTET} for row in content["fields"]]
    return {**content, "fields": fields}


def rebase_draft(shop: Shop, user: User | None) -> list[Conflict]:
    """Bring what was changed in force meanwhile into the draft; where both changed the same, the draft's is kept and named."""
    live = record_version(shop)
    with transaction.atomic():
        _lock(shop)
        draft, live = draft_of(shop), _latest(shop) or live
        if draft is None or draft.base == live.number:
            return []
        base = MappingVersion.objects.get(shop=shop, number=draft.base)
        merged, conflicts = merge(*(normal_content(one.content) for one in (base, live, draft)))
        draft.base = live.number
        _keep(draft, merged, user)
    return conflicts


def _lock(shop: Shop) -> None:
    """Let nobody else put anything into force, or save a draft, until the transaction ends."""
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)


def _latest(shop: Shop) -> MappingVersion | None:
    return MappingVersion.objects.filter(shop=shop).select_related("author").defer("content").order_by("-number").first()


def _draft_at(shop: Shop, revision: int) -> MappingDraft:
    """Lock the shop and return its draft, if it is still the one that the caller saw."""
    _lock(shop)
    draft = draft_of(shop)
    if draft is not None and draft.revision == revision:
        return draft
    if draft is not None:
        raise EditedMeanwhile(_name(draft.editor), draft.changed_at, draft)
    latest = _latest(shop)
    raise EditedMeanwhile(_name(latest.author if latest else None), latest.created_at if latest else None, None)


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("the portal itself")


def _keep(draft: MappingDraft, content: dict[str, Any], user: User | None) -> MappingDraft:
    draft.content, draft.editor, draft.revision = content, user, draft.revision + 1
    draft.save()
    return draft


def _put_into_force(shop: Shop, content: Content, user: User | None, comment: str) -> MappingVersion:
    problems = problems_of(content, shop.bluejet.dialect)
    if problems:
        raise HasProblems(problems)
    before = content_of(shop)["tables"]
    write_content(shop, content)
    version = record_version(shop, user, comment[:LONGEST_COMMENT])
    _announce_after_commit(shop, before, version.content["tables"])
    return version


def _announce_after_commit(shop: Shop, before: Content, after: Content) -> None:
    """Let the records go on that wait for a value that has a counterpart now, or another one than before."""
    for table, rows in after.items():
        known = {row["shoptet_id"]: row for row in before.get(table, ())}
        for row in rows:
            if known.get(row["shoptet_id"]) != row:
                transaction.on_commit(partial(announce, shop.pk, table, row["shoptet_id"]))
