"""What a shop's currencies are worth in crowns, whichever way round and however oddly Shoptet tells them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shops.exchange_rates import ShopMoney, rates_of, refresh_rates
from shops.models import Shop


def eshop(own: str, **rates: Any) -> dict[str, Any]:
    return {"currency": own, "currencies": [{"code": code, "exchangeRate": rate} for code, rate in rates.items()]}


def money(own: str, **rates: str) -> ShopMoney:
    told = rates_of(eshop(own, **{code: Decimal(rate) for code, rate in rates.items()}))
    return ShopMoney(own, {code: Decimal(rate) for code, rate in told.items()})


@pytest.mark.parametrize(
    ("own", "rates", "currency", "worth"),
    [
        ("CZK", {"CZK": "1", "EUR": "24.85"}, "EUR", "24.85"),
        ("CZK", {"CZK": "1", "EUR": "0.04"}, "EUR", "25"),
        ("EUR", {"EUR": "1", "CZK": "0.04"}, "EUR", "25"),
        ("EUR", {"EUR": "1", "CZK": "25.2"}, "EUR", "25.2"),
        ("EUR", {"EUR": "1", "CZK": "0.04", "PLN": "0.24"}, "PLN", "6"),
        ("EUR", {"EUR": "1"}, "CZK", "1"),
        ("CZK", {"CZK": "1", "HUF": "0.0625"}, "HUF", "0.0625"),
    ],
)
def test_a_currency_is_worth_what_the_shops_rates_say_whichever_way_round(
    own: str, rates: dict[str, str], currency: str, worth: str
) -> None:
    assert money(own, **rates).in_crowns(currency) == Decimal(worth)


@pytest.mark.parametrize("rates", [{"EUR": "1"}, {}, {"EUR": "1", "CZK": "0"}, {"EUR": "1e15", "CZK": "1e-15"}])
def test_without_a_rate_to_crowns_within_reason_there_is_no_worth(rates: dict[str, str]) -> None:
    assert ShopMoney("EUR", {code: Decimal(rate) for code, rate in rates.items()}).in_crowns("EUR") is None


NUMBERS = st.none() | st.decimals(min_value=0, max_value=10**15, allow_nan=False, allow_infinity=False)


@settings(max_examples=50, deadline=None)
@given(own=st.sampled_from(["CZK", "EUR", "HUF", ""]), crown=NUMBERS, euro=NUMBERS)
def test_no_rates_make_the_reading_fall_over(own: str, crown: Decimal | None, euro: Decimal | None) -> None:
    told = rates_of(eshop(own, CZK=crown, EUR=euro))

    worth = ShopMoney(own, {code: Decimal(rate) for code, rate in told.items()}).in_crowns("EUR")

    assert worth is None or worth > 0


class Told:
    """A client that tells these settings."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told

    def eshop(self) -> dict[str, Any]:
        return self.told


@pytest.mark.parametrize(("said", "kept"), [("EUR", "EUR"), ("eur", "EUR"), ("", "EUR"), ("EURO ONLY", "")])
def test_what_the_shop_counts_in_is_kept(shop: Shop, said: str, kept: str) -> None:
    refresh_rates(shop, Told(eshop(said, EUR=Decimal(1), CZK=Decimal("0.04"))))  # type: ignore[arg-type]

    shop.refresh_from_db()
    assert (shop.currency, shop.exchange_rates["CZK"]) == (kept, "0.04")


def test_an_answer_without_currencies_leaves_what_is_known(shop: Shop) -> None:
    refresh_rates(shop, Told(eshop("EUR", EUR=Decimal(1))))  # type: ignore[arg-type]
    refresh_rates(shop, Told(eshop("")))  # type: ignore[arg-type]

    shop.refresh_from_db()
    assert (shop.currency, shop.exchange_rates) == ("EUR", {"EUR": "1"})
