"""The evidences that the stand-in holds, by number and by kind; the columns are in `tables/`, by subject.

Numbers, keys and the first columns of each table follow what is publicly known of BlueJet. Columns below a line `# assumed`
are plausible inventions: a real instance may name them otherwise, which is why the portal keeps every name in its configuration.
Names that end in `supl` are the instance's own, added columns. A virtual column is computed and refuses writes.
`python -m sandbox.bluejet.evidences` prints all of them.
"""

from __future__ import annotations

from sandbox.bluejet.columns import Column, Evidence, moment
from sandbox.bluejet.tables.catalogue import PRICE_LIST, PRICE_LIST_ITEM, PRODUCT, STOCK_CARD, WAREHOUSE
from sandbox.bluejet.tables.documents import (
    ATTACHMENT,
    INVOICE,
    INVOICE_LINE,
    OFFER,
    OFFER_LINE,
    ORDER,
    ORDER_LINE,
    PURCHASE,
    PURCHASE_LINE,
)
from sandbox.bluejet.tables.people import ADDRESS, COMPANY, CONTACT, OPPORTUNITY

# Every table has these too; the server sets them.
STAMPS = (moment("createdon", "Vytvořeno"), moment("modifiedon", "Změněno"))

ALL = (
    PRODUCT,
    STOCK_CARD,
    WAREHOUSE,
    CONTACT,
    COMPANY,
    ADDRESS,
    OFFER,
    OFFER_LINE,
    ORDER,
    ORDER_LINE,
    PURCHASE,
    PURCHASE_LINE,
    INVOICE,
    INVOICE_LINE,
    PRICE_LIST,
    PRICE_LIST_ITEM,
    OPPORTUNITY,
    ATTACHMENT,
)

EVIDENCES: dict[int, Evidence] = {evidence.no: evidence for evidence in ALL}
KINDS: dict[str, Evidence] = {evidence.kind: evidence for evidence in ALL}


def describe(column: Column) -> str:
    """Say in one line what a column is."""
    marks = [word for word in ("key", "required", "virtual") if getattr(column, word)]
    target = f" -> {column.references}" if column.references else ""
    choices = f" [{', '.join(column.choices)}]" if column.choices else ""
    return f"  {column.name:26}{column.type:18}{column.label}{target} {' '.join(marks)}{choices}".rstrip()


if __name__ == "__main__":
    for evidence in ALL:
        print(f"{evidence.no} {evidence.kind}: {evidence.label_cs}")
        print("\n".join(describe(column) for column in (*evidence.columns, *STAMPS)))
