"""Who owns what the shops of a BlueJet account share: refused where it would be two, warned of where it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shops.flow_settings import create_flow_settings
from shops.models import OWNERSHIPS, BlueJetAccount, Shop
from tests.admin.test_shops import _shop_form


@pytest.fixture
def second(shop: Shop) -> Shop:
    made = Shop.objects.create(name="Druhý", eshop_id="222652", external_prefix="druhy", bluejet=shop.bluejet)
    create_flow_settings(made)
    return made


def form_of(shop: Shop, **changes: Any) -> dict[str, Any]:
    form = {name: value for name, value in _shop_form(shop).items() if name not in OWNERSHIPS}
    form |= {name: "on" for name in OWNERSHIPS if getattr(shop, name)}
    return {name: value for name, value in (form | changes).items() if value is not None}


def address(page: str, shop: Shop) -> str:
    return reverse(f"admin:shops_shop_{page}", args=[shop.pk])


def save(technician: Client, shop: Shop, **changes: Any) -> str:
    """Save the shop's form; return what the page says, nothing where it was saved."""
    answer = technician.post(address("change", shop), form_of(shop, **changes))
    return "" if answer.status_code == 302 else answer.content.decode()


@pytest.mark.parametrize("name", OWNERSHIPS)
def test_a_second_owner_is_refused_with_the_name_of_the_first(technician: Client, shop: Shop, second: Shop, name: str) -> None:
    said = save(technician, second, **{name: "on"})

    second.refresh_from_db()
    assert shop.name in said
    assert not getattr(second, name)


@pytest.mark.parametrize("name", OWNERSHIPS)
def test_an_owner_may_not_move_to_an_account_that_has_one(technician: Client, shop: Shop, name: str) -> None:
    account = BlueJetAccount.objects.create(name="Jiný", base_url="http://127.0.0.1:9/api/v2", pace=0)
    mover = Shop.objects.create(name="Druhý", eshop_id="222652", external_prefix="druhy", bluejet=account)
    create_flow_settings(mover)

    said = save(technician, mover, bluejet=shop.bluejet_id, **{one: None for one in OWNERSHIPS if one != name})
    kept = Shop.objects.get(pk=mover.pk).bluejet_id
    allowed = save(technician, mover, bluejet=shop.bluejet_id, **dict.fromkeys(OWNERSHIPS))

    assert shop.name in said
    assert (kept, allowed) == (account.pk, "")


def test_ownership_goes_over_once_the_first_has_given_it_up(technician: Client, shop: Shop, second: Shop) -> None:
    said = [save(technician, shop, owns_products=None), save(technician, second, owns_products="on")]

    assert said == ["", ""]
    assert list(Shop.objects.order_by("pk").values_list("owns_products", flat=True)) == [False, True]


def test_a_further_shop_that_is_added_as_an_owner_is_refused(technician: Client, shop: Shop) -> None:
    form = form_of(shop, name="Druhý", eshop_id="222652", external_prefix="druhy") | {"flows-TOTAL_FORMS": 0, "flows-INITIAL_FORMS": 0}

    refused = technician.post(reverse("admin:shops_shop_add"), form)
    added = technician.post(reverse("admin:shops_shop_add"), {name: value for name, value in form.items() if name not in OWNERSHIPS})

    assert (refused.status_code, added.status_code) == (200, 302)
    assert [getattr(Shop.objects.get(eshop_id="222652"), name) for name in OWNERSHIPS] == [False, False]


def test_the_form_of_a_first_shop_has_its_ticks_and_that_of_a_second_has_not(technician: Client, db: None) -> None:
    def ticked() -> list[bool]:
        form = technician.get(reverse("admin:shops_shop_add")).context["adminform"].form
        return [bool(form.get_initial_for_field(form.fields[name], name)) for name in OWNERSHIPS]

    account = BlueJetAccount.objects.create(name="Jiný", base_url="http://127.0.0.1:9/api/v2", pace=0)
    first = ticked()
    Shop.objects.create(name="První", eshop_id="222651", bluejet=account)

    assert (first, ticked()) == ([True, True], [False, False])


def test_two_owners_of_before_are_saved_as_they_are_and_warned_of_in_red(technician: Client, shop: Shop, second: Shop) -> None:
    Shop.objects.update(owns_products=True)
    second.refresh_from_db()

    said = save(technician, second, name="Druhý obchod")
    pages = [
        reverse("admin:index"),
        address("change", shop),
        reverse("admin:shops_shop_webhooks", args=[shop.pk]),
    ]
    shown = [technician.get(page).content.decode() for page in pages]

    assert said == ""
    assert [("Druhý obchod" in page and "alarm" in page) or "Druhý obchod" in page for page in shown] == [True] * 3
    assert [page.count('class="alarm"') for page in shown[:2]] == [1, 1]
