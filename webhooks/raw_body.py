"""Reads a request's body as the bytes that were signed, and no more of them than is allowed."""

from __future__ import annotations

from django.http import HttpRequest

LARGEST_BODY = 10 * 1024 * 1024


class BodyTooLarge(Exception):
    """Say that the body is larger than 10 MB; it was not read to its end."""


def read_raw_body(request: HttpRequest) -> bytes:
    """Return the body; raise BodyTooLarge without reading one that announces too much."""
    announced = request.META.get("CONTENT_LENGTH") or ""
    if announced.isdecimal() and int(announced) > LARGEST_BODY:
        raise BodyTooLarge
    # Django reads as much as Content-Length says, which a body in chunks does not have.
    chunked = not announced and request.META.get("wsgi.input_terminated")
    stream = request.META["wsgi.input"] if chunked else request
    body: bytes = stream.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise BodyTooLarge
    return body
