"""Create the staff's groups once; from then on they are the administrator's to edit."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

from sync.staff_groups import create_groups


def create(apps: Any, schema_editor: Any) -> None:
    """Make the permissions first: Django itself makes them only after the last migration."""
    for app in apps.get_app_configs():
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        app.models_module = None
    create_groups(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"))


class Migration(migrations.Migration):
    """Runs after every model that a permission is about."""

    dependencies = [
        ("sync", "0003_permissions"),
        ("webhooks", "0003_replay_permission"),
        ("shops", "0002_renewal_and_addon"),
        ("mappings", "0002_sentences_and_constants"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
