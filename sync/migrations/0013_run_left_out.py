"""A run names the rows of Shoptet's list that it could not read."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0012_only_what_changed")]

    operations = [
        migrations.AddField("syncrun", "left_out", models.JSONField("what is wrong with them", default=list, blank=True)),
    ]
