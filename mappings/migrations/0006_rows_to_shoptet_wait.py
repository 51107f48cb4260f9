"""Switch off the rows from BlueJet to Shoptet, which nothing carries out yet; they stay and wait."""

from django.db import migrations


def switch_off(apps, schema_editor):
    apps.get_model("mappings", "FieldMapping").objects.filter(direction="to_shoptet", active=True).update(active=False)
    for draft in apps.get_model("mappings", "MappingDraft").objects.all():
        rows = draft.content.get("fields", []) if isinstance(draft.content, dict) else []
        waiting = [row for row in rows if row.get("direction") == "to_shoptet" and row.get("active", True)]
        for row in waiting:
            row["active"] = False
        if waiting:
            draft.save(update_fields=["content"])


class Migration(migrations.Migration):

    dependencies = [
        ("mappings", "0005_written_when_changed"),
    ]

    operations = [
        migrations.RunPython(switch_off, migrations.RunPython.noop),
    ]
