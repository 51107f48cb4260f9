"""What was written always, because there was no other choice, is sent when its value changed."""

from django.db import migrations, models


def rows_go_when_changed(apps, schema_editor):
    apps.get_model("mappings", "FieldMapping").objects.filter(when="always").update(when="changed")
    drafts = apps.get_model("mappings", "MappingDraft")
    for draft in drafts.objects.iterator():
        content = draft.content
        if isinstance(content, dict) and content.get("format") == 1:
            rows = [{**row, "when": "changed"} if row.get("when") == "always" else row for row in content.get("fields", [])]
            drafts.objects.filter(pk=draft.pk).update(content={**content, "format": 2, "fields": rows})


class Migration(migrations.Migration):
    dependencies = [("mappings", "0004_drafts")]

    operations = [
        migrations.AlterField(
            model_name="fieldmapping",
            name="when",
            field=models.CharField(
                choices=[("changed", "when its value changed"), ("always", "with every write"), ("create", "on create only")],
                default="changed",
                max_length=10,
                verbose_name="written",
            ),
        ),
        migrations.RunPython(rows_go_when_changed, migrations.RunPython.noop),
    ]
