"""The buttons that speak to a partner while a person waits: one try, on the budget that all workers share, and plain sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.contrib.messages import ERROR, SUCCESS, WARNING
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.errors import PartnerError
from clients.shoptet.client import ShoptetClient
from shops.clients import IMPATIENT, shoptet_client
from shops.connection import CheckResult
from shops.models import Shop
from sync.models.job import Priority
from sync.partner_words import trouble_in_words
from sync.partners import shoptet_breaker, shoptet_limiter
from sync.probes import Owner, ask, conclude
from sync.stock_meaning import check_meaning
from webhooks.addresses import NoPublicAddress
from webhooks.key_renewal import RenewalUnderWay, renew_key
from webhooks.registration import Registered, register_all

Answers = list[tuple[int, str]]


class PartnerButton(Protocol):
    """Do something at a partner and say what came of it, as levels of messages and sentences."""

    def __call__(self, shop: Shop, *, take_over: bool) -> Answers: ...


def test_connection(shop: Shop, *, take_over: bool = False) -> Answers:
    """Ask both partners whether the portal may work with them."""
    return [test_partner(shop), test_partner(shop.bluejet)]


def test_partner(owner: Owner) -> tuple[int, str]:
    """Ask one partner, also where it is known to refuse the credentials; whatever waited for them goes on where they work."""
    result = ask(owner)
    conclude(owner, result)
    return _answer(result)


def register_webhooks(shop: Shop, *, take_over: bool) -> Answers:
    """Register every event; NeedsConfirmation goes to the caller, who asks the person."""

    def act(client: ShoptetClient) -> Answers:
        return _tell(register_all(shop, take_over=take_over, client=client))

    return _speak(shop, act)


def renew_signature_key(shop: Shop, *, take_over: bool) -> Answers:
    """Renew the key; NeedsConfirmation goes to the caller, who asks the person."""

    def act(client: ShoptetClient) -> Answers:
        done = renew_key(shop, take_over=take_over, client=client)
        answers = [(SUCCESS, _("The key is renewed; deliveries signed with the old one are accepted on."))]
        if done.released:
            sentence = ngettext(
                "%(count)d delivery was taken in from quarantine.", "%(count)d deliveries were taken in from quarantine.", done.released
            )
            answers.append((SUCCESS, sentence % {"count": done.released}))
        return answers

    return _speak(shop, act)


def find_stock_meaning(shop: Shop, *, take_over: bool = False) -> Answers:
    """Find out whether the amount is what may be ordered or what lies on the shelf."""

    def act(client: ShoptetClient) -> Answers:
        checked = check_meaning(shop, client)
        return [(SUCCESS if checked.decided and checked.agrees else WARNING, checked.sentence)]

    return _speak(shop, act)


def _speak(shop: Shop, act: Callable[[ShoptetClient], Answers]) -> Answers:
    limiter, breaker = shoptet_limiter(shop), shoptet_breaker(shop)
    client = shoptet_client(shop, priority=Priority.ORDERS, limiter=limiter, breaker=breaker, policy=IMPATIENT)
    try:
        with client:
            return act(client)
    except (NoPublicAddress, RenewalUnderWay) as error:
        return [(ERROR, str(error))]
    except PartnerError as error:
        return [(ERROR, _("Shoptet did not do it: %(reason)s") % {"reason": trouble_in_words(str(error))})]


def _answer(result: CheckResult) -> tuple[int, str]:
    detail = f" ({result.detail})" if result.detail else ""
    return (SUCCESS if result.ok else ERROR), f"{result.sentence}{detail}"


def _tell(done: Registered) -> Answers:
    count = len(done.added) + len(done.changed)
    answers: Answers = []
    if count:
        sentence = ngettext("%(count)d event is newly registered here.", "%(count)d events are newly registered here.", count)
        answers.append((SUCCESS, sentence % {"count": count}))
    elif not done.refused:
        answers.append((SUCCESS, _("Everything was registered already.")))
    answers += [
        (WARNING, _("Shoptet refused the event %(event)s: %(reason)s") % {"event": event, "reason": reason})
        for event, reason in done.refused.items()
    ]
    return answers
