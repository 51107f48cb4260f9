"""The staff's site: its name, and a sidebar in the order in which people work, not in the order of packages."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Page(NamedTuple):
    """A page of the sidebar that is no model's list: its name, its address by name, and who may open it."""

    name: Promise
    label: str
    address: str
    permission: str


class Group(NamedTuple):
    """One heading of the sidebar, the pages and the models under it (as `app.model`)."""

    name: Promise
    label: str
    models: tuple[str, ...]
    pages: tuple[Page, ...] = ()


GROUPS = (
    Group(
        _("Traffic"),
        "traffic",
        (
            "webhooks.webhookevent",
            "sync.syncjob",
            "sync.unmappedvalue",
            "sync.syncrun",
            "sync.recordlink",
            "sync.syncattempt",
            "sync.breaker",
        ),
    ),
    Group(
        _("Mappings"),
        "mappings",
        (
            "mappings.fieldmapping",
            "mappings.statusmapping",
            "mappings.categorymapping",
            "mappings.paymentmapping",
            "mappings.paymentstatemapping",
            "mappings.shippingmapping",
            "mappings.warehousemapping",
            "mappings.pricelistmapping",
            "mappings.customergroupmapping",
            "mappings.partnervalue",
            "sync.rulesetting",
            "mappings.mappingversion",
        ),
        (Page(_("Mapping workbench"), "Workbench", "workbench:start", "mappings.view_fieldmapping"),),
    ),
    Group(_("Settings"), "settings", ("shops.shop", "shops.bluejetaccount", "django_celery_beat.periodictask")),
    Group(_("People"), "people", ("auth.user", "auth.group")),
)
# Kinds of schedule that are reached from a scheduled task's own form.
WITHOUT_ENTRY = (
    "django_celery_beat.clockedschedule",
    "django_celery_beat.crontabschedule",
    "django_celery_beat.intervalschedule",
    "django_celery_beat.solarschedule",
)


class PortalAdminSite(AdminSite):
    """Django's admin under the product's name."""

    site_header = "Shoptet ↔ BlueJet"
    site_title = "Shoptet ↔ BlueJet"
    index_title = _("Overview")
    site_url = None
    empty_value_display = "–"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the sidebar's groups; one app's own page keeps Django's list."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {f"{app['app_label']}.{model['object_name'].lower()}": model for app in apps for model in app["models"]}
        groups = [
            _entry(group, [*_pages(group, request), *(models.pop(name) for name in group.models if name in models)]) for group in GROUPS
        ]
        left = [models[name] for name in models if name not in WITHOUT_ENTRY]
        groups.append(_entry(Group(_("Other"), "other", ()), left))
        return [group for group in groups if group["models"]]


def _pages(group: Group, request: HttpRequest) -> list[dict[str, Any]]:
    """Return the group's pages as the sidebar's template takes them: like models that nothing can be added to."""
    return [
        {"name": page.name, "object_name": page.label, "admin_url": reverse(page.address), "add_url": None}
        for page in group.pages
        if request.user.has_perm(page.permission)
    ]


def _entry(group: Group, models: list[Any]) -> dict[str, Any]:
    return {"name": group.name, "app_label": group.label, "app_url": "", "has_module_perms": True, "models": models}
