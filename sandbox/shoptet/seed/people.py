"""Makes the seeded customers: people and companies with their accounts and addresses, in Shoptet's shape."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sandbox.shoptet.clock import wire_time
from sandbox.shoptet.identity import company_number, guid, plain, slug
from sandbox.shoptet.seed.products import SHOP_URL
from sandbox.shoptet.seed.settings import GROUPS, PRICE_LISTS

MEN = ("Jan", "Petr", "Jiří", "Tomáš", "Martin", "Jaroslav", "Miroslav", "Ondřej", "Lukáš", "Zdeněk", "Václav", "Řehoř")
WOMEN = ("Jana", "Marie", "Eva", "Hana", "Lenka", "Kateřina", "Lucie", "Věra", "Alena", "Petra", "Žaneta", "Šárka")
SURNAMES = (
    ("Novák", "Nováková"), ("Svoboda", "Svobodová"), ("Dvořák", "Dvořáková"), ("Černý", "Černá"), ("Procházka", "Procházková"), ("Kučera",
    "Kučerová"),
    ("Veselý", "Veselá"), ("Horák", "Horáková"), ("Němec", "Němcová"), ("Pokorný", "Pokorná"), ("Růžička", "Růžičková"), ("Beneš",
    "Benešová"),
    ("Fiala", "Fialová"), ("Šťastný", "Šťastná"), ("Žák", "Žáková"), ("Říha", "Říhová"), ("Ďuriš", "Ďurišová"), ("Janů", "Janů"),
)  # fmt: skip
TITLES = ("", "", "", "", "", "", "", "", "Ing. ", "Mgr. ", "MUDr. ")
STREETS = (
    "Lipová",
    "Nádražní",
    "Husova",
    "Školní",
    "Komenského",
    "Na Příkopě",
    "Masarykova",
    "U Mlýna",
    "Dlouhá",
    "Třída Míru",
    "Za Humny",
)
CITIES = (
    ("Praha 2", "120 00", "Hlavní město Praha", "PHA"), ("Brno", "602 00", "Jihomoravský kraj", "JHM"), ("Ostrava", "702 00",
    "Moravskoslezský kraj", "MSK"),
    ("Plzeň", "301 00", "Plzeňský kraj", "PLK"), ("Olomouc", "779 00", "Olomoucký kraj", "OLK"), ("Český Krumlov", "381 01",
    "Jihočeský kraj", "JHC"),
    ("Ústí nad Labem", "400 01", "Ústecký kraj", "ULK"), ("Hradec Králové", "500 02", "Královéhradecký kraj", "HKK"), ("Žďár nad Sázavou",
    "591 01", "Kraj Vysočina", "VYS"),
)  # fmt: skip
SLOVAK_CITIES = (("Bratislava", "811 01", "Bratislavský kraj", "BL"), ("Košice", "040 01", "Košický kraj", "KI"))
VENUES = ("Restaurace U Lípy", "Hotel Slunce", "Kavárna Kolben", "Bistro Na Rohu", "Jídelna Středová", "Pizzerie Vesuv", "Cukrárna Máta",
    "Penzion Ovčín",
          "Pivovar Kamenec", "Catering Fiala", "Školní jídelna Jih", "Bar Zátiší")  # fmt: skip
FORMS = ("s.r.o.", "a.s.", "spol. s r.o.", "z.s.")

Record = dict[str, Any]


class PeopleMaker:
    """Makes customers; the same seed gives the same people."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.seed, self.now = seed, now
        self.random = random.Random(f"{seed}/people")

    def customers(self, count: int = 400) -> list[Record]:
        """Return the customers; numbers 7 and 8 are two branches of one company and share its IČO."""
        rows = [self.customer(number) for number in range(1, count + 1)]
        if count >= 8:
            first, second = rows[6]["billingAddress"], rows[7]["billingAddress"]
            first |= self._company(7)
            second |= {**self._company(7), "company": f"{first['company']} – provozovna Jih"}
        return rows

    def customer(self, number: int) -> Record:
        """Return one customer by its number."""
        woman = self.random.random() < 0.45
        name = self.person(woman)
        country = "SK" if number % 25 == 0 else "CZ"
        address = {**self.address(country), "fullName": name, "company": None}
        business = number % 5 in (2, 3)
        company = (
            self._company(number, country) if business else {"companyId": None, "vatId": None, "taxId": None, "vatIdValidationStatus": None}
        )
        billing = {**address, **company}
        created = self.now - timedelta(days=self.random.randint(61, 1500), minutes=self.random.randint(0, 1400))
        changed = max(created, self.now - timedelta(days=self.random.randint(0, 400), minutes=self.random.randint(1, 1400)))
        group = GROUPS[(1 if number % 2 else 2) if business else (3 if number % 40 == 0 else 0)]
        return customer_record(
            guid(self.seed, "customer", number), number, billing, self._accounts(number, name, business), self._deliveries(number,
                address, business),
            group=group, created=wire_time(created), changed=wire_time(changed),
            birth_date=None if business or number % 3 else f"19{50 + number % 50}-0{1 + number % 9}-1{number % 10}",
            remark="Volat až odpoledne, dopoledne vaří." if number % 17 == 0 else None, disabled=number % 133 == 0,
        )  # fmt: skip

    def person(self, woman: bool) -> str:
        """Return a full name, sometimes with an academic title."""
        man_surname, woman_surname = self.random.choice(SURNAMES)
        return f"{self.random.choice(TITLES)}{self.random.choice(WOMEN if woman else MEN)} {woman_surname if woman else man_surname}"

    def address(self, country: str = "CZ") -> Record:
        """Return an address without a name."""
        city, code, region, shortcut = self.random.choice(SLOVAK_CITIES if country == "SK" else CITIES)
        return {
            "street": self.random.choice(STREETS), "houseNumber": f"{self.random.randint(1, 999)}/{self.random.randint(1, 40)}",
            "city": city,
            "district": None, "additional": "3. patro" if self.random.random() < 0.08 else None, "zip": code, "countryCode": country,
            "regionName": region, "regionShortcut": shortcut,
        }  # fmt: skip

    def _company(self, number: int, country: str = "CZ") -> Record:
        ico = company_number(self.seed * 7919 + number * 4241)
        vat = f"{country}{'20' if country == 'SK' else ''}{ico}" if number % 6 else None
        name = f"{VENUES[number % len(VENUES)]} {FORMS[number % len(FORMS)]}"
        return {"company": name, "companyId": ico, "vatId": vat, "taxId": vat, "vatIdValidationStatus": "verified" if vat else None}

    def _accounts(self, number: int, name: str, business: bool) -> list[Record]:
        accounts = [
            account_record(
                guid(self.seed, "account", number, 1), name, f"{mailbox(name)}{number}@zakaznik.example", self._phone(), main=True
            )
        ]
        if business and number % 3 == 0:
            buyer = self.person(number % 2 == 0)
            accounts.append(account_record(guid(self.seed, "account", number, 2), buyer, f"nakup{number}@zakaznik.example", self._phone()))
        return accounts

    def _phone(self) -> str | None:
        return (
            None
            if self.random.random() < 0.05
            else f"+420{self.random.choice((601, 602, 603, 604, 720, 721, 731, 777))}{self.random.randint(100000, 999999)}"
        )

    def _deliveries(self, number: int, home: Record, business: bool) -> list[Record]:
        if number % 4 == 1:
            return []
        addresses = [{**home}] if number % 4 != 2 else [{**home}, {**self.address(), "fullName": "Sklad – příjem zboží", "company": None}]
        if business and number % 10 == 3:
            addresses.append({**self.address(), "fullName": "Vedoucí provozu", "company": "Provozovna Sever"})
        return [
            {"guid": guid(self.seed, "delivery", number, order), **address, "isDefault": order == 0}
            for order, address in enumerate(addresses)
        ]


def mailbox(name: str) -> str:
    """Return the first part of an e-mail address for a person."""
    return slug(plain(name.rsplit(". ", 1)[-1])).replace("-", ".")


def account_record(account_guid: str, name: str | None, email: str, phone: str | None, *, main: bool = False) -> Record:
    return {
        "guid": account_guid, "fullName": name, "email": email, "phone": phone, "mainAccount": main, "authorized": True,
        "emailVerified": True,
    }  # fmt: skip


def customer_record(
    customer_guid: str, number: int, billing: Record, accounts: list[Record], deliveries: list[Record], *, created: str, changed: str,
    group: Record = GROUPS[0], birth_date: str | None = None, remark: str | None = None, disabled: bool = False,
) -> Record:  # fmt: skip
    """Return a customer as the detail shows it."""
    return {
        "guid": customer_guid, "billingAddress": billing, "deliveryAddress": deliveries, "creationTime": created, "changeTime": changed,
        "customerGroup": {"id": group["id"], "name": group["name"]}, "priceList": PRICE_LISTS[group["defaultPricelistId"] - 1],
        "remark": remark,
        "priceRatio": "1.0000", "birthDate": birth_date, "accounts": accounts, "disabledOrders": disabled, "remarks": [],
        "adminUrl": f"{SHOP_URL}/admin/zakaznici-detail/?id={number}",
    }  # fmt: skip
