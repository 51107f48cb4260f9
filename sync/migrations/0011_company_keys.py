"""Companies' links get the one good spelling of their number for a key; what was no number is nobody's key any more.

The external ids stay as they were given, here and in BlueJet. Of two links whose numbers were one, the one that already has the good
spelling is kept, else the elder; people are led to it, and the other stays as it is, since its record in BlueJet does.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db import migrations

PREFIX = "ico:"
WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
EU = "AT|BE|BG|CH|CY|DE|DK|EE|EL|ES|FI|FR|GB|GR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|XI"
# Numbers of the German trade register mean a company only together with their court.
COURTS_OWN = re.compile(r"(?:HR[AB]|GNR|VR|PR)[0-9]")
HOME = ("cz", "česko", "česká republika", "czechia", "czech republic", "sk", "slovensko", "slovakia")


def to_good_spelling(apps: Any, _schema_editor: Any) -> None:
    """Give each company's link its key, and lead its people to it."""
    links = apps.get_model("sync", "RecordLink").objects
    companies = links.filter(kind="company", key__startswith=PREFIX).order_by("pk")
    for link in companies.only("pk", "shop_id", "key", "sent", "natural_key").iterator(chunk_size=500):
        key = _key_of(link.key.removeprefix(PREFIX), str(link.sent.get("country") or "").strip().lower())
        if key != link.key:
            _move(links, link, key or _only_owners(links, link))


def _move(links: Any, link: Any, key: str) -> None:
    people = links.filter(shop_id=link.shop_id, kind="contact", parent_key=link.key)
    if not key:
        # Whoever shared it had nothing in common; each gets a company of his own when he is looked at next.
        people.update(parent_key="")
        return
    if not links.filter(shop_id=link.shop_id, kind="company", key=key).exists():
        natural = key.removeprefix(PREFIX) if key.startswith(PREFIX) else ""
        links.filter(pk=link.pk).update(key=key, natural_key=natural)
    people.update(parent_key=key)


def _only_owners(links: Any, link: Any) -> str:
    """A number that proves nothing, used by one person only: the company is his."""
    owners = list(links.filter(shop_id=link.shop_id, kind="contact", parent_key=link.key).values_list("key", flat=True)[:2])
    return f"company:{owners[0]}" if len(owners) == 1 else ""


def _key_of(written: str, country: str) -> str:
    """Return the key with the good spelling; empty for what proves nothing. The country is named as it was sent, or not at all."""
    plain = unicodedata.normalize("NFKD", written).upper()
    compact = re.sub(r"^(?:ICO|IC|ID|DIC)(?=[A-Z]{0,2}[0-9])", "", "".join(one for one in plain if one.isalnum()))
    at_home = re.fullmatch(r"(CZ|SK)?([0-9]{1,8})", compact)
    if at_home and (at_home[1] or country in ("", *HOME)):
        number = at_home[2].zfill(8)
        return f"{PREFIX}{number}" if _is_ico(number) else ""
    bare = re.sub(rf"^(?:{EU})(?=[0-9](?:[^0-9]*[0-9]){{7}})", "", compact)
    digits = [one for one in bare if one.isdecimal()]
    if country in HOME or len(digits) < 5 or len(set(digits)) == 1 or COURTS_OWN.match(bare):
        return ""
    return f"{PREFIX}{bare.zfill(8) if bare.isdecimal() else bare}"


def _is_ico(number: str) -> bool:
    digits = [int(digit) for digit in number]
    remainder = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=False)) % 11
    return any(digits) and digits[7] == (11 - remainder) % 10


class Migration(migrations.Migration):
    dependencies = [("sync", "0010_link_guid_and_folded_key")]

    operations = [migrations.RunPython(to_good_spelling, migrations.RunPython.noop)]
