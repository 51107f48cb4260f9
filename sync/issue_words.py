"""The form of an issue's two sentences, and the words in them that validators name by a key."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Text(NamedTuple):
    """The sentences of one code, the admin page that puts it right, and which parameters hold keys of `WORDS`."""

    happened: Promise | str
    remedy: Promise | str
    page: str = ""
    words: tuple[str, ...] = ()


# Words that validators name by a key, so that they are said in the reader's language.
WORDS: dict[str, Promise | str] = {
    "street": _("the street"),
    "city": _("the town"),
    "zip": _("the postcode"),
    "country": _("the country"),
    "string": _("text"),
    "number": _("a number"),
    "integer": _("a whole number"),
    "boolean": _("yes or no"),
    "array": _("a list"),
    "object": _("a group of fields"),
    "date": _("a date such as 2026-01-31"),
    "guid": _("a BlueJet ID"),
    "currency": _("a currency code such as CZK"),
    "format": _("another form"),
    "at_least": _("at least"),
    "at_most": _("at most"),
    "missing": _("it is missing"),
    "not_text": _("it is not text"),
    "not_a_number": _("it is not a number"),
    "not_a_time": _("it is not a time with its offset"),
    "not_a_date": _("it is not a date"),
    "not_an_address": _("it is not an address"),
    "not_an_object": _("it is not a group of fields"),
    "not_a_list": _("it is not a list"),
    "out_of_range": _("it is beyond reason"),
    "too_long": _("it is too long"),
    "unreadable": _("it cannot be read"),
    "kept": _("what BlueJet holds was kept"),
    "left": _("it stays in the closed document, and is not in the one that follows it"),
    "lost": _("BlueJet's value was written over by what Shoptet says now"),
    "restored": _("it was made again, because Shoptet changed it"),
}
