"""An impact in sentences, with its examples."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mappings.models import Entity
from shops.models import Shop
from sync.workbench.impact import EntityImpact, Example, Impact
from sync.workbench.pages.trial import in_cell, record_name


@dataclass(frozen=True)
class ShownExample:
    """One record that comes out otherwise."""

    name: str
    address: str
    what: str
    before: str
    after: str
    is_bad: bool


@dataclass(frozen=True)
class ShownEntity:
    """What happens to the records of one entity."""

    name: str
    sampled: int
    changed: int
    newly_invalid: int
    no_longer_invalid: int
    examples: list[ShownExample]


@dataclass(frozen=True)
class ShownImpact:
    """The whole effect; `untouched` names the entities of which no record comes out otherwise."""

    sentence: str
    warning: str
    entities: list[ShownEntity]
    untouched: str


def describe(shop: Shop, impact: Impact) -> ShownImpact:
    """Put an impact into words."""
    touched = [one for one in impact.entities if one.changed or one.newly_invalid or one.no_longer_invalid]
    untouched = [f"{Entity(one.entity).label} ({one.sampled})" for one in impact.entities if one not in touched and one.sampled]
    invalid = sum(one.newly_invalid for one in impact.entities)
    warning = ngettext("%(count)d record would no longer be valid.", "%(count)d records would no longer be valid.", invalid)
    return ShownImpact(
        sentence=_sentence(impact, touched),
        warning=warning % {"count": invalid} if invalid else "",
        entities=[_entity(shop, one) for one in touched],
        untouched=", ".join(untouched),
    )


def _sentence(impact: Impact, touched: list[EntityImpact]) -> str:
    if not any(one.sampled for one in impact.entities):
        return _("No record has passed yet, so there is nothing to measure the effect on.")
    parts = [_part(one) for one in touched if one.changed]
    if not parts:
        return _("It changes none of the records that passed lately.")
    sentence = _("It changes: %(parts)s.") % {"parts": "; ".join(parts)}
    if impact.open_orders:
        many = impact.open_orders
        sentence += " " + ngettext("%(count)d of them is an open order.", "%(count)d of them are open orders.", many) % {"count": many}
    return sentence


def _part(one: EntityImpact) -> str:
    counts = {"name": Entity(one.entity).label, "changed": one.changed, "sampled": one.sampled}
    return _("%(name)s: %(changed)s of the last %(sampled)s") % counts


def _entity(shop: Shop, one: EntityImpact) -> ShownEntity:
    return ShownEntity(
        name=str(Entity(one.entity).label),
        sampled=one.sampled,
        changed=one.changed,
        newly_invalid=one.newly_invalid,
        no_longer_invalid=one.no_longer_invalid,
        examples=[_example(shop, example) for example in one.examples],
    )


def _example(shop: Shop, one: Example) -> ShownExample:
    address = reverse("workbench:table", args=[shop.pk, one.entity], query={"sample": one.sample})
    what = {
        "changed": one.field,
        "newly_invalid": _("would no longer be valid"),
        "no_longer_invalid": _("would be valid"),
    }[one.effect]
    return ShownExample(
        record_name(one.key, one.title), address, what, in_cell(one.before), in_cell(one.after), one.effect == "newly_invalid"
    )
