"""Make flat records of addresses, and of the people and companies named in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    """Return the company's name and numbers; `isCompany` where it has a name, a company id or a VAT id."""
    company, company_id, vat_id = (text(billing.get(name)) for name in ("company", "companyId", "vatId"))
    return {
        "company": company,
        "companyId": company_id,
        "vatId": vat_id,
        "taxId": text(billing.get("taxId")),
        "isCompany": bool(company or company_id or vat_id),
    }


def join_house_number(street: str, number: str) -> str:
    """Return street and number; people often write the number into the street as well, and then it stands there once."""
    if not number or street == number or street.endswith(f" {number}"):
        return street
    return f"{street} {number}".strip()
