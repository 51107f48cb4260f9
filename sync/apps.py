"""The sync app: at start-up it tells the inbox and the mappings what to call."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncConfig(AppConfig):
    """Register with the rooms that must not know this one."""

    name = "sync"
    verbose_name = _("Synchronisation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries."""
        from mappings import changes, known_values
        from sync.columns import columns_for, marks_for
        from sync.events import register_handlers
        from sync.unmapped import mapped

        register_handlers()
        changes.register(mapped)
        known_values.register_columns(columns_for)
        known_values.register_marks(marks_for)
