"""A link keeps the values of lines, what a write carries while its end is not known, and what BlueJet holds otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0011_company_keys")]

    operations = [
        migrations.RemoveField(model_name="recordlink", name="seen_hash"),
        migrations.AddField(
            model_name="recordlink",
            name="seen",
            field=models.JSONField(blank=True, default=dict, verbose_name="what BlueJet holds otherwise"),
        ),
        migrations.AddField(
            model_name="recordlink",
            name="sending",
            field=models.JSONField(blank=True, default=dict, verbose_name="what a write carries whose end is not known"),
        ),
    ]
