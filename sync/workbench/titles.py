"""What people call a record that was kept."""

from __future__ import annotations

from sync.models import SampleRecord

NAMES = {"contact": ("fullName", "email", "company")}
USUAL_NAMES = ("name", "company", "fullName", "email", "code")


def title_of(sample: SampleRecord) -> str:
    """Name a record for people: a product by its name, an order by its number and customer."""
    record = sample.record
    if sample.entity == "order":
        customer = record.get("customer") or {}
        return " ".join(str(one) for one in (record.get("number"), customer.get("fullName") or customer.get("email")) if one)
    if sample.entity == "stock":
        return f"{record.get('code')} / {record.get('stockId')}"
    names = (record.get(name) for name in NAMES.get(sample.entity, USUAL_NAMES))
    return str(next((name for name in names if name), sample.key))
