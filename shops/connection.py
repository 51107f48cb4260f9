"""Asks a partner whether the portal may work with it, and says in a sentence what came of it; changes nothing there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clients.errors import (
    BreakerOpen,
    CredentialsHeld,
    CredentialsRefused,
    NotFound,
    PartnerError,
    PartnerUnavailable,
    Refused,
    RightMissing,
    Throttled,
    UnderMaintenance,
)
from clients.transport import BreakerGuard, Limiter
from shops.clients import IMPATIENT, bluejet_client, shoptet_client
from shops.missing_sections import look_again
from shops.models import BlueJetAccount, Shop


@dataclass(frozen=True)
class CheckResult:
    """What came of asking one partner; `detail` is the partner's own explanation, `error` what the sentence was made of."""

    partner: str
    ok: bool
    sentence: str
    detail: str = ""
    error: Exception | None = None


class OtherShop(Exception):
    """Say that the token opens another e-shop than the one that it is kept for."""


def check_shoptet(shop: Shop, *, limiter: Limiter | None = None, breaker: BreakerGuard | None = None) -> CheckResult:
    """Ask Shoptet which e-shop the token belongs to."""

    def ask() -> str:
        with shoptet_client(shop, limiter=limiter, breaker=breaker, policy=IMPATIENT) as client:
            eshop = client.eshop()
        if str(eshop["id"]) != shop.eshop_id:
            raise OtherShop(
                _("The token belongs to the e-shop %(found)s, and the shop is set up as %(ours)s.")
                % {"found": eshop["id"], "ours": shop.eshop_id}
            )
        answers = _("Shoptet answers: the e-shop “%(name)s”.") % {"name": eshop.get("name") or eshop.get("url") or shop.name}
        if not look_again(shop):
            return answers
        again = _("The sections that were left out for want of a module are asked for again with the next record.")
        return f"{answers} {again}"

    return _result("Shoptet", ask)


def check_bluejet(account: BlueJetAccount, *, limiter: Limiter | None = None, breaker: BreakerGuard | None = None) -> CheckResult:
    """Log in to BlueJet and read one record."""

    def ask() -> str:
        bluejet_client(account, limiter=limiter, breaker=breaker, policy=IMPATIENT).check()
        return _("BlueJet answers and lets the portal read.")

    return _result("BlueJet", ask)


def _result(partner: str, ask: Callable[[], str]) -> CheckResult:
    try:
        return CheckResult(partner, True, ask())
    except PartnerError as error:
        return CheckResult(partner, False, _explain(partner, error), str(error), error)
    except OtherShop as error:
        return CheckResult(partner, False, str(error), error=error)
    except ValueError as error:
        return CheckResult(partner, False, _("The settings of %(partner)s cannot be used.") % {"partner": partner}, str(error), error)


def _explain(partner: str, error: PartnerError) -> str:
    kinds: list[tuple[type[PartnerError], str]] = [
        (CredentialsRefused, _("%(partner)s refuses the credentials: check that they are copied whole and still valid.")),
        (CredentialsHeld, _("%(partner)s refuses the credentials; nothing is sent until others are saved.")),
        (RightMissing, _("%(partner)s accepts the credentials, but they lack the right for this request.")),
        (BreakerOpen, _("%(partner)s is known not to answer; it is asked again in a moment.")),
        (NotFound, _("%(partner)s is there, but not under this address: check the API address.")),
        (Refused, _("%(partner)s refuses the request.")),
        (Throttled, _("%(partner)s has too much to do at the moment. Try again in a minute.")),
        (UnderMaintenance, _("%(partner)s is being maintained. It says so itself; try again in a few minutes.")),
        (PartnerUnavailable, _("%(partner)s does not answer: check the address, and whether it is running.")),
    ]
    otherwise = _("%(partner)s gave an answer that cannot be understood: check that the address is that of the API.")
    sentence = next((text for kind, text in kinds if isinstance(error, kind)), otherwise)
    return sentence % {"partner": partner}
