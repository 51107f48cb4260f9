"""A flow has a beginning: what is live begins with its shop. What a person says of held work is kept with the flow."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def begin_what_is_live(apps: Any, schema_editor: Any) -> None:
    """From the shop's first day, so that catch-up finds what was lost before this version, too."""
    settings, shops = apps.get_model("shops", "FlowSetting"), apps.get_model("shops", "Shop")
    created = shops.objects.filter(pk=OuterRef("shop_id")).values("created_at")[:1]
    settings.objects.filter(mode="live", begins_at__isnull=True).update(begins_at=Subquery(created))


class Migration(migrations.Migration):
    dependencies = [("shops", "0009_first_pairing_and_partial_updates")]

    operations = [
        migrations.AddField(
            "flowsetting", "begins_at", models.DateTimeField("brings changes over since", null=True, blank=True, editable=False)
        ),
        migrations.AddField("flowsetting", "release_to", models.DateTimeField(null=True, blank=True, editable=False)),
        migrations.AddField("flowsetting", "release_from", models.DateTimeField(null=True, blank=True, editable=False)),
        migrations.RunPython(begin_what_is_live, migrations.RunPython.noop),
    ]
