"""Make flat records of addresses, and of the people and companies named in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clients.shoptet.company_numbers import company_number, ico_within_vat, is_nothing
from clients.shoptet.house_numbers import join_house_number
from clients.shoptet.tax_numbers import tax_number, tax_numbers
from clients.shoptet.wire import text


def normalise_address(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an address; the street carries its house number, and the country is its code."""
    number = text(data.get("houseNumber"))
    return {
        "company": text(data.get("company")),
        "fullName": text(data.get("fullName")),
        "street": join_house_number(text(data.get("street")), number),
        "houseNumber": number,
        "city": text(data.get("city")),
        "district": text(data.get("district")),
        "additional": text(data.get("additional")),
        "zip": text(data.get("zip")),
        "country": text(data.get("countryCode")).upper(),
        "region": text(data.get("regionName")),
    }


def company_of(billing: Mapping[str, Any]) -> dict[str, Any]:
    """Return the company's name and numbers, in their good spelling where they have one, and the tax numbers sorted.

    `isCompany` where it has a name, a company id or a VAT id; a dash or "nemám" is none of them.
    """
    given, country, vat_id, tax_id = (text(billing.get(name)) for name in ("company", "countryCode", "vatId", "taxId"))
    company = "" if is_nothing(given) else given
    number = company_number(text(billing.get("companyId")), country, vat_id)
    number = number if number.written else ico_within_vat(vat_id, country)
    taxes, vat_number = tax_numbers(vat_id, tax_id, country), tax_number(vat_id)
    return {
        "company": company,
        "companyId": number.written,
        "vatId": vat_number,
        "taxId": tax_number(tax_id),
        "dic": taxes.dic,
        "icDph": taxes.ic_dph,
        "isCompany": bool(company or number.written or vat_number),
    }
