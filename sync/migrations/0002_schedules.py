"""Create the schedules once; from then on they are the staff's to edit or delete."""

from typing import Any

from django.db import migrations

from sync.schedules import create_schedules


def create(apps: Any, schema_editor: Any) -> None:
    """Make the rows that beat works by."""
    names = ("PeriodicTask", "CrontabSchedule", "IntervalSchedule")
    create_schedules(*(apps.get_model("django_celery_beat", name) for name in names))


class Migration(migrations.Migration):
    """Runs after celery-beat's own tables are complete."""

    dependencies = [
        ("sync", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
