"""What a page answers while the database is away or too busy: a sentence and 503, and no trace of a program."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import defaults

from shops.database_trouble import is_busy, is_lost

logger = logging.getLogger(__name__)
# Seconds after which the page looks by itself whether the database is back.
LOOK_AGAIN_AFTER = 10


class DatabaseAway:
    """Stand between the database's trouble and whoever asked for a page; the receiver answers for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a page that the database's trouble broke off; every other error is somebody else's."""
        if not (is_lost(error) or is_busy(error)):
            return None
        logger.warning("%s %s was not answered: %s", request.method, request.path, str(error).partition("\n")[0])
        return come_again(request, away=is_lost(error))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer where the trouble came before or after the page itself, as with the session's row; else as Django does."""
    error = sys.exc_info()[1]
    if is_lost(error) or is_busy(error):
        return come_again(request, away=is_lost(error))
    return defaults.server_error(request)


def come_again(request: HttpRequest, *, away: bool) -> HttpResponse:
    """Say in a sentence what is the matter, that nothing is lost and what to do; nothing here asks the database."""
    title = _("The database is away just now") if away else _("The database is too busy just now")
    context = {"title": title, "away": away, "sent": request.method == "POST", "seconds": LOOK_AGAIN_AFTER, "language": get_language()}
    if request.accepts("text/html"):
        answer = HttpResponse(render_to_string("portal/database_away.html", context), status=HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        answer = JsonResponse({"error": title}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = str(LOOK_AGAIN_AFTER)
    answer.headers["Cache-Control"] = "no-store"
    return answer
