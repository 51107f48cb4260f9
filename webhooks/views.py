"""Where Shoptet's webhooks arrive.

200 the delivery is stored (or was before) · 400 signed, but of no use: stored as failed, and not worth repeating ·
401 not signed by the shop that it names · 405 not a POST · 413 too large · 503 could not be stored: Shoptet comes again.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from webhooks.raw_body import BodyBroken, BodyTooLarge, read_raw_body
from webhooks.receiving import receive

logger = logging.getLogger(__name__)

SIGNATURE = "HTTP_SHOPTET_WEBHOOK_SIGNATURE"


class JsonWhateverIsAccepted(BaseContentNegotiation):
    """Answer JSON without reading Accept: a sender must never be told 406."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


# A view's own transaction would hold the answer's 200 and the row apart.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
@method_decorator(login_not_required, name="dispatch")
class ShoptetWebhookView(APIView):
    """Take in one delivery. The body's `event` decides what it is; the slug is for people."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = JsonWhateverIsAccepted
    http_method_names = ["post"]
    schema = None

    def post(self, request: Request, slug: str = "") -> HttpResponse:
        """Answer at once; the work is done by others."""
        http_request: HttpRequest = request._request
        try:
            verdict = receive(read_raw_body(http_request), http_request.META.get(SIGNATURE, ""))
        except BodyTooLarge:
            return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Body too large")
        except BodyBroken as error:
            logger.warning("A delivery broke off: %s.", error)
            return _answer(HTTPStatus.BAD_REQUEST, "Body broken off")
        except (OperationalError, InterfaceError):
            logger.exception("A delivery could not be stored.")
            return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "Not stored, try again later")
        return _answer(verdict.status, verdict.error)


def _answer(status: HTTPStatus, error: str = "") -> HttpResponse:
    content = json.dumps({"error": error}) if error else '{"status": "ok"}'
    return HttpResponse(content, status=status, content_type="application/json")
