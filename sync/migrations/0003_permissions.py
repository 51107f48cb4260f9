"""The permissions to send jobs again and to start runs."""

from django.db import migrations


class Migration(migrations.Migration):
    """Nothing in the tables changes."""

    dependencies = [("sync", "0002_schedules")]
    operations = [
        migrations.AlterModelOptions(
            name="syncjob",
            options={
                "ordering": ["-id"],
                "permissions": [("replay_job", "Can send a job again")],
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
            },
        ),
        migrations.AlterModelOptions(
            name="syncrun",
            options={
                "ordering": ["-id"],
                "permissions": [("start_run", "Can start and cancel a run")],
                "verbose_name": "run",
                "verbose_name_plural": "runs",
            },
        ),
    ]
