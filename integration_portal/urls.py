"""Every address of the portal."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from integration_portal.views import healthz

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/sync/workbench/", include("sync.workbench.urls")),
    path("admin/", admin.site.urls),
    path("", include("webhooks.urls")),
]
handler500 = "shops.pages.database_away.server_error"
