"""A stored draft as tables that a person can read, and the name that it gives the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shops.models import FlowName
from sync.kept_drafts import IN_SHORT
from sync.models import SyncJob
from sync.models.link import Kind

# Columns that hold a record's name, in either dialect; people before things, since a contact has both.
PERSON = (("firstname", "lastname"), ("firstName", "lastName"))
NAME = ("name", "nazev", "predmet", "productName", "companyName")

# Flows whose keys are Shoptet's GUIDs, which say nothing to people.
NAMED = frozenset({FlowName.PRODUCT_TO_BLUEJET, FlowName.CUSTOMER_TO_BLUEJET})


@dataclass(frozen=True)
class ShownDraft:
    """One record that was prepared: what it is, its fields, and its lines under the columns that they have."""

    title: str
    fields: list[tuple[str, Any]]
    columns: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)


def shown_drafts(draft: Mapping[str, Any] | None) -> list[ShownDraft]:
    """Spread a job's stored draft over tables."""
    return [_shown(key, content) for key, content in (draft or {}).items() if isinstance(content, Mapping) and key != IN_SHORT]


def what_is_missing(draft: Mapping[str, Any] | None) -> str:
    """Say what a draft that was too large to be kept whole does not show; nothing where it is whole."""
    missing = (draft or {}).get(IN_SHORT)
    if not isinstance(missing, Mapping):
        return ""
    return _("Shown in short: %(values)s long values end early, %(lines)s lines and %(records)s records are left out.") % missing


def _shown(key: str, content: Mapping[str, Any]) -> ShownDraft:
    kind, _space, name = key.partition(" ")
    label = Kind(kind).label if kind in Kind.values else kind
    lines = [line for line in content.get("lines") or [] if isinstance(line, Mapping)]
    columns = list(dict.fromkeys(column for line in lines for column in line))
    rows = [[_plain(line.get(column)) for column in columns] for line in lines]
    fields = [(column, _plain(value)) for column, value in (content.get("fields") or {}).items()]
    return ShownDraft(f"{label} {name}", fields, columns, rows)


def _plain(value: Any) -> Any:
    return "–" if value is None or value == "" else value


def names_in(jobs: Iterable[SyncJob]) -> dict[int, str]:
    """Return what the jobs' last drafts call their records, where the key alone says nothing."""
    drafts = SyncJob.objects.filter(pk__in=[job.pk for job in jobs if job.flow in NAMED]).values_list("pk", "draft")
    return {pk: name for pk, draft in drafts if (name := name_in(draft))}


def name_in(draft: Mapping[str, Any] | None) -> str:
    """Return the name that the draft's records carry, or nothing."""
    contents = [content.get("fields") or {} for content in (draft or {}).values() if isinstance(content, Mapping)]
    for first, last in PERSON:
        for fields in contents:
            if fields.get(last):
                return f"{fields.get(first) or ''} {fields[last]}".strip()
    return next((str(fields[column]) for fields in contents for column in NAME if fields.get(column)), "")
