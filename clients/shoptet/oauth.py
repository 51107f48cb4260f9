"""Access as an add-on: the code of an installation becomes an OAuth token, and that a short-lived API token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clients.credentials import LOGIN_REFUSED, logged_in
from clients.errors import CredentialsRefused, PartnerError, Throttled
from clients.shoptet.connection import checked, explain
from clients.shoptet.wire import key, required_text, section, text, whole
from clients.transport import Answer, RetryPolicy, Transport

PARTNER = "Shoptet"
EXCHANGE_PATH = "/action/ApiOAuthServer/token"
ACCESS_PATH = "/action/ApiOAuthServer/getAccessToken"
TOO_MANY = "maximum_tokens_reached"
# Five tokens may be valid at once; the oldest one's half hour is usually over within some minutes.
WAIT_FOR_A_TOKEN = 60.0
# Shoptet gives the installation 5 s in all, so the code is exchanged in one try.
EXCHANGE_POLICY = RetryPolicy(delays=(0,), timeout=3.0, connect_timeout=1.5)


@dataclass(frozen=True)
class Grant:
    """What an installation gave: the lasting OAuth token, and whose shop it is for."""

    oauth_token: str = field(repr=False)
    eshop_id: str
    eshop_url: str
    contact_email: str = field(repr=False)
    scope: str = ""


@dataclass(frozen=True)
class ApiToken:
    """A token for API calls; `expires_in` is in seconds."""

    token: str = field(repr=False)
    expires_in: int


def exchange_code(partner_url: str, *, client_id: str, client_secret: str, code: str, redirect_uri: str, **transport_options: Any) -> Grant:
    """Exchange the code of an installation, which works once and within 5 seconds.

    Nothing calls it yet: the page that Shoptet opens at an installation is a later issue, until then a shop's OAuth token is pasted in.

    Source: POST https://<partner e-shop>/action/ApiOAuthServer/token.
    """
    body = {
        "client_id": client_id,
        "client_secret": client_secret,
        "code": code,
        "grant_type": "authorization_code",
        "redirect_uri": redirect_uri,
        "scope": "api",
    }
    options: dict[str, Any] = {"policy": EXCHANGE_POLICY, "secrets": (client_secret, code)} | transport_options
    with Transport(partner=PARTNER, base_url=partner_url, **options) as transport:
        given = {name: value for name, value in body.items() if value}
        answer = transport.send("POST", EXCHANGE_PATH, json=given, explain=explain)
    return checked(answer, lambda: _grant(section({"body": answer.body}, "body", "answer")))


def request_api_token(eshop_url: str, oauth_token: str, **transport_options: Any) -> ApiToken:
    """Get an API token; at most five are valid at once, so all workers share one.

    Raise `Throttled` when Shoptet says that there are five already, `CredentialsRefused` when it gives none for this OAuth token.
    Source: GET https://<eshop>/action/ApiOAuthServer/getAccessToken.
    """
    with Transport(partner=PARTNER, base_url=eshop_url, **transport_options) as transport:
        try:
            headers = {"Authorization": f"Bearer {oauth_token}"}
            answer = logged_in(lambda: transport.send("GET", ACCESS_PATH, headers=headers, explain=explain))
        except PartnerError as error:
            if any(TOO_MANY in (line.code, line.message) for line in error.messages):
                raise _too_many(error.request, error.request_id) from None
            raise
    if isinstance(answer.body, dict) and answer.body.get("error") == TOO_MANY:
        raise _too_many(answer.request, answer.request_id)
    if isinstance(answer.body, dict) and answer.body.get("error"):
        facts: dict[str, Any] = {"request": answer.request, "status": answer.status, "request_id": answer.request_id}
        raise CredentialsRefused(LOGIN_REFUSED, partner=PARTNER, messages=explain(answer.body), **facts)
    return checked(answer, lambda: _api_token(answer))


def _grant(body: Mapping[str, Any]) -> Grant:
    return Grant(
        oauth_token=required_text(body, "access_token", "grant"),
        eshop_id=key(body, "eshopId", "grant"),
        eshop_url=required_text(body, "eshopUrl", "grant"),
        contact_email=text(body.get("contactEmail")),
        scope=text(body.get("scope")),
    )


def _api_token(answer: Answer) -> ApiToken:
    body = section({"body": answer.body}, "body", "answer")
    return ApiToken(token=required_text(body, "access_token", "token"), expires_in=whole(body, "expires_in", "token"))


def _too_many(request: str, request_id: str) -> Throttled:
    return Throttled(
        "five API tokens are valid already", partner=PARTNER, request=request, request_id=request_id, retry_after=WAIT_FOR_A_TOKEN
    )
