"""Transforms that look a value up: in the tables that staff keep, and among the references of the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mappings.drafts import Unmapped
from mappings.tables import PAID, UNKNOWN, UNPAID
from mappings.transforms.arguments import one_of, yes_and_no
from mappings.transforms.base import Context, Text, Transform, as_text, filled
from mappings.transforms.numbers import boolean


class MissingCounterpart(LookupError):
    """The table has no row for the value, and the transform allows nothing in its place."""

    def __init__(self, unmapped: Unmapped) -> None:
        super().__init__(unmapped.value)
        self.unmapped = unmapped


def _looked_up(table: str) -> Callable[[Any, str, Context], Any]:
    def look_up(value: Any, instead: str, context: Context) -> Any:
        key, name = _key_and_name(value)
        if not key:
            return None
        target = context.tables.get(table, {}).get(key)
        if target is not None:
            context.looked_up.append((table, key))
            return target.value
        return _without_row(Unmapped.of(table, key, name), instead, context)

    return look_up


def _key_and_name(value: Any) -> tuple[str, str]:
    """Take an object with `id` and `name`, or the id alone."""
    if not isinstance(value, Mapping):
        return as_text(value).strip(), ""
    name = value.get("name")
    label = as_text(name).strip() if filled(name) else ""
    identity = value.get("id")
    return (as_text(identity).strip() if filled(identity) else label), label


def _without_row(missing: Unmapped, instead: str, context: Context) -> Any:
    policy = context.policies.get(missing.table)
    if policy is not None and policy.missing == "default":
        context.substituted.append(missing)
        return policy.value
    if instead == "park" or policy is not None:
        raise MissingCounterpart(missing)
    context.substituted.append(missing)
    return missing.label if instead == "name" else None


def payment_state(value: Any, labels: tuple[str, str], context: Context) -> str | None:
    """Say in BlueJet's words whether an order is paid; a state without a row has the label of the argument."""
    state = value if value in STATES else (PAID if boolean(value) else UNPAID)
    target = context.tables.get("payment_state", {}).get(state)
    if target is not None:
        context.looked_up.append(("payment_state", state))
        return target.value
    label = dict(zip((PAID, UNPAID), labels, strict=True)).get(state)
    if "payment_state" not in context.policies:
        return label or None
    found: str | None = _without_row(Unmapped.of("payment_state", state), "none", context)
    return found


def external_id(value: Any, context: Context) -> str:
    """Prefix an id with the shop's prefix: shoptet:12345."""
    identity = as_text(value).strip()
    return f"{context.external_prefix}:{identity}" if identity else ""


def product_code(value: Any, context: Context) -> Any:
    """Find a product's code among the references, or take the value for one; a product that is gone from the shop has none."""
    identity = as_text(value)
    known = _reference(context, "products").get(identity)
    code = known if isinstance(known, str) and known else identity
    return None if _is_gone(code, context) else code


def _is_gone(code: str, context: Context) -> bool:
    """Tell a product that the flow looked for in vain; where it did not look, every code is taken as it is."""
    gone = context.refs.get("goneProducts")
    if isinstance(gone, (list, tuple, set, frozenset)) and code in gone:
        return True
    return "productIds" in context.refs and not _reference(context, "productIds").get(code)


def product_id(value: Any, context: Context) -> Any:
    """Find BlueJet's id of a product by its code."""
    return _reference(context, "productIds").get(as_text(value))


def _reference(context: Context, name: str) -> Mapping[str, Any]:
    known = context.refs.get(name)
    return known if isinstance(known, Mapping) else {}


STATES = (PAID, UNPAID, UNKNOWN)

TABLE_HELP: dict[str, Text] = {
    "category": _("the category's counterpart"),
    "status": _("the order status's counterpart"),
    "payment": _("the payment method's counterpart"),
    "shipping": _("the shipping method's counterpart"),
    "warehouse": _("the stock's BlueJet warehouse"),
    "price_list": _("the price list's counterpart"),
    "customer_group": _("the customer group's counterpart"),
}

LOOKUPS = (
    *(
        Transform(table, _looked_up(table), TABLE_HELP[table], one_of("park", "name", "none"), "park", sees_context=True)
        for table in TABLE_HELP
    ),
    Transform(
        "payment_state",
        payment_state,
        _("the payment state's counterpart; without a row its two words are used, as in payment_state:Paid/Unpaid"),
        yes_and_no,
        ("", ""),
        sees_context=True,
    ),
    Transform("external_id", external_id, _("the external id with the shop's prefix, shoptet:12345"), sees_context=True),
    Transform("product_code", product_code, _("the product's code"), sees_context=True),
    Transform("product_id", product_id, _("BlueJet's id of the product with this code"), sees_context=True),
)
