"""Shoptet's events in the reader's words."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webhooks.models import WebhookEvent
from webhooks.processing import (
    FLOW_HELD,
    FLOW_NEVER_LIVE,
    FLOW_OFF_IMPORT,
    LEFT_OUT_WHEN_SWITCHED_ON,
    NEVER_HANDED_OVER,
    NOBODY_ASKED,
    SHOP_INACTIVE,
)

NAMES: dict[str, Promise] = {
    "order:create": _("new order"),
    "order:update": _("order changed"),
    "order:paid": _("order paid"),
    "order:cancel": _("order cancelled"),
    "order:delete": _("order deleted"),
    "order:massCreate": _("new orders"),
    "order:massUpdate": _("orders changed"),
    "order:massPaid": _("orders paid"),
    "product:create": _("new product"),
    "product:update": _("product changed"),
    "product:delete": _("product deleted"),
    "product:massCreate": _("new products"),
    "product:massUpdate": _("products changed"),
    "product:massDelete": _("products deleted"),
    "productVariant:create": _("new variant"),
    "productVariant:update": _("variant changed"),
    "productVariant:delete": _("variant deleted"),
    "productVariant:massCreate": _("new variants"),
    "productVariant:massUpdate": _("variants changed"),
    "productVariant:massDelete": _("variants deleted"),
    "productVariantPrice:update": _("price changed"),
    "productVariantPrice:massUpdate": _("prices changed"),
    "stock:movement": _("stock moved"),
    "customer:create": _("new customer"),
    "customer:update": _("customer changed"),
    "customer:delete": _("customer deleted"),
    "customer:disableOrders": _("customer may not order"),
    "customer:enableOrders": _("customer may order again"),
    "customer:import": _("customers imported"),
    "job:finished": _("Shoptet finished a job"),
    "addon:suspend": _("add-on suspended"),
    "addon:approve": _("add-on approved"),
    "addon:terminate": _("add-on ended"),
    "addon:uninstall": _("add-on removed"),
}

# Reasons that are stored as they are written in the source.
REASONS = {
    NOBODY_ASKED: _("Nothing in the portal acts on this event."),
    SHOP_INACTIVE: _("The shop was switched off when the event came."),
    FLOW_HELD: _("Its flow is not live: it is held until the flow is live and somebody says that it goes over."),
    FLOW_NEVER_LIVE: _("Its flow has never been live; the first pass of the flow brings everything over."),
    FLOW_OFF_IMPORT: _("Its flow is switched off; what was imported is found in Shoptet's list of changes once the flow is on."),
    LEFT_OUT_WHEN_SWITCHED_ON: _("It came while its flow was off; whoever switched the flow on left out what came that early."),
    NEVER_HANDED_OVER: _("No worker that took this event up came back for a day. Process it again once workers are well."),
    "The body is not a JSON object.": _("What Shoptet sent is not a JSON object."),
    "The field eventCreated is not a time.": _("The field eventCreated is not a time."),
    "A newer event of the add-on was received before.": _("A newer event of the add-on was received before."),
}
# Those that name something.
NAMED_REASONS = (
    (
        re.compile(r"Shoptet's job (.*) has finished; nothing in the portal waits for it\.", re.DOTALL),
        _("Shoptet's job %(name)s has finished; nothing in the portal waits for it."),
    ),
    (re.compile(r"The body is not JSON: (\w+)\."), _("What Shoptet sent is not JSON, or was cut off (%(name)s).")),
    (re.compile(r"The body cannot be stored: (\w+)\."), _("What Shoptet sent cannot be stored (%(name)s).")),
    (re.compile(r"The field (\w+) is missing\."), _("In what Shoptet sent, the field %(name)s is missing.")),
    (re.compile(r"The field (\w+) (?:cannot be read|is longer than \d+ characters)\."), _("The field %(name)s cannot be read.")),
)


def event_name(event_type: str) -> str:
    """Return what happened in words; an event that nobody knows goes by its own name."""
    return str(NAMES.get(event_type, event_type))


def error_in_words(event: WebhookEvent) -> str:
    """Return why the event was not completed, in the reader's language where it is one of the portal's own reasons."""
    for pattern, sentence in NAMED_REASONS:
        if found := pattern.fullmatch(event.error):
            return str(sentence) % {"name": found[1]}
    return str(REASONS.get(event.error, event.error))
