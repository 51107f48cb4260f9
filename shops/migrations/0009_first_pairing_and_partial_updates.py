"""Who wins where a record was there first, and what BlueJet does with columns that an update does not name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shops", "0008_missing_sections")]

    operations = [
        migrations.AddField(
            model_name="bluejetaccount",
            name="partial_updates",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="what an update does to columns that it does not name"
            ),
        ),
        migrations.AddField(
            model_name="shop",
            name="first_pairing",
            field=models.CharField(
                choices=[("bluejet", "BlueJet's values stay, differences are shown"), ("shoptet", "the shop wins")],
                default="bluejet",
                help_text=(
                    "What becomes of a record that BlueJet already had when the portal met it first. "
                    "Later changes in the shop go over."
                ),
                max_length=10,
                verbose_name="first pairing",
            ),
        ),
    ]
