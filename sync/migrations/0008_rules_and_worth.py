"""Rules that staff set, what waiting orders are worth, the daily reading of the partners' lists, and the right to all of it."""

from typing import Any

import django.db.models.deletion
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from sync.schedules import create_schedules
from sync.staff_groups import grant_models

NEW = (
    "mappings.partnerlist",
    "mappings.partnervalue",
    "mappings.paymentstatemapping",
    "mappings.tablepolicy",
    "sync.rulesetting",
)


def schedule(apps: Any, schema_editor: Any) -> None:
    """Add the one schedule that is new; one that staff deleted stays deleted."""
    names = ("PeriodicTask", "CrontabSchedule", "IntervalSchedule")
    create_schedules(*(apps.get_model("django_celery_beat", name) for name in names), only="15_Partner_Values")


def permit(apps: Any, schema_editor: Any) -> None:
    """Give the groups what they need for the new models."""
    for app in apps.get_app_configs():
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        app.models_module = None
    grant_models(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"), NEW)


class Migration(migrations.Migration):

    dependencies = [
        ('shops', '0002_renewal_and_addon'),
        ('sync', '0007_columns'),
        ('mappings', '0003_tables_of_values'),
    ]

    operations = [
        migrations.AddField(
            model_name='waitingjob',
            name='worth',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='worth in CZK'),
        ),
        migrations.CreateModel(
            name='RuleSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='rule')),
                ('setting', models.CharField(choices=[('error', 'holds the record'), ('warning', 'goes along as a warning'), ('off', 'is not looked at')], max_length=10, verbose_name='setting')),
                ('changed_by', models.CharField(blank=True, default='', max_length=150, verbose_name='changed by')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rule_settings', to='shops.shop', verbose_name='shop')),
            ],
            options={
                'verbose_name': 'rule',
                'verbose_name_plural': 'rules',
                'ordering': ['shop', 'code'],
                'constraints': [models.UniqueConstraint(fields=('shop', 'code'), name='one_setting_per_rule')],
            },
        ),
        migrations.RunPython(schedule, migrations.RunPython.noop),
        migrations.RunPython(permit, migrations.RunPython.noop),
    ]
