"""Who may do what: every page, button and action of the staff's site with the right that it takes."""

from __future__ import annotations

from typing import Any, NamedTuple

from mappings.choices import MODEL_OF_TABLE

# Rights that are no permission: everybody, whoever may log in here, nobody at all, and what no page takes (405).
EVERYBODY, STAFF, NOBODY, REFUSED = "everybody", "staff", "nobody", "refused"
TABLE_MODELS = sorted({model._meta.model_name for model in MODEL_OF_TABLE.values()} | {"fieldmapping"})
ALL_TABLES = tuple(f"mappings.{verb}_{model}" for model in TABLE_MODELS for verb in ("add", "change", "delete"))
SEEN_TABLES = tuple(f"mappings.view_{model}" for model in TABLE_MODELS)


class Page(NamedTuple):
    """What looking takes, what posting takes, and what is posted; several rights are all needed."""

    get: str | tuple[str, ...]
    post: str | tuple[str, ...]
    data: dict[str, Any] = {}  # noqa: RUF012 - never changed


def look(right: str) -> Page:
    """A page that only shows something; posting to it shows it again or is refused."""
    return Page(right, right)


def button(right: str | tuple[str, ...], **data: Any) -> Page:
    """A button: looking at its address is no pressing."""
    return Page(REFUSED, right, data)


LOOK, EDIT, ACTIVATE = "mappings.view_fieldmapping", "mappings.change_fieldmapping", "mappings.activate_mapping"

PAGES: dict[str, Page] = {
    "healthz": look(EVERYBODY),
    "set_language": Page(EVERYBODY, EVERYBODY, {"language": "cs"}),
    "webhooks:shoptet": Page(REFUSED, EVERYBODY),  # a stranger's body is 401, whoever is logged in
    "admin:index": look(STAFF),
    "admin:login": look(EVERYBODY),
    "admin:logout": button(EVERYBODY),
    "admin:password_change": look(STAFF),
    "admin:password_change_done": Page(STAFF, REFUSED),
    "admin:jsi18n": Page(STAFF, REFUSED),
    "admin:autocomplete": Page(NOBODY, REFUSED),
    "admin:view_on_site": look(STAFF),
    "admin:auth_user_password_change": look("auth.change_user"),
    "workbench:start": look(LOOK),
    "workbench:shop": look(LOOK),
    "workbench:effect": Page(LOOK, REFUSED),
    "workbench:activate": button(ACTIVATE),
    "workbench:discard": Page(EDIT, EDIT),
    "workbench:rebase": button(EDIT),
    "workbench:offers": Page(LOOK, EDIT),
    "workbench:put_back": Page(ACTIVATE, ACTIVATE),
    "workbench:apply": Page("sync.replay_job", "sync.replay_job"),
    "workbench:table": Page(LOOK, EDIT, {"do": "save"}),
    "workbench:fetch": button(LOOK),
    "workbench:preview": button(LOOK),
    "admin:mappings_fieldmapping_install": button("mappings.add_fieldmapping"),
    "admin:mappings_transfer": Page(LOOK, REFUSED),
    "admin:mappings_pack_export": Page(SEEN_TABLES, REFUSED),
    "admin:mappings_table_export": Page("mappings.view_statusmapping", REFUSED),
    "admin:mappings_pack_import": button(ALL_TABLES),
    "admin:mappings_table_import": button(ALL_TABLES),
    "admin:mappings_categorymapping_tree": look("mappings.view_categorymapping"),
    "admin:mappings_mappingversion_compare": look("mappings.view_mappingversion"),
    "admin:mappings_partnervalue_refresh": button(EDIT),
    "admin:mappings_partnervalue_suggestions": Page(
        "mappings.view_partnervalue",
        ("mappings.view_partnervalue", "mappings.add_categorymapping"),
        {"table": "category", "chosen": "3", "confirmed": "yes"},
    ),
    "admin:webhooks_webhookevent_replay": button("webhooks.replay_event"),
    "admin:shops_bluejetaccount_columns": look("shops.view_bluejetaccount"),
    "admin:shops_bluejetaccount_read_columns": button(EDIT),
    "admin:shops_bluejetaccount_test": button("shops.change_bluejetaccount"),
    "admin:shops_shop_webhooks": look("shops.view_shop"),
    "admin:shops_shop_held": Page("shops.view_shop", ("shops.view_shop", "shops.change_flowsetting")),
    "admin:shops_shop_test": button("shops.change_shop"),
    "admin:shops_shop_register": button("shops.change_shop"),
    "admin:shops_shop_renew_key": button("shops.change_shop"),
    "admin:shops_shop_stock_meaning": button("shops.change_shop"),
    "admin:sync_syncjob_replay": button("sync.replay_job"),
    "admin:sync_syncrun_start": Page("sync.start_run", "sync.start_run", {"flow": "order_to_bluejet", "mode": "full", "confirmed": "yes"}),
    "admin:sync_syncrun_cancel": button("sync.start_run"),
    "admin:sync_unmappedvalue_map": button(("sync.view_unmappedvalue", "mappings.add_statusmapping")),
    "admin:sync_unmappedvalue_policies": look("mappings.change_tablepolicy"),
    "admin:app_list": look("shops.view_shop"),
    # Where a line differs from its model's: a shop with traffic is not deleted, and a partner's row has no page of its own.
    "admin:shops_shop_delete": look(NOBODY),
    "admin:sync_breaker_change": Page(NOBODY, REFUSED),
    "admin:sync_breaker_history": look(NOBODY),
}

# What a list with forms takes, and one that only shows what the portal wrote.
EDITED, RECORD = "edited", "record"
MODELS: dict[str, str] = {
    "auth.group": EDITED,
    "auth.user": EDITED,
    "django_celery_beat.clockedschedule": EDITED,
    "django_celery_beat.crontabschedule": EDITED,
    "django_celery_beat.solarschedule": EDITED,
    "django_celery_beat.intervalschedule": EDITED,
    "django_celery_beat.periodictask": EDITED,
    "mappings.categorymapping": EDITED,
    "mappings.customergroupmapping": EDITED,
    "mappings.fieldmapping": RECORD,
    "mappings.mappingversion": RECORD,
    "mappings.partnervalue": RECORD,
    "mappings.paymentmapping": EDITED,
    "mappings.paymentstatemapping": EDITED,
    "mappings.pricelistmapping": EDITED,
    "mappings.shippingmapping": EDITED,
    "mappings.statusmapping": EDITED,
    "mappings.warehousemapping": EDITED,
    "shops.bluejetaccount": EDITED,
    "shops.shop": EDITED,
    "sync.breaker": RECORD,
    "sync.recordlink": RECORD,
    "sync.rulesetting": RECORD,
    "sync.syncattempt": RECORD,
    "sync.syncjob": RECORD,
    "sync.syncrun": RECORD,
    "sync.unmappedvalue": RECORD,
    "webhooks.webhookevent": RECORD,
}
# Every action of every list but Django's deletion, which takes the right to delete.
ACTIONS: dict[tuple[str, str], str] = {
    ("webhooks.webhookevent", "replay_selected"): "webhooks.replay_event",
    ("sync.syncjob", "replay_selected"): "sync.replay_job",
    ("mappings.mappingversion", "compare_chosen"): "mappings.view_mappingversion",
    ("django_celery_beat.periodictask", "enable_tasks"): "django_celery_beat.change_periodictask",
    ("django_celery_beat.periodictask", "disable_tasks"): "django_celery_beat.change_periodictask",
    ("django_celery_beat.periodictask", "toggle_tasks"): "django_celery_beat.change_periodictask",
    ("django_celery_beat.periodictask", "run_tasks"): "django_celery_beat.change_periodictask",
}
