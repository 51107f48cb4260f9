"""The addresses of the workbench, under the admin."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from sync.workbench.pages import activation, affected, desk, offers, trial

app_name = "workbench"
guarded = admin.site.admin_view

urlpatterns = [
    path("", guarded(desk.start), name="start"),
    path("<int:shop_id>/", guarded(desk.first_table), name="shop"),
    path("<int:shop_id>/effect/", guarded(activation.effect), name="effect"),
    path("<int:shop_id>/activate/", guarded(activation.activate_draft), name="activate"),
    path("<int:shop_id>/discard/", guarded(activation.discard), name="discard"),
    path("<int:shop_id>/rebase/", guarded(activation.rebase), name="rebase"),
    path("<int:shop_id>/offers/", guarded(offers.offers), name="offers"),
    path("<int:shop_id>/versions/<int:number>/put-back/", guarded(activation.put_version_back), name="put_back"),
    path("<int:shop_id>/versions/<int:number>/apply/", guarded(affected.apply), name="apply"),
    path("<int:shop_id>/<str:entity>/", guarded(desk.table), name="table"),
    path("<int:shop_id>/<str:entity>/fetch/", guarded(trial.fetch), name="fetch"),
    path("<int:shop_id>/<str:entity>/preview/", guarded(trial.preview), name="preview"),
]
