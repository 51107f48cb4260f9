"""Keep BlueJet's columns, and read them and the exchange rates every morning."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from sync.schedules import create_schedules

NEW = ("16_Exchange_Rates", "17_BlueJet_Columns")


def create(apps: Any, schema_editor: Any) -> None:
    """Make the two rows that are new; the others are the staff's by now."""
    names = ("PeriodicTask", "CrontabSchedule", "IntervalSchedule")
    for name in NEW:
        create_schedules(*(apps.get_model("django_celery_beat", model) for model in names), only=name)


class Migration(migrations.Migration):
    """Runs after celery-beat's own tables are complete."""

    dependencies = [
        ("django_celery_beat", "0019_alter_periodictasks_options"),
        ('shops', '0003_exchange_rates'),
        ('sync', '0006_samples'),
    ]

    operations = [
        migrations.CreateModel(
            name='BlueJetColumn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='column')),
                ('type', models.CharField(choices=[('unknown', 'always empty so far'), ('text', 'text'), ('number', 'number'), ('amount', 'number with decimal places'), ('yes_no', 'yes or no'), ('moment', 'date or time'), ('id', 'id of a record'), ('structure', 'list or object')], default='unknown', max_length=10, verbose_name='type')),
                ('read_only', models.BooleanField(default=False, verbose_name='read-only')),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='columns', to='shops.bluejetaccount', verbose_name='BlueJet account')),
            ],
            options={
                'verbose_name': 'column of BlueJet',
                'verbose_name_plural': 'columns of BlueJet',
                'ordering': ['account', 'kind', 'name'],
                'constraints': [models.UniqueConstraint(fields=('account', 'kind', 'name'), name='one_row_per_column')],
            },
        ),
        migrations.CreateModel(
            name='ColumnReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='records looked at')),
                ('error', models.TextField(blank=True, default='', verbose_name='error')),
                ('read_at', models.DateTimeField(verbose_name='read')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='column_readings', to='shops.bluejetaccount', verbose_name='BlueJet account')),
            ],
            options={
                'verbose_name': 'reading of columns',
                'verbose_name_plural': 'readings of columns',
                'ordering': ['account', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('account', 'kind'), name='one_reading_per_kind')],
            },
        ),
        migrations.RunPython(create, migrations.RunPython.noop),
    ]
