"""What may be said about an answer in an error or a log: no secret, no personal data."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[^\s\"'<>,;:=]+@[^\s\"'<>,;]+")
# International, or nine digits as Czech and Slovak numbers have; an order's code has ten and stays readable.
PHONE = re.compile(r"\+\d(?:[ -]?\d){7,}|\b\d{3}[ -]\d{3}[ -]\d{3}\b|\b[2-9]\d{8}\b")
LONG_TOKEN = re.compile(r"[A-Za-z0-9_\-]{32,}")
JSON_KEY = re.compile(r'"([A-Za-z_][\w.-]{0,40})"\s*:')
TAG = re.compile(r"<(?:script|style)\b.*?(?:</(?:script|style)>|$)|<[^>]*>", re.DOTALL | re.IGNORECASE)
SHORTEST_SECRET = 6
GUID = re.compile(r"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")


def scrub(text: str, secrets: tuple[str, ...] = (), *, longest: int = 300) -> str:
    """Return the text without the given secrets, e-mail addresses, phone numbers and tokens."""
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "…")
    text = EMAIL.sub("…@…", text)
    text = LONG_TOKEN.sub(_keep_guid, text)
    text = PHONE.sub("…", text)
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def describe_body(content: bytes, content_type: str, secrets: tuple[str, ...] = ()) -> str:
    """Tell in short what a body was: its type, its length, and how it begins.

    Of what looks like JSON only the field names are shown, since the values may be a customer's.
    """
    kind = content_type.partition(";")[0].strip() or "no content type"
    text = content[:4000].decode("utf-8", "replace").strip()
    return f"{scrub(kind, secrets, longest=60)}, {len(content)} bytes{_beginning(text, secrets)}"


def _beginning(text: str, secrets: tuple[str, ...]) -> str:
    if not text:
        return ""
    if text[0] in "{[":
        keys = list(dict.fromkeys(JSON_KEY.findall(text)))[:8]
        return f", fields {', '.join(keys)}" if keys else ", no fields"
    words = scrub(TAG.sub(" ", text), secrets, longest=100)
    return f", begins “{words}”" if words else ""


def _keep_guid(found: re.Match[str]) -> str:
    return found[0] if GUID.match(found[0]) else "…"
