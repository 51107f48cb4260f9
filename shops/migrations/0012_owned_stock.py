from django.db import migrations, models


class Migration(migrations.Migration):
    """Shops that are there go on as they are, each an owner; from now on only an account's first one becomes one by itself."""

    dependencies = [("shops", "0011_flows_begin")]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="owns_stock",
            field=models.BooleanField(
                default=True,
                help_text="Where several shops lead to one warehouse of BlueJet, only one of them writes its amounts. A warehouse that one "
                "shop alone leads to is that shop's.",
                verbose_name="owns shared stock",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="shop",
            name="owns_products",
            field=models.BooleanField(
                help_text="Where shops share one BlueJet, only one of them writes its products and prices; the others find them by their "
                "codes.",
                verbose_name="owns shared products",
            ),
        ),
    ]
