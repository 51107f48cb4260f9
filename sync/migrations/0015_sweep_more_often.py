"""Sweep every ten seconds, so that what a killed worker held is worked on again within a minute; rows that staff edited stay."""

from typing import Any

from django.db import migrations

from sync.schedules import sweep_more_often


def change(apps: Any, schema_editor: Any) -> None:
    """Change the rows that are as they once were made."""
    sweep_more_often(*(apps.get_model("django_celery_beat", name) for name in ("PeriodicTask", "IntervalSchedule", "PeriodicTasks")))


class Migration(migrations.Migration):
    """Runs after celery-beat's own tables are complete."""

    dependencies = [
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ("sync", "0014_claims"),
    ]
    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
