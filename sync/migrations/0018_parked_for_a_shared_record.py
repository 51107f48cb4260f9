from django.db import migrations
from django.utils import timezone

STRANGERS = "foreign_record"


def let_go_on(apps, schema_editor):
    """Queue what stands parked since a record of another shop of the same account was taken for a stranger's: it is shared now."""
    shops = list(apps.get_model("shops", "Shop").objects.values_list("pk", "bluejet_id", "external_prefix"))
    others = {pk: {prefix for other, its, prefix in shops if its == account and other != pk} for pk, account, _ in shops}
    jobs = apps.get_model("sync", "SyncJob").objects
    parked = jobs.filter(state="parked", shop_id__in=[pk for pk, prefixes in others.items() if prefixes]).only("issues", "shop_id")
    released = [job.pk for job in parked.iterator() if any(_is_shared(issue, others[job.shop_id]) for issue in job.issues)]
    for start in range(0, len(released), 500):
        jobs.filter(pk__in=released[start : start + 500]).update(state="queued", next_try_at=timezone.now(), waits_since=None, tries=0)


def _is_shared(issue, prefixes):
    return issue.get("code") == STRANGERS and str(issue.get("params", {}).get("owner", "")).partition(":")[0] in prefixes


class Migration(migrations.Migration):
    dependencies = [("sync", "0017_record_leases")]

    operations = [migrations.RunPython(let_go_on, migrations.RunPython.noop)]
