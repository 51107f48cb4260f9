"""Two people at one table: what the second is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mappings.drafting import EditedMeanwhile
from mappings.wording import ShownDifference, shown_differences
from shops.pages.moments import in_words
from sync.workbench.pages.edits import Edits


@dataclass(frozen=True)
class Conflict:
    """Who was quicker, and where the saved draft and the edits on the page differ."""

    sentence: str
    rows: list[ShownDifference]


def conflict_of(error: EditedMeanwhile, edits: Edits) -> Conflict:
    """Compare the edits on the page with what is saved by now; `edits` were read after the error."""
    return Conflict(_sentence(error, edits), shown_differences(edits.state.content, edits.content))


def _sentence(error: EditedMeanwhile, edits: Edits) -> str:
    if error.draft is not None and error.at is not None:
        return _("%(name)s saved the draft meanwhile (%(time)s).") % {"name": error.by or _("Somebody"), "time": in_words(error.at)}
    if error.by:
        return _("%(name)s activated or discarded the draft meanwhile; version %(number)s is in force now.") % {
            "name": error.by,
            "number": edits.state.active.number,
        }
    return _("The mappings in force have changed meanwhile: now it is version %(number)s.") % {"number": edits.state.active.number}
