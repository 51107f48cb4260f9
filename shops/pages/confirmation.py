"""The page between a person and something that happens to many records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

# More at once would keep the request busy for longer than a browser waits.
MOST_AT_ONCE = 500


def chosen_keys(queryset: QuerySet) -> list[int]:
    """Return the newest of the chosen rows; what is confirmed later is exactly these."""
    return list(queryset.order_by("-pk").values_list("pk", flat=True)[:MOST_AT_ONCE])


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has seen the confirmation and agreed."""
    return request.POST.get("confirmed") == "yes"


def ask_for_many(
    page: admin.ModelAdmin,
    request: HttpRequest,
    *,
    action: str,
    keys: Iterable[int],
    title: object,
    sentences: Iterable[object],
    button: object,
    examples: Iterable[object] = (),
) -> TemplateResponse:
    """Show what will happen to how many, and repeat the very same choice once it is confirmed."""
    hidden = [("action", action), *((ACTION_CHECKBOX_NAME, key) for key in keys)]
    return ask(page, request, title=title, sentences=sentences, button=button, hidden=hidden, examples=examples)


def ask(
    page: admin.ModelAdmin,
    request: HttpRequest,
    *,
    title: object,
    sentences: Iterable[object],
    button: object,
    hidden: Iterable[tuple[str, object]],
    examples: Iterable[object] = (),
    extra: Mapping[str, Any] | None = None,
) -> TemplateResponse:
    """Show a confirmation whose button posts `hidden` to the same address again."""
    context = {
        "opts": page.opts,
        "title": title,
        "sentences": list(sentences),
        "button": button,
        "hidden": list(hidden),
        "examples": list(examples),
    }
    return TemplateResponse(request, "portal/confirm.html", page.admin_site.each_context(request) | context | dict(extra or {}))
