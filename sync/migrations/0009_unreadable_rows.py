"""A run tells how many rows of Shoptet's list it could not read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0008_rules_and_worth"),
    ]

    operations = [
        migrations.AddField(
            model_name="syncrun",
            name="unreadable",
            field=models.PositiveIntegerField(default=0, verbose_name="unreadable rows of the list"),
        ),
    ]
