"""The specification's appendix, value for value."""

from __future__ import annotations

from mappings.engine import map_record
from tests.mappings.snapshots import pack_snapshot, recorded

PRODUCTS = {"products": {"12345": "PASTA-CARBONARA-500G"}}


def test_the_product_of_appendix_a1_comes_out_as_written_there() -> None:
    draft = map_record(pack_snapshot("rest"), "product", recorded("product__shoptet"))

    assert draft.problems == []
    assert draft.fields == recorded("product__bluejet")
    assert type(draft.fields["stock"]) is int


def test_the_order_of_appendix_a2_comes_out_as_written_there() -> None:
    snapshot, order = pack_snapshot("rest"), recorded("order__shoptet")
    header = {name: value for name, value in order.items() if name != "items"}

    draft = map_record(snapshot, "order", header, refs=PRODUCTS)
    lines = [map_record(snapshot, "order_line", {**item, "order": header}, refs=PRODUCTS) for item in order["items"]]

    assert [draft.problems, *(line.problems for line in lines)] == [[], []]
    assert {**draft.fields, "lineItems": [line.fields for line in lines]} == recorded("order__bluejet")
    assert (draft.document, draft.cancels) == ("offer", False)
    assert type(lines[0].fields["quantity"]) is int
