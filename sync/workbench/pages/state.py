"""Where a shop's mappings stand: what is in force, and the draft that somebody works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mappings.drafting import draft_of
from mappings.models import Direction, Entity, MappingDraft, MappingVersion
from mappings.packs import pack_rows
from mappings.versions import record_version
from shops.models import Shop
from shops.pages.badges import badge
from shops.pages.moments import in_words
from sync.workbench.pages.table import as_table, rows_of

Place = tuple[str, str]
"""An entity and a direction: one table."""


@dataclass(frozen=True)
class State:
    """The version in force, and the draft where there is one."""

    active: MappingVersion
    draft: MappingDraft | None

    @property
    def content(self) -> Mapping[str, Any]:
        """Return what is being worked on."""
        found: Mapping[str, Any] = self.draft.content if self.draft else self.active.content
        return found

    @property
    def revision(self) -> int:
        """Return the draft's revision; 0 where there is none."""
        return self.draft.revision if self.draft else 0

    @property
    def base(self) -> int:
        """Return the number of the version that the work began from."""
        return self.draft.base if self.draft else self.active.number

    @property
    def has_moved(self) -> bool:
        """Whether something else is in force by now than what the draft began from."""
        return self.base != self.active.number

    def is_changed(self, place: Place) -> bool:
        """Whether the draft says something else in this table than what is in force."""
        return self.draft is not None and _said(self.content, place) != _said(self.active.content, place)

    def places(self, dialect: str) -> list[Place]:
        """List the tables: those of the dialect, and every other one that has rows."""
        known = {(row.entity, row.direction) for row in pack_rows(dialect)}
        used = {(row["entity"], row["direction"]) for content in (self.content, self.active.content) for row in content.get("fields", ())}
        return [(entity, direction) for direction in Direction.values for entity in Entity.values if (entity, direction) in known | used]


def _said(content: Mapping[str, Any], place: Place) -> list[dict[str, Any]]:
    return [row.said for row in as_table(rows_of(content, *place))]


def state_of(shop: Shop) -> State:
    """Read where the shop stands; a shop without a version gets its first one."""
    active = MappingVersion.objects.filter(shop=shop).order_by("-number").first() or record_version(shop)
    return State(active, draft_of(shop))


def name_of(person: User | None) -> str:
    """Return a person's name for people."""
    return (person.get_full_name() or person.get_username()) if person else _("somebody")


def sentence_of(state: State) -> str:
    """Say what the page shows."""
    if state.draft is None:
        return _("These are the mappings in force, version %(number)s.") % {"number": state.active.number}
    return _("Draft, begun from version %(number)s, saved by %(name)s %(time)s. It takes effect when it is activated.") % {
        "number": state.base,
        "name": name_of(state.draft.editor),
        "time": in_words(state.draft.changed_at),
    }


def badge_of(state: State) -> SafeString:
    """Show whether the page shows a draft."""
    return badge(_("draft"), "work") if state.draft else badge(_("in force"), "ok")
