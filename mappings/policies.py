"""What each table does with a value that has no row, as the engine sees it."""

from __future__ import annotations

from mappings.models import TablePolicy
from mappings.tables import Policy


def load_policies(shop_id: int) -> dict[str, Policy]:
    """Return the shop's policies by table, with one query; a table without one leaves it to the field mappings."""
    rows = TablePolicy.objects.filter(shop_id=shop_id).order_by()
    return {row.table: Policy(row.missing, row.default_value, row.document) for row in rows}
