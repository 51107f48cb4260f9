"""The states that the portal itself gives to documents: the account's words, and the shop's status mappings."""

from __future__ import annotations

from typing import Any

import pytest

from clients.bluejet import evidences_for
from mappings.models import StatusMapping
from mappings.tables import Target
from sync.flows.order.states import mapped_cancellation
from sync.proposals import STATUS_RULES
from tests.sync.happenings import announce, bring, change, place
from tests.sync.holdings import Holdings
from tests.sync.portal import Portal

CANCELLED = "Stornovaná"
WORKING = -2


@pytest.fixture
def holds(portal: Portal) -> Holdings:
    """Return what BlueJet holds."""
    return Holdings(portal)


def delivered(portal: Portal, **wishes: Any) -> str:
    """Bring an order over."""
    bring(portal, "SPO01")
    code = place(portal, "SPO01", **wishes)
    portal.work()
    return code


def delete(portal: Portal, code: str) -> None:
    """Let the shop's staff delete an order."""
    portal.control(f"/orders/{code}", method="DELETE")
    announce(portal, "order:delete", code)
    portal.work()


def says(portal: Portal, kind: str, **states: str) -> None:
    """Let the technician write into the account how this BlueJet calls its states."""
    portal.shop.bluejet.evidences = {kind: states}
    portal.shop.bluejet.save()


@pytest.mark.parametrize("status", [-1, WORKING], ids=["offer", "order"])
def test_a_deleted_order_gets_the_state_of_the_status_that_cancels(portal: Portal, holds: Holdings, status: int) -> None:
    StatusMapping.objects.filter(shoptet_id="-4").update(bluejet_value="Odeslaná")
    code = delivered(portal, status=status)

    delete(portal, code)

    assert holds.document(code).state == "Odeslaná"


def test_a_deleted_order_gets_bluejets_own_word_where_no_status_cancels(portal: Portal, holds: Holdings) -> None:
    StatusMapping.objects.filter(cancels=True).delete()
    code = delivered(portal)

    delete(portal, code)

    assert holds.document(code).state == CANCELLED


def test_what_the_account_calls_a_cancelled_document_comes_first(portal: Portal, holds: Holdings) -> None:
    says(portal, "offer", cancelled="Odeslaná")
    code = delivered(portal)

    delete(portal, code)

    assert holds.document(code).state == "Odeslaná"


@pytest.mark.parametrize("dialect", ["data"])
def test_an_offer_that_an_order_replaced_gets_the_accounts_word(portal: Portal, holds: Holdings) -> None:
    says(portal, "offer", closed="Zamítnutá")
    code = delivered(portal)

    change(portal, code, status=WORKING)
    portal.work()

    assert [document.state for document in holds.documents(code)] == ["Zamítnutá", "Potvrzená"]


def test_an_order_that_is_taken_up_again_gets_the_accounts_word(portal: Portal, holds: Holdings) -> None:
    says(portal, "order", open="Odeslaná")
    code = delivered(portal, status=WORKING)

    change(portal, code, status=-1)
    portal.work()

    assert holds.document(code).state == "Odeslaná"


@pytest.mark.parametrize("dialect", ["data"])
def test_an_order_that_is_taken_up_again_gets_the_mapped_state_where_the_account_names_none(portal: Portal, holds: Holdings) -> None:
    says(portal, "order", open="")
    StatusMapping.objects.filter(shoptet_id="-1").update(bluejet_value="Odeslaná")
    code = delivered(portal, status=WORKING)

    change(portal, code, status=-1)
    portal.work()

    assert holds.document(code).state == "Odeslaná"


def test_of_several_statuses_that_cancel_shoptets_own_is_followed() -> None:
    def row(value: str, *, cancels: bool = True) -> Target:
        return Target(value, extra={"document": "offer", "cancels": cancels})

    assert mapped_cancellation({"-1": row("A", cancels=False), "12": row("B"), "-4": row("C")}) == "C"
    assert mapped_cancellation({"-1": row("A", cancels=False), "12": row("B")}) == "B"
    assert mapped_cancellation({"-1": row("A", cancels=False)}) == ""


@pytest.mark.parametrize("kind", ["offer", "order"])
@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_what_is_proposed_for_a_cancelled_order_is_what_the_portal_says_itself(dialect: Any, kind: str) -> None:
    (rule,) = [rule for rule in STATUS_RULES if rule.cancels]

    assert getattr(rule, dialect) == evidences_for(dialect, {})[kind].cancelled
