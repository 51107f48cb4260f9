"""What Shoptet means by a refusal, beyond what its status says anywhere. Source: the introduction of its OpenAPI document."""

from __future__ import annotations

from clients.errors import AlreadyChanged, Locked, MissingModule, RightMissing, TooLarge, UnderMaintenance
from clients.outgoing import Meanings

NO_RIGHTS = "invalid-token-no-rights"
# These say of a 401 that it is the token that is meant, whatever was asked for.
ABOUT_THE_TOKEN = frozenset({"expired-token", "invalid-token", "missing-access-token"})
MEANINGS: Meanings = {
    NO_RIGHTS: (RightMissing, "the credentials lack the right for this"),
    "missing-module": (MissingModule, "the shop lacks a module that the request needs"),
    "record-already-changed": (AlreadyChanged, "somebody else changed the record meanwhile"),
    "concurrent-categories-update": (Locked, "another request is changing the product's categories"),
    "pricelist-blocked": (Locked, "an import holds the price lists"),
    413: (TooLarge, "the request names more records than the partner takes at once"),
    503: (UnderMaintenance, "the partner is being maintained"),
}
