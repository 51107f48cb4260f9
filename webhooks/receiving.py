"""Judges one delivery: who sent it, is it signed, what does it say; keeps it and has it taken up."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus

from django.db import DataError, IntegrityError, transaction

from shops.keys import ShopKeys, forget_keys, get_keys, read_all_keys, read_keys
from webhooks.bodies import BodyRefused, eshop_id_of, event_label, read_delivery, read_document
from webhooks.handover import hand_over_soon
from webhooks.inbox import store_delivery, store_refused
from webhooks.last_received import note_received
from webhooks.quarantine import keep_in_quarantine
from webhooks.signatures import is_signed

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is answered; `error` is empty for a delivery that was taken in."""

    status: HTTPStatus = HTTPStatus.OK
    error: str = ""


TAKEN_IN = Verdict()
FORGED = Verdict(HTTPStatus.UNAUTHORIZED, "Invalid signature")


def receive(raw: bytes, signature: str) -> Verdict:
    """Take in a delivery that one of its shop's keys signed; refuse every other."""
    try:
        eshop_id = eshop_id_of(read_document(raw))
    except BodyRefused:
        eshop_id = ""
    shop = _signer(eshop_id, raw, signature) if eshop_id else _any_signer(raw, signature)
    if shop is None:
        return FORGED
    try:
        return take_in(raw, shop)
    except IntegrityError:
        # The shop was deleted since its keys were read.
        forget_keys()
        return FORGED


def take_in(raw: bytes, shop: ShopKeys) -> Verdict:
    """Keep a body that is known to be the shop's, and have it taken up once it is committed."""
    event_type = ""
    try:
        document = read_document(raw)
        event_type = event_label(document["event"]) if document.get("event") else ""
        delivery = read_delivery(document, raw, time_zone=shop.time_zone)
        stored = store_delivery(delivery, shop)
    except (BodyRefused, DataError, RecursionError) as error:
        reason = str(error) if isinstance(error, BodyRefused) else f"The body cannot be stored: {type(error).__name__}."
        store_refused(raw, shop, reason, event_type=event_type)
        logger.warning("A signed delivery for e-shop %s is of no use: %s", shop.eshop_id, reason)
        return Verdict(HTTPStatus.BAD_REQUEST, reason)
    if stored.is_open:
        transaction.on_commit(lambda: hand_over_soon(stored.pk))
    note_received(shop.shop_id, delivery.event_type)
    return TAKEN_IN


def _signer(eshop_id: str, raw: bytes, signature: str) -> ShopKeys | None:
    """Return the shop if it signed; ask the database before refusing, since its key may be a moment old."""
    shop = get_keys(eshop_id)
    if shop is not None and is_signed(raw, signature, shop.keys):
        return shop
    shop = read_keys(eshop_id)
    if shop is None:
        logger.warning("A delivery names an e-shop that is not set up: %.60r", eshop_id)
        return None
    if is_signed(raw, signature, shop.keys):
        return shop
    keep_in_quarantine(raw, signature, shop)
    return None


def _any_signer(raw: bytes, signature: str) -> ShopKeys | None:
    """Return the active shop whose key signed a body that does not tell its shop."""
    return next((shop for shop in read_all_keys() if shop.active and is_signed(raw, signature, shop.keys)), None)
