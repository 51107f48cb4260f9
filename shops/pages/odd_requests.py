"""Answers what no page can mean: an address or a form with text that cannot be stored, or a number beyond every column."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import DataError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# What PostgreSQL takes into no text: the zero character, and halves of a character that was cut in two.
FOREIGN = re.compile("[\x00\ud800-\udfff]")
# No page asks so. A stranger's pattern is work without bounds for the database, and a range takes the letters of one text for its ends.
UNASKED = re.compile(r"__(i?regex|range)$")
# What the database says of a value that fits no column.
BEYOND = (DataError, OverflowError)
# What comes of a query that people do not get by clicking: a number that is none, a range of one end, half an expression.
UNREADABLE = (ValueError, TypeError, ProgrammingError, RecursionError)


class OddRequests:
    """Keep such requests from the staff's pages; the receiver judges its own bodies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponse | None:
        """Refuse what the request says where it cannot be stored, before any page looks it up."""
        if not _is_for_staff(request):
            return None
        odd = any(map(UNASKED.search, request.GET)) or any(map(FOREIGN.search, _said(request, args, kwargs)))
        return refusal(request) if odd else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Refuse what only the page or the database found to be no value; the log keeps the reason, in case it is our own defect."""
        if not _is_for_staff(request) or not isinstance(error, BEYOND + UNREADABLE if _is_asked_oddly(request) else BEYOND):
            return None
        logger.error("%s %s was refused: %s", request.method, request.path, error, exc_info=error)
        return refusal(request)


def _is_for_staff(request: HttpRequest) -> bool:
    return request.path_info.startswith(reverse("admin:index"))


def _is_asked_oddly(request: HttpRequest) -> bool:
    """Whether what went wrong may lie in the address or in the chosen rows; a form's fields are checked by the form."""
    return bool(request.GET) or ACTION_CHECKBOX_NAME in request.POST


def _said(request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[str]:
    """Yield every text of the path, the query and the form, names and values alike."""
    yield from (str(value) for value in (*args, *kwargs.values()))
    for given in (request.GET, request.POST):
        for name, values in given.lists():
            yield str(name)
            yield from map(str, values)


def refusal(request: HttpRequest) -> HttpResponse:
    """Say that the request holds what cannot be stored or looked for, and lead back."""
    context = {"title": _("This cannot be looked up or saved"), "sent": request.method == "POST", "back": _way_back(request)}
    answer = TemplateResponse(request, "portal/odd_request.html", admin.site.each_context(request) | context, status=400)
    return answer.render()


def _way_back(request: HttpRequest) -> str:
    """Return the same page without its query, or the first page where the path itself is odd."""
    return request.path if request.GET and not FOREIGN.search(request.path) else reverse("admin:index")
