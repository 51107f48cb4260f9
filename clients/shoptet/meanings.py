"""What Shoptet means by a refusal, beyond what its status says anywhere. Source: the introduction of its OpenAPI document."""

from __future__ import annotations

from clients.errors import AlreadyChanged, Locked, MissingModule, TooLarge, UnderMaintenance
from clients.outgoing import Meanings

MEANINGS: Meanings = {
    "missing-module": (MissingModule, "the shop lacks a module that the request needs"),
    "record-already-changed": (AlreadyChanged, "somebody else changed the record meanwhile"),
    "concurrent-categories-update": (Locked, "another request is changing the product's categories"),
    "pricelist-blocked": (Locked, "an import holds the price lists"),
    413: (TooLarge, "the request names more records than the partner takes at once"),
    503: (UnderMaintenance, "the partner is being maintained"),
}
