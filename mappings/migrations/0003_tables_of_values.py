"""The partners' own values, what a table does without a row, and the states of a payment as a table."""

import django.db.models.deletion
from django.db import migrations, models


OLD = {"source": "paid", "transform__startswith": "bool_text:"}


def look_payment_states_up(apps, schema_editor):
    """Let the rows that say whether an order is paid ask the new table first; without rows in it they say what they said."""
    rows = apps.get_model("mappings", "FieldMapping").objects.filter(entity="order", target__in=("stavuhrady", "paymentStatus"), **OLD)
    for row in rows:
        row.source = "not_null(paid, 'unknown')"
        row.transform = row.transform.replace("bool_text:", "payment_state:", 1)
        row.save(update_fields=["source", "transform"])


class Migration(migrations.Migration):

    dependencies = [
        ('mappings', '0002_sentences_and_constants'),
        ('shops', '0002_renewal_and_addon'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartnerList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('shoptet', 'Shoptet'), ('bluejet', 'BlueJet')], max_length=10, verbose_name='side')),
                ('table', models.CharField(max_length=30, verbose_name='table')),
                ('origin', models.CharField(choices=[('list', "the partner's own list"), ('used', "values found in the partner's records")], max_length=10, verbose_name='where from')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read')),
                ('error', models.CharField(blank=True, default='', max_length=500, verbose_name='error')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partner_lists', to='shops.shop', verbose_name='shop')),
            ],
            options={
                'verbose_name': 'list of a partner',
                'verbose_name_plural': 'lists of the partners',
                'ordering': ['shop', 'table', 'side'],
                'constraints': [models.UniqueConstraint(fields=('shop', 'side', 'table'), name='one_list_per_side_and_table')],
            },
        ),
        migrations.CreateModel(
            name='PartnerValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('shoptet', 'Shoptet'), ('bluejet', 'BlueJet')], max_length=10, verbose_name='side')),
                ('table', models.CharField(max_length=30, verbose_name='table')),
                ('value', models.CharField(max_length=255, verbose_name='value')),
                ('name', models.CharField(blank=True, default='', max_length=255, verbose_name='name')),
                ('parent', models.CharField(blank=True, default='', max_length=255, verbose_name='parent')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='position')),
                ('seen_at', models.DateTimeField(verbose_name='last seen')),
                ('vanished_at', models.DateTimeField(blank=True, null=True, verbose_name='vanished')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partner_values', to='shops.shop', verbose_name='shop')),
            ],
            options={
                'verbose_name': 'value of a partner',
                'verbose_name_plural': 'values of the partners',
                'ordering': ['shop', 'table', 'side', 'position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('shop', 'side', 'table', 'value'), name='one_row_per_partner_value')],
            },
        ),
        migrations.CreateModel(
            name='PaymentStateMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shoptet_id', models.CharField(max_length=255, verbose_name='Shoptet id')),
                ('shoptet_name', models.CharField(blank=True, default='', max_length=255, verbose_name='name in Shoptet')),
                ('bluejet_value', models.CharField(max_length=255, verbose_name='value in BlueJet')),
                ('bluejet_name', models.CharField(blank=True, default='', max_length=255, verbose_name='name in BlueJet')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='shops.shop', verbose_name='shop')),
            ],
            options={
                'verbose_name': 'payment state mapping',
                'verbose_name_plural': 'payment state mappings',
                'ordering': ['shop', 'shoptet_name', 'shoptet_id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('shop', 'shoptet_id'), name='one_payment_state_per_shoptet_id', violation_error_message='This payment state already has a row; change that one.')],
            },
        ),
        migrations.CreateModel(
            name='TablePolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=30, verbose_name='table')),
                ('missing', models.CharField(choices=[('park', 'hold the record until the value is mapped'), ('default', 'use a default')], max_length=10, verbose_name='where a row is missing')),
                ('default_value', models.CharField(blank=True, default='', max_length=255, verbose_name='default')),
                ('document', models.CharField(blank=True, choices=[('offer', 'Nabídka'), ('order', 'Objednávka')], default='', max_length=10, verbose_name='document')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='table_policies', to='shops.shop', verbose_name='shop')),
            ],
            options={
                'verbose_name': 'policy of a table',
                'verbose_name_plural': 'policies of the tables',
                'ordering': ['shop', 'table'],
                'constraints': [models.UniqueConstraint(fields=('shop', 'table'), name='one_policy_per_table')],
            },
        ),
        migrations.RunPython(look_payment_states_up, migrations.RunPython.noop),
    ]
