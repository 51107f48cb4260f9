"""A section whose module the shop lacks is left out and named; the rest of the answer comes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.errors import MissingModule, NotFound
from clients.shoptet.client import ShoptetClient
from clients.shoptet.config import PRODUCT_SECTIONS
from clients.shoptet.sections import MADE_OF, without_sections
from tests.clients.fake_partner import FakePartner, Reply, recorded, session_on

WORDINGS = ("by name", "by module", "in no words")


class ShopWithout(FakePartner):
    """Refuse every request that asks for one of these sections, the way that Shoptet does or in other words."""

    def __init__(
        self, lacking: set[str], wording: str = "by name", *, answer: str = "product__two_variants", one_by_one: bool = False
    ) -> None:
        super().__init__(Reply(body=recorded(answer)))
        self.lacking, self.wording, self.one_by_one = lacking, wording, one_by_one

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        asked = dict(parse_qsl(urlsplit(request.url or "").query)).get("include", "").split(",")
        refused = [section for section in asked if section in self.lacking]
        if not refused:
            return super().send(request, *args, **kwargs)
        self.requests.append(request)
        lines = [self._line(section) for section in (refused[:1] if self.one_by_one else refused)]
        return self._response(request, Reply(403, {"data": None, "errors": lines}))

    def _line(self, section: str) -> dict[str, str]:
        module = {"perStockAmounts": "stock"}.get(section, f"module of {section}"[:8])
        if self.wording == "by name":
            message = f'Unable to process request with {section} include as "{module}" module is not active.'
        else:
            message = "The module is not active."
        return {"errorCode": "missing-module", "message": message, "instance": module if self.wording != "in no words" else "?"}


def client_of(partner: FakePartner) -> ShoptetClient:
    return ShoptetClient.for_token("https://api.example", "token-for-tests", session=session_on(partner))


@settings(max_examples=25, deadline=None)
@given(lacking=st.sets(st.sampled_from(PRODUCT_SECTIONS), min_size=1), wording=st.sampled_from(WORDINGS), one_by_one=st.booleans())
def test_a_product_comes_without_whichever_sections_its_shop_lacks(lacking: set[str], wording: str, one_by_one: bool) -> None:
    partner = ShopWithout(lacking, wording, one_by_one=one_by_one)
    client = client_of(partner)

    fetched = client.product("1")

    kept = set(partner.query()["include"].split(",")) if "include" in partner.query() else set()
    assert (fetched.left_out, kept) == (lacking, set(PRODUCT_SECTIONS) - lacking)
    assert {field for section in lacking for field in MADE_OF[section]} <= set(fetched.records[0]["leftOut"])
    asked = len(partner.calls)
    assert client.product_by_code("PAN-28").left_out == lacking
    assert len(partner.calls) == asked + 1, "what is known to be missing is not asked for again"


def test_where_nothing_is_missing_nothing_is_said() -> None:
    fetched = client_of(ShopWithout(set())).product("1")

    assert fetched.left_out == frozenset()
    assert "leftOut" not in fetched.records[0]


def test_a_name_that_would_lose_its_variant_is_not_told_either() -> None:
    fetched = client_of(ShopWithout({"variantParameters"})).product("1")

    assert "name" in fetched.records[0]["leftOut"]


@pytest.mark.parametrize(("told", "untold"), [(None, True), ("100.00", False)])
def test_a_purchase_price_that_a_price_list_would_tell_is_not_told_without_it(told: str | None, untold: bool) -> None:
    record = without_sections({"purchasePrice": told, "purchasePriceWithoutVat": told, "priceLists": []}, frozenset({"perPricelistPrices"}))

    assert ({"purchasePrice", "purchasePriceWithoutVat"} <= set(record["leftOut"])) is untold


def test_an_endpoint_that_needs_the_module_itself_is_refused() -> None:
    line = {"errorCode": "missing-module", "message": "Method requires an active module.", "instance": "stock"}
    partner = FakePartner(Reply(403, {"data": None, "errors": [line]}))

    with pytest.raises(MissingModule, match="requires an active module"):
        client_of(partner).product("1")


def test_a_record_that_is_not_there_is_said_to_be_missing_all_the_same() -> None:
    class Empty(ShopWithout):
        def _response(self, request: requests.PreparedRequest, reply: Reply) -> requests.Response:
            return super()._response(request, reply if reply.status == 403 else Reply(404, {"data": None, "errors": []}))

    with pytest.raises(NotFound):
        client_of(Empty({"perStockAmounts"})).product("1")


@pytest.mark.parametrize("section", ["notes", "shippingDetails", "stockLocation", "surchargeParameters"])
def test_an_order_comes_without_its_section_too(section: str) -> None:
    fetched = client_of(ShopWithout({section}, answer="order__eur_with_set_coupon_and_gift")).order("1")

    assert fetched.left_out == {section}
    assert fetched.records[0].get("leftOut", []) == sorted(MADE_OF.get(section, ()))


def test_a_list_comes_without_its_section_too() -> None:
    partner = ShopWithout({"orderCode"}, answer="movements")

    pages = list(client_of(partner).movements("1", last_id=1, with_orders=True))

    assert sum(len(page.items) for page in pages) > 0
    assert "include" not in partner.query()
