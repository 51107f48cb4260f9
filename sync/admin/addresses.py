"""Where in the admin a finding is put right, and where a topic that a job waits for leads."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from mappings.choices import MODEL_OF_TABLE
from shops.models import Shop
from sync.issues import Issue
from sync.models import SyncJob
from sync.partners import BLUEJET_LABEL, bluejet_name, shoptet_name

UNMAPPED = "unmapped_"
# Pages of a shop, which whoever may look at shops may open.
ON_THE_SHOPS_PAGES = ("flowsetting", "held")


def list_of_jobs(**filters: object) -> str:
    """Return the address of the list of jobs, filtered."""
    return f"{reverse('admin:sync_syncjob_changelist')}?{urlencode(filters)}"


def list_of_events(**filters: object) -> str:
    """Return the address of the list of events, filtered."""
    return f"{reverse('admin:webhooks_webhookevent_changelist')}?{urlencode(filters)}"


def held_address(shop_id: int) -> str:
    """Return the page that asks what becomes of a shop's held records."""
    return reverse("admin:shops_shop_held", args=[shop_id])


def add_value(shop_id: int, table: str, value: str, label: str = "") -> str:
    """Return the form that gives a partner's value its counterpart, with what is known filled in."""
    model = MODEL_OF_TABLE[table]._meta.model_name
    known = {"shop": shop_id, "shoptet_id": value, "shoptet_name": label}
    return f"{reverse(f'admin:mappings_{model}_add')}?{urlencode(known)}"


def credentials_page(partner: str) -> str:
    """Return the page where a partner's credentials are written, at their field."""
    side, _colon, key = partner.partition(":")
    if side == "bluejet":
        return f"{reverse('admin:shops_bluejetaccount_change', args=[key])}#id_token_id"
    is_addon = Shop.objects.filter(pk=key, access=Shop.Access.OAUTH).exists()
    return f"{reverse('admin:shops_shop_change', args=[key])}#{'id_oauth_token' if is_addon else 'id_api_token'}"


def place_of(issue: Issue, job: SyncJob) -> str:
    """Return the page where the finding is put right; empty where that is not in the portal."""
    page = issue.page()
    if not page:
        return ""
    if page == "partner":
        return credentials_page(bluejet_name(job.shop.bluejet) if issue.params.get("partner") == BLUEJET_LABEL else shoptet_name(job.shop))
    if _is_for_a_row(issue):
        table = issue.code.removeprefix(UNMAPPED)
        return add_value(job.shop_id, table, str(issue.params["value"]), str(issue.params.get("label", "")))
    if page == "shops_held":
        return held_address(job.shop_id)
    if page in ("shops_shop", "shops_flowsetting"):
        return reverse("admin:shops_shop_change", args=[job.shop_id])
    filters: dict[str, object] = {"shop__id__exact": job.shop_id}
    if page == "mappings_fieldmapping" and issue.field:
        filters["q"] = issue.field
    return f"{reverse(f'admin:{page}_changelist')}?{urlencode(filters)}"


def right_of(issue: Issue) -> str:
    """Return the right that this page takes; whoever lacks it is shown no way there."""
    if issue.page() == "partner":
        return "shops.view_bluejetaccount" if issue.params.get("partner") == BLUEJET_LABEL else "shops.view_shop"
    app, _underscore, model = issue.page().partition("_")
    if _is_for_a_row(issue):
        return right_to_add(issue.code.removeprefix(UNMAPPED))
    return f"{app}.view_{'shop' if app == 'shops' and model in ON_THE_SHOPS_PAGES else model}"


def right_to_add(table: str) -> str:
    """Return the right to give a value of the table its counterpart."""
    return f"mappings.add_{MODEL_OF_TABLE[table]._meta.model_name}" if table in MODEL_OF_TABLE else ""


def _is_for_a_row(issue: Issue) -> bool:
    """Whether one value lacks its row in a table."""
    table = issue.code.removeprefix(UNMAPPED)
    return issue.code.startswith(UNMAPPED) and table in MODEL_OF_TABLE and bool(issue.params.get("value"))
