from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0006_collective_contact"),
    ]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="currency",
            field=models.CharField(blank=True, default="", editable=False, max_length=3, verbose_name="currency"),
        ),
    ]
