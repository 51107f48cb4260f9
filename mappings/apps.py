"""The mappings app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MappingsConfig(AppConfig):
    """Name the app for the admin; after an update, let the shops follow the default rows that came with it."""

    name = "mappings"
    verbose_name = _("Mappings")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow once the tables are as the code knows them."""
        post_migrate.connect(_follow_packs, sender=self, dispatch_uid="mappings.follow_packs")


def _follow_packs(using: str, **_facts: Any) -> None:
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    from mappings.following import follow_packs

    # Where only some migrations were asked for, or taken back, the tables are not yet what the code knows.
    loader = MigrationLoader(connections[using])
    if all(node in loader.applied_migrations for node in loader.graph.leaf_nodes()):
        follow_packs()
