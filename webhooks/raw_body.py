"""Reads a request's body as the bytes that were signed, and no more of them than is allowed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

LARGEST_BODY = 10 * 1024 * 1024
# A sender that is cut off while it writes never reads the answer; beyond this it is.
MOST_DISCARDED = 4 * LARGEST_BODY
PIECE = 64 * 1024


class BodyTooLarge(Exception):
    """Say that the body is larger than 10 MB."""


class BodyBroken(Exception):
    """Say that the body did not come as its sender announced it, or not to its end."""


def read_raw_body(request: HttpRequest) -> bytes:
    """Return the body; raise BodyTooLarge without keeping one that is too large, BodyBroken for one that cannot be read."""
    try:
        return _read(request)
    except BodyTooLarge:
        raise
    except Exception as error:
        # What a server raises for a chunk that is none, or for a sender that went away, is the server's own type.
        raise BodyBroken(type(error).__name__) from error


def _read(request: HttpRequest) -> bytes:
    announced = request.META.get("CONTENT_LENGTH") or ""
    # Django reads as much as Content-Length says, which a body in chunks does not have.
    chunked = not announced and request.META.get("wsgi.input_terminated")
    stream: Any = request.META["wsgi.input"] if chunked else request
    if announced.isdecimal() and int(announced) > LARGEST_BODY:
        _discard(stream)
        raise BodyTooLarge
    body: bytes = stream.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        _discard(stream)
        raise BodyTooLarge
    return body


def _discard(stream: Any) -> None:
    left = MOST_DISCARDED
    while left > 0:
        piece = stream.read(PIECE)
        if not piece:
            return
        left -= len(piece)
