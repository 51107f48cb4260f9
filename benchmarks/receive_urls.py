"""The portal's addresses, and beside them a bare Django view that inserts one row: what the receiver is measured against."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from integration_portal.urls import urlpatterns as portal
from webhooks.models import WebhookEvent


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    """Insert what was posted, and nothing else."""
    WebhookEvent.objects.create(event_id=uuid.uuid4().hex, event_type="bare", eshop_id="1", raw_body=request.body, status="ignored")
    return HttpResponse('{"status": "ok"}', content_type="application/json")


urlpatterns = [path("bare", bare), *portal]
