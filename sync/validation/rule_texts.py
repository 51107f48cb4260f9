"""What each rule looks at and why, for the staff who decide how serious it is."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RuleText(NamedTuple):
    """A rule in two sentences: what it looks at, and what happens where nobody looks."""

    meaning: Promise | str
    otherwise: Promise | str = ""


class RuleGroup(NamedTuple):
    """Rules that belong together on the page."""

    title: Promise | str
    codes: tuple[str, ...]


GROUPS = (
    RuleGroup(
        _("What BlueJet takes"),
        (
            "required_missing",
            "schema_type",
            "schema_too_long",
            "schema_choice",
            "schema_format",
            "schema_range",
            "status_unknown",
        ),
    ),
    RuleGroup(
        _("People, addresses and prices"),
        ("bad_email", "bad_phone", "bad_company_id", "tax_number_left_out", "address_incomplete", "price_not_positive"),
    ),
    RuleGroup(
        _("Orders"),
        ("product_gone", "stock_insufficient", "to_pay_differs", "vat_differs", "exchange_rate_one", "crowns_unknown", "rounding_line"),
    ),
    RuleGroup(
        _("Protected: these keep orders whole, single and right to the cent"),
        (
            "identity_missing",
            "duplicate_line",
            "line_without_amount",
            "total_missing",
            "total_differs",
            "draft_total_differs",
            "header_total_differs",
            "draft_rate_differs",
            "exchange_rate_missing",
        ),
    ),
)

_REFUSED = _("BlueJet will probably refuse the record, and it stops there instead of here.")

RULE_TEXTS: dict[str, RuleText] = {
    "required_missing": RuleText(
        _("A field that BlueJet requires is empty. A mapping row that is marked as required holds its record in any case."), _REFUSED
    ),
    "schema_type": RuleText(_("A field holds another kind of value than BlueJet takes, such as text instead of a number."), _REFUSED),
    "schema_too_long": RuleText(_("A text is longer than BlueJet's field."), _("BlueJet refuses the record or cuts the text.")),
    "schema_choice": RuleText(_("A value is not among those that BlueJet offers for the field."), _REFUSED),
    "schema_format": RuleText(_("A date, a currency or a BlueJet ID is not written in the form that BlueJet reads."), _REFUSED),
    "schema_range": RuleText(_("A number is below or above what BlueJet takes."), _REFUSED),
    "status_unknown": RuleText(_("The state of a document is none that the portal saw in BlueJet."), _REFUSED),
    "bad_email": RuleText(
        _("An e-mail address cannot be one: the record goes out without it. In an order it is a warning at most."),
        _("It goes out as it is."),
    ),
    "bad_phone": RuleText(_("A telephone number cannot be one."), _("It goes out as it is.")),
    "bad_company_id": RuleText(_("A Czech or Slovak company number (IČO) fails its check digit."), _("It goes out as it is.")),
    "tax_number_left_out": RuleText(
        _("A company has more tax numbers than BlueJet has columns for: a DIČ and a Slovak IČ DPH."),
        _("The number that has no column is left out without a word."),
    ),
    "address_incomplete": RuleText(_("An address lacks the street, the town, the postcode or the country."), _("It goes out as it is.")),
    "price_not_positive": RuleText(_("A product's price is zero or below."), _("It goes out as it is.")),
    "product_gone": RuleText(_("An order's line is of a product that the shop does not have any more."), _("It goes as a line of text.")),
    "stock_insufficient": RuleText(
        _("More of a product was ordered than there is in the stock. The stock of the product says so, after the order."),
        _("The stock goes out as it is."),
    ),
    "to_pay_differs": RuleText(
        _("The amount to pay differs from the order's total by more than rounding."),
        _("The lines of the document then do not add up to the amount to pay."),
    ),
    "vat_differs": RuleText(_("The VAT of the lines is not the VAT of the order."), _("The order goes out as it is.")),
    "exchange_rate_one": RuleText(
        _("An order in a foreign currency has the rate 1."), _("Its amount in CZK is by the shop's own rate of that currency.")
    ),
    "crowns_unknown": RuleText(
        _("The shop does not count in CZK and has no rate that leads there."), _("The order goes out without its amount in CZK.")
    ),
    "rounding_line": RuleText(
        _("The amount to pay is rounded and the document gets a line with the difference."), _("The line is added without a word.")
    ),
    "identity_missing": RuleText(_("The record has no external ID; without one it could be made twice.")),
    "duplicate_line": RuleText(_("Two lines of an order have the same ID and would be one line in BlueJet.")),
    "line_without_amount": RuleText(_("A line of an order has no amount, so the sum cannot be checked.")),
    "total_missing": RuleText(_("The order has no total to compare with.")),
    "total_differs": RuleText(_("The lines of the order do not add up to its total, for each VAT rate.")),
    "draft_total_differs": RuleText(_("The lines made for BlueJet do not add up to the order's own lines.")),
    "header_total_differs": RuleText(_("The total of the document made for BlueJet is not the order's total.")),
    "draft_rate_differs": RuleText(_("At one VAT rate the lines made for BlueJet differ from the order's own.")),
    "exchange_rate_missing": RuleText(_("An order in a foreign currency has no exchange rate.")),
}
