"""What comes while a flow is not live is held; a flow that was live before this version is known by its cursor or by what it wrote."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

KINDS = {
    "product_to_bluejet": ("product",),
    "stock_to_bluejet": ("stock_card",),
    "customer_to_bluejet": ("contact", "company", "address"),
    "order_to_bluejet": ("offer", "order"),
}


def begin_what_was_live(apps: Any, schema_editor: Any) -> None:
    settings, links = apps.get_model("shops", "FlowSetting"), apps.get_model("sync", "RecordLink")
    for setting in settings.objects.filter(begins_at__isnull=True).select_related("shop"):
        written = links.objects.filter(shop_id=setting.shop_id, kind__in=KINDS.get(setting.flow, ())).exclude(bluejet_id="")
        if setting.cursor.get("since") or setting.cursor.get("caught_up") or written.exists():
            settings.objects.filter(pk=setting.pk).update(begins_at=setting.shop.created_at)


class Migration(migrations.Migration):
    dependencies = [("sync", "0013_run_left_out"), ("shops", "0010_flows_begin")]

    operations = [
        migrations.AddField("syncjob", "asked_at", models.DateTimeField("last asked", null=True, blank=True)),
        migrations.AlterField(
            "syncjob",
            "state",
            models.CharField(
                "state",
                max_length=10,
                default="queued",
                choices=[
                    ("queued", "queued"),
                    ("running", "running"),
                    ("done", "done"),
                    ("waiting", "waiting"),
                    ("parked", "parked"),
                    ("failed", "failed"),
                    ("held", "held"),
                ],
            ),
        ),
        migrations.RunPython(begin_what_was_live, migrations.RunPython.noop),
    ]
