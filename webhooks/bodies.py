"""Reads a delivery's body, the official form and the specification's, and says what is wrong with one that cannot be read."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from webhooks.instances import bare_instance
from webhooks.registry import get_handler
from webhooks.storable import storable
from webhooks.topics import SLUGS, is_system, official_name

LONGEST_EVENT_ID = 255
LONGEST_EVENT = 100
BLANK = "(blank)"
COLON_IN_OFFSET = re.compile(r"([+-]\d\d):(\d\d)$")


class BodyRefused(Exception):
    """Say in a sentence why a body under a good signature is of no use."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one delivery says; `event_type` is the official name, `instance` the bare identifier."""

    event_id: str
    event_type: str
    eshop_id: str
    instance: str
    event_created: datetime | None
    payload: dict[str, Any]
    raw: bytes


def read_document(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in the body; raise BodyRefused for anything else."""
    try:
        document = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BodyRefused(f"The body is not JSON: {type(error).__name__}.") from error
    if not isinstance(document, dict):
        raise BodyRefused("The body is not a JSON object.")
    return document


def eshop_id_of(document: dict[str, Any]) -> str:
    """Return the e-shop id, which may be written as a number or as text; empty if there is none."""
    return _identifier(document.get("eshopId"))


def read_delivery(document: dict[str, Any], raw: bytes, *, time_zone: str) -> Delivery:
    """Return what the body says; a time without offset is the shop's. Raise BodyRefused if a field is missing or wrong.

    Of an event that the portal does not know only the name is asked for: it is stored as it came, whatever else it has or lacks.
    """
    eshop_id = _required(document, "eshopId", _identifier(document.get("eshopId")))
    event = event_of(document)
    event_type = official_name(event)
    if not _is_known(event_type):
        return _unknown(document, raw, eshop_id, event, time_zone)
    created = _required(document, "eventCreated", _text(document.get("eventCreated")))
    instance = _instance(document.get("eventInstance"))
    if not is_system(event):
        _required(document, "eventInstance", instance)
    # Only an escape can bring a character that the database cannot hold.
    clean = storable if b"\\u" in raw else _as_it_is
    return Delivery(
        event_id=event_id_of(eshop_id, event, created, instance),
        event_type=event_type,
        eshop_id=eshop_id,
        instance=clean(bare_instance(event_type, instance)),
        event_created=_moment(created, time_zone),
        payload=clean(document),
        raw=raw,
    )


def event_of(document: dict[str, Any]) -> str:
    """Return the event's name on one line and as long as its column, whatever it was written as; raise BodyRefused without one."""
    value = document.get("event")
    if value in (None, "", [], {}):
        raise BodyRefused("The field event is missing.")
    return event_label(value)


def event_label(value: Any) -> str:
    """Return a name that can be stored and shown for any JSON value; one beyond all measure keeps its beginning."""
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    label = " ".join(storable(written).split()) or BLANK
    return label if len(label) <= LONGEST_EVENT else f"{label[: LONGEST_EVENT - 1]}…"


def _is_known(event_type: str) -> bool:
    return event_type in SLUGS or is_system(event_type) or get_handler(event_type) is not None


def _unknown(document: dict[str, Any], raw: bytes, eshop_id: str, event: str, time_zone: str) -> Delivery:
    written = document.get("eventInstance")
    instance = _instance(written) or ("" if written is None else json.dumps(written, ensure_ascii=False, default=str))
    told_at = _text(document.get("eventCreated"))
    try:
        created: datetime | None = _moment(told_at, time_zone)
    except BodyRefused:
        created = None
    # The whole name, not its beginning; and where the rest is missing, the whole body tells two of them apart.
    name = document["event"] if isinstance(document["event"], str) else event
    whole = bool(created and instance)
    event_id = event_id_of(eshop_id, name, told_at, instance) if whole else f"{eshop_id}:unknown:{hashlib.sha256(raw).hexdigest()}"
    return Delivery(event_id, event, eshop_id, storable(instance), created, storable(document), raw)


def event_id_of(eshop_id: str, event: str, created: str, instance: str) -> str:
    """Return what makes a delivery the same as another; hashed where its column could not hold it."""
    # The delivery log and the webhook may write the same offset with and without a colon; and the log's text is mended where it enters.
    event_id = str(storable(":".join((eshop_id, event, COLON_IN_OFFSET.sub(r"\1\2", created), instance))))
    if len(event_id) <= LONGEST_EVENT_ID and event_id.isprintable():
        return event_id
    return f"sha256:{hashlib.sha256(event_id.encode()).hexdigest()}"


def refused_id_of(eshop_id: str, raw: bytes) -> str:
    """Return what makes a body that cannot be read the same as another."""
    return f"{eshop_id}:refused:{hashlib.sha256(raw).hexdigest()}"


def _required(document: dict[str, Any], name: str, value: str) -> str:
    if name not in document or document[name] in (None, "", []):
        raise BodyRefused(f"The field {name} is missing.")
    if not value or "\x00" in value:
        raise BodyRefused(f"The field {name} cannot be read.")
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _identifier(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def _instance(value: Any) -> str:
    if isinstance(value, list):
        return json.dumps(value, separators=(",", ":"))
    return _identifier(value)


def _moment(text: str, time_zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        # Here, since at the ends of the calendar there is no such time in UTC.
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BodyRefused("The field eventCreated is not a time.") from error


def _as_it_is(value: Any) -> Any:
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
