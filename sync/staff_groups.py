"""The two groups that staff come in: the office, who put records right, and the technician, who sets the portal up."""

from __future__ import annotations

from typing import Any

VIEWED = (
    "shops.shop",
    "shops.bluejetaccount",
    "shops.flowsetting",
    "webhooks.webhookevent",
    "webhooks.webhookregistration",
    "webhooks.quarantineddelivery",
    "sync.syncjob",
    "sync.syncattempt",
    "sync.syncrun",
    "sync.syncchunk",
    "sync.recordlink",
    "sync.unmappedvalue",
    "sync.waitingjob",
    "sync.breaker",
    "mappings.mappingversion",
    "mappings.partnervalue",
    "mappings.partnerlist",
)
TABLES = (
    "mappings.fieldmapping",
    "mappings.categorymapping",
    "mappings.statusmapping",
    "mappings.paymentmapping",
    "mappings.paymentstatemapping",
    "mappings.shippingmapping",
    "mappings.warehousemapping",
    "mappings.pricelistmapping",
    "mappings.customergroupmapping",
    "mappings.tablepolicy",
    "sync.rulesetting",
)
SETTINGS = (
    "shops.shop",
    "shops.bluejetaccount",
    "shops.flowsetting",
    "django_celery_beat.periodictask",
    "django_celery_beat.crontabschedule",
    "django_celery_beat.intervalschedule",
)
BUTTONS = ("webhooks.replay_event", "sync.replay_job", "sync.start_run", "mappings.activate_mapping")
OFFICE, TECHNICIAN = "Office", "Technician"


def permissions_of(group: str) -> set[str]:
    """Return a group's permissions, as `app.codename`."""
    edited = TABLES if group == OFFICE else TABLES + SETTINGS
    everything = {_permission(model, verb) for model in edited for verb in ("view", "add", "change", "delete")}
    return everything | {_permission(model, "view") for model in VIEWED} | set(BUTTONS)


def create_groups(group_model: Any, permission_model: Any) -> None:
    """Create the groups that are missing and give them their permissions; what staff added to a group stays.

    The models are given, so that the migration that calls this can hand over those of its own time.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permission_model.objects.select_related("content_type")
    }
    for name in (OFFICE, TECHNICIAN):
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.add(*(known[wanted] for wanted in sorted(permissions_of(name)) if wanted in known))


def grant(group_model: Any, permission_model: Any, permission: str) -> None:
    """Give both groups a permission that came later; what the administrator made of them otherwise stays."""
    app, _, codename = permission.partition(".")
    wanted = permission_model.objects.get(content_type__app_label=app, codename=codename)
    for group in group_model.objects.filter(name__in=[OFFICE, TECHNICIAN]):
        group.permissions.add(wanted)


def grant_models(group_model: Any, permission_model: Any, models: tuple[str, ...]) -> None:
    """Give the two groups their permissions for models that came later; every other permission stays as it is."""
    names = [model.partition(".")[2] for model in models]
    for group in group_model.objects.filter(name__in=(OFFICE, TECHNICIAN)):
        wanted = permissions_of(group.name)
        for permission in permission_model.objects.select_related("content_type").filter(content_type__model__in=names):
            if f"{permission.content_type.app_label}.{permission.codename}" in wanted:
                group.permissions.add(permission)


def _permission(model: str, verb: str) -> str:
    app, _, name = model.partition(".")
    return f"{app}.{verb}_{name}"
