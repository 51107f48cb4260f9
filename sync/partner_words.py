"""What the clients say of a partner's trouble, in the reader's language; the clients themselves know no translations."""

from __future__ import annotations

import re

from django.utils.translation import gettext, gettext_noop

KNOWN_TO_BE_DOWN = gettext_noop("it is known to be down")
IN_MAINTENANCE = gettext_noop("the partner is being maintained")
# Why a run was stopped.
FLOW_IS_OFF = gettext_noop("The flow was switched off.")
SHOP_IS_OFF = gettext_noop("The shop was switched off.")
SAID = {
    FLOW_IS_OFF,
    SHOP_IS_OFF,
    KNOWN_TO_BE_DOWN,
    IN_MAINTENANCE,
    gettext_noop("the credentials were not accepted"),
    gettext_noop("the credentials lack the right for this"),
    gettext_noop("there is no such record"),
    gettext_noop("the request contradicts what the partner holds"),
    gettext_noop("the request is too large"),
    gettext_noop("the same request is still being worked on"),
    gettext_noop("too many requests"),
    gettext_noop("the partner refused the request"),
    gettext_noop("the partner refused the record"),
    gettext_noop("the answer is not JSON, or was cut off"),
    gettext_noop("the answer was cut off"),
    gettext_noop("the answer was lost"),
    gettext_noop("the partner cannot be reached"),
    gettext_noop("the answer to a write was lost"),
    gettext_noop("a write ended in a server error, so it may have been applied"),
    gettext_noop("the partner reported a failure of its own"),
    gettext_noop("a write met the partner's maintenance, so it may have been applied"),
    gettext_noop("the shop lacks a module that the request needs"),
    gettext_noop("somebody else changed the record meanwhile"),
    gettext_noop("another request is changing the product's categories"),
    gettext_noop("an import holds the price lists"),
    gettext_noop("the request names more records than the partner takes at once"),
    gettext_noop("the address answered with a redirection: check the partner's address"),
    gettext_noop("the answer to a write does not name the record's id"),
    gettext_noop("the document to update does not exist"),
    gettext_noop("the answer to the login holds no token"),
    gettext_noop("the login was refused"),
    gettext_noop("the identifier is empty or cannot be part of an address"),
    gettext_noop("another worker took the record over"),
    gettext_noop("no room in the shared budget"),
    gettext_noop("the shared budget is out of reach"),
}
WITH_REASON = re.compile(r"(?P<said>[^():]+)(?P<reason>( \(|: ).*)", re.DOTALL)


def in_readers_words(message: str) -> str:
    """Translate a client's sentence, with its technical reason behind it; a partner's own words stay as they are."""
    if message in SAID:
        return gettext(message)
    found = WITH_REASON.fullmatch(message)
    if found is None or found["said"] not in SAID:
        return message
    return f"{gettext(found['said'])}{found['reason']}"


def trouble_in_words(text: str) -> str:
    """Translate what an error of a client says as text: partner, sentence, and the request and ids for whoever asks the partner."""
    if text in SAID:
        return gettext(text)
    partner, colon, rest = text.partition(": ")
    said, semicolon, more = rest.partition("; ")
    return f"{partner}{colon}{in_readers_words(said)}{semicolon}{more}"
