"""The one page that belongs to no part: is the web process alive."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the web process answers; it asks neither the database nor a partner."""
    return JsonResponse({"status": "ok"})
