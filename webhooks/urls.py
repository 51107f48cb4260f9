"""Where Shoptet's webhooks arrive: with `/api` and without, with a slug and without, with a closing slash and without."""

from __future__ import annotations

from django.urls import re_path

from webhooks.views import ShoptetWebhookView

app_name = "webhooks"

urlpatterns = [
    re_path(r"^(?:api/)?webhooks/shoptet(?:/(?P<slug>[-\w]+))?/?$", ShoptetWebhookView.as_view(), name="shoptet"),
]
