"""Somebody else changes the registrations while the portal does: they are read again, compared again, written once more."""

from __future__ import annotations

from typing import Any

import pytest

from clients.errors import AlreadyChanged, NotFound, TooLarge
from shops.models import Shop
from tests.webhooks.fake_shoptet import FakeShoptet
from webhooks.addresses import url_for
from webhooks.key_renewal import renew_key
from webhooks.registration import NeedsConfirmation, register_all, wanted_events

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handlers")]
THEIRS = "https://other.example/hook"
OLD = "https://portal.example/old"


@pytest.fixture(autouse=True)
def public_url(settings: Any) -> None:
    settings.PUBLIC_URL = "https://portal.example"


class Meanwhile(FakeShoptet):
    """Refuse the first write of one kind, after somebody else has done something."""

    write, error, deed = "", AlreadyChanged, staticmethod(lambda shoptet: None)

    def _interrupt(self, write: str) -> None:
        if self.write == write:
            self.write = ""
            self.deed(self)
            raise self.error("told by the test", partner="Shoptet", status=409)

    def register_webhooks(self, registrations: list[tuple[str, str]]) -> list[dict[str, Any]]:
        self._interrupt("register")
        return super().register_webhooks(registrations)

    def change_webhook(self, webhook_id: str, url: str) -> None:
        self._interrupt("change")
        super().change_webhook(webhook_id, url)


def interrupted(write: str, deed: Any, error: Any = AlreadyChanged, **hooks: Any) -> Meanwhile:
    shoptet = Meanwhile(**hooks)
    shoptet.write, shoptet.error, shoptet.deed = write, error, deed
    return shoptet


@pytest.mark.parametrize("write", ["register", "change"])
def test_a_registration_that_somebody_came_before_is_made_once_more(shop: Shop, write: str) -> None:
    shoptet = interrupted(write, lambda one: None, hooks={"order:create": OLD})

    done = register_all(shop, client=shoptet)

    assert shoptet.hooks == {event: url_for(event) for event in wanted_events()}
    assert (done.changed, done.refused) == (["order:create"], {})


def test_a_registration_that_was_deleted_meanwhile_is_made_anew(shop: Shop) -> None:
    shoptet = interrupted("change", lambda one: one.hooks.pop("order:create"), NotFound, hooks={"order:create": OLD})

    done = register_all(shop, client=shoptet)

    assert shoptet.hooks["order:create"] == url_for("order:create")
    assert "order:create" in done.added


def test_what_another_installation_took_meanwhile_is_asked_about(shop: Shop) -> None:
    shoptet = interrupted("register", lambda one: one.hooks.update({"order:create": THEIRS}))

    with pytest.raises(NeedsConfirmation, match="order:create"):
        register_all(shop, client=shoptet)

    assert shoptet.hooks == {"order:create": THEIRS}


def test_what_another_installation_registered_just_before_is_not_called_ours(shop: Shop) -> None:
    class Quicker(FakeShoptet):
        def register_webhooks(self, registrations: list[tuple[str, str]]) -> list[dict[str, Any]]:
            self.hooks.setdefault("order:create", THEIRS)
            return super().register_webhooks(registrations)

    shoptet = Quicker()

    done = register_all(shop, client=shoptet)

    assert ("order:create" in done.added, list(done.refused)) == (False, ["order:create"])
    assert shoptet.hooks["order:create"] == THEIRS


def test_a_key_that_somebody_else_renews_at_the_same_moment_is_renewed_once_more(shop: Shop) -> None:
    class Renewed(FakeShoptet):
        def renew_signature_key(self) -> str:
            key = super().renew_signature_key()
            if self.renewals == 1:
                raise AlreadyChanged("told by the test", partner="Shoptet", status=409)
            return key

    renew_key(shop, client=Renewed())

    assert shop.webhook_key == "key-2"


def test_where_they_are_too_many_at_once_fewer_are_sent(shop: Shop) -> None:
    class Narrow(FakeShoptet):
        def register_webhooks(self, registrations: list[tuple[str, str]]) -> list[dict[str, Any]]:
            if len(registrations) > 1:
                raise TooLarge("told by the test", partner="Shoptet", status=413)
            return super().register_webhooks(registrations)

    shoptet = Narrow()

    assert register_all(shop, client=shoptet).refused == {}
    assert shoptet.hooks == {event: url_for(event) for event in wanted_events()}


def test_what_is_changed_again_and_again_is_given_up(shop: Shop) -> None:
    class Restless(FakeShoptet):
        def register_webhooks(self, registrations: list[tuple[str, str]]) -> list[dict[str, Any]]:
            raise AlreadyChanged("told by the test", partner="Shoptet", status=409)

    with pytest.raises(AlreadyChanged):
        register_all(shop, client=Restless())
