"""Columns that make sense only together: a quantity with its price, an address, a currency with its rate.

By the dialect's columns as the packs name them, with those that staff are likely to add.
"""

from __future__ import annotations

from collections.abc import Iterable

from clients.bluejet.config import Dialect

Group = frozenset[str]

_ADDRESS = frozenset({"street1", "town", "zipcode", "country", "region"})
_CURRENCY = frozenset({"mena", "kurz", "cenaczk"})
_TOTALS = frozenset({"cenaprodej", "cenadphprodej", "celkemdph", "zaokrouhleni"})
_PRICES = frozenset({"cenaprodej", "cenadphprodej", "sazbadph", "mena"})
_LINE = frozenset(
    {"mnozstvi", "mj", "jcenaprodej", "jcenadphprodej", "sleva", "sazbadph", "cenaprodej", "dph", "cenadphprodej", "finalnicenaprodej"}
)
_REST_LINE = frozenset({"quantity", "unit", "unitprice", "unitpricewithoutvat", "discount", "vatrate", "vat", "total", "totalwithoutvat"})

GROUPS: dict[Dialect, dict[str, tuple[Group, ...]]] = {
    "data": {
        "product": (_PRICES,),
        "stock_card": (frozenset({"mnozstvi", "mnozstvirezervovane"}),),
        "contact": (_ADDRESS,),
        "company": (_ADDRESS,),
        "address": (_ADDRESS,),
        "offer": (_TOTALS, _CURRENCY),
        "order": (_TOTALS, _CURRENCY),
        "offer_line": (_LINE,),
        "order_line": (_LINE,),
    },
    "rest": {
        "product": (frozenset({"price", "pricewithvat", "pricewithoutvat", "vatrate", "currency"}),),
        "stock_card": (frozenset({"quantity", "reserved", "available"}),),
        "offer": (frozenset({"totalamount", "totalwithoutvat", "vat", "rounding"}), frozenset({"currency", "exchangerate", "totalczk"})),
        "order": (frozenset({"totalamount", "totalwithoutvat", "vat", "rounding"}), frozenset({"currency", "exchangerate", "totalczk"})),
        "offer_line": (_REST_LINE,),
        "order_line": (_REST_LINE,),
    },
}


def with_company(dialect: Dialect, kind: str, going: set[str], names: Iterable[str]) -> set[str]:
    """Return the columns that go, with those of `names` that go along because one of their group does."""
    touched = [group for group in GROUPS[dialect].get(kind, ()) if any(name.lower() in group for name in going)]
    return going | {name for name in names if any(name.lower() in group for group in touched)}
