"""Which answers mean that the credentials do not work, which that one right is missing, and which neither: by partner, as a table."""

from __future__ import annotations

from typing import Any

import pytest

from clients.errors import (
    CredentialsRefused,
    Locked,
    MalformedAnswer,
    MissingModule,
    PartnerError,
    PartnerUnavailable,
    RightMissing,
    Throttled,
)
from clients.retries import RetryPolicy
from clients.shoptet.client import ShoptetClient
from clients.shoptet.config import ADDON_HEADER, ShoptetConfig
from clients.shoptet.oauth import request_api_token
from tests.clients.fake_partner import FakePartner, RememberingBreaker, Reply, session_on
from tests.contracts.bluejet_wire import Wire, answer, client_on, page

ONCE = RetryPolicy(delays=(0,))
LOGGED_IN = {"succeeded": True, "token": "a-fresh-token-of-the-instance", "message": None}


def said(status: int, code: str = "") -> Reply:
    """Make Shoptet's refusal with a code of its own, or none."""
    return Reply(status, {"data": None, "errors": [{"errorCode": code, "message": "no", "instance": "x"}] if code else []})


FINE = Reply(body={"data": {"stocks": [], "paginator": {"totalCount": 0, "pageCount": 1}}})
# What is answered to one request and to those that follow from it; what it means; how many requests it took.
SHOPTET: list[tuple[list[Reply], type[PartnerError], int]] = [
    ([said(401, "invalid-token")], CredentialsRefused, 1),
    ([said(401, "missing-access-token")], CredentialsRefused, 1),
    ([said(401, "expired-token")], CredentialsRefused, 1),
    ([said(401)], CredentialsRefused, 2),
    ([said(401, "of-a-later-version")], CredentialsRefused, 2),
    ([Reply(401, b"<html>")], CredentialsRefused, 2),
    ([said(401), FINE], RightMissing, 2),
    ([said(401), said(403, "invalid-token-no-rights")], RightMissing, 2),
    ([said(401), said(404)], RightMissing, 2),
    ([said(401), said(503)], PartnerUnavailable, 2),
    ([said(401), said(429)], Throttled, 2),
    ([said(401, "invalid-token-no-rights")], RightMissing, 1),
    ([said(403, "invalid-token-no-rights")], RightMissing, 1),
    ([said(403)], RightMissing, 1),
    ([said(403, "missing-module")], MissingModule, 1),
    ([said(423)], Locked, 1),
    ([said(429)], Throttled, 1),
    ([said(500)], PartnerUnavailable, 1),
    ([said(503)], PartnerUnavailable, 1),
]


def names(cases: list[Any]) -> list[str]:
    return [f"{number}-{case[1].__name__}" for number, case in enumerate(cases)]


@pytest.mark.parametrize(("script", "expected", "requests"), SHOPTET, ids=names(SHOPTET))
def test_what_shoptet_answers_to_a_private_token(script: list[Reply], expected: type[PartnerError], requests: int) -> None:
    partner, breaker = FakePartner(*script), RememberingBreaker()
    client = ShoptetClient(
        ShoptetConfig("https://api.myshoptet.com", "a-private-token"), session=session_on(partner), breaker=breaker, policy=ONCE
    )

    with pytest.raises(expected) as caught:
        client.price_lists()

    alarms = [told for told in breaker.told if told.startswith(("refused", "lacks"))]
    words = {CredentialsRefused: ["refused"], RightMissing: ["lacks: GET /api/pricelists"]}
    assert type(caught.value) is expected or expected is PartnerUnavailable
    assert len(partner.requests) == requests
    assert words.get(expected, []) == [told for told in alarms if "/api/eshop" not in told]


@pytest.mark.parametrize(("code", "certain"), [("invalid-token-no-rights", True), ("INVALID_TOKEN_NO_RIGHTS", True), ("", False)])
def test_only_a_right_that_shoptet_names_is_surely_missing_to_everybody(code: str, certain: bool) -> None:
    client = ShoptetClient.for_token("https://api.myshoptet.com", "token", session=session_on(FakePartner(said(403, code))))

    with pytest.raises(RightMissing) as caught:
        client.price_lists()

    assert (caught.value.right, caught.value.certain) == ("GET /api/pricelists", certain)


@pytest.mark.parametrize("token", ["token\nwith a line", "žetón", "„token“", "token\u200b"])
def test_a_token_that_no_header_can_carry_is_refused_before_anything_is_sent(token: str) -> None:
    partner, breaker = FakePartner(FINE), RememberingBreaker()
    client = ShoptetClient(ShoptetConfig("https://api.myshoptet.com", token), session=session_on(partner), breaker=breaker)

    with pytest.raises(CredentialsRefused, match="copy it again"):
        client.price_lists()

    assert (partner.requests, breaker.told) == ([], ["refused"])


class Provider:
    """A provider of add-on tokens that has no other token to give."""

    def __init__(self, error: PartnerError | None = None) -> None:
        self.error, self.refreshed = error, 0

    def __call__(self) -> str:
        return "old-token"

    def refresh(self) -> str:
        self.refreshed += 1
        if self.error:
            raise self.error
        return "new-token"


@pytest.mark.parametrize(
    ("script", "error", "expected", "refreshed"),
    [
        ([said(401, "expired-token")], None, CredentialsRefused, 1),
        ([said(401, "invalid-token")], None, CredentialsRefused, 1),
        ([said(401)], None, CredentialsRefused, 1),
        ([said(401, "expired-token")], CredentialsRefused("the login was refused", partner="Shoptet"), CredentialsRefused, 1),
        ([said(401, "expired-token")], PartnerUnavailable("no answer", partner="Shoptet"), PartnerUnavailable, 1),
        ([said(401, "expired-token")], Throttled("five already", partner="Shoptet"), Throttled, 1),
        ([said(401), FINE], None, RightMissing, 0),
        ([said(403)], None, RightMissing, 0),
    ],
)
def test_what_shoptet_answers_to_an_add_on(
    script: list[Reply], error: PartnerError | None, expected: type[PartnerError], refreshed: int
) -> None:
    provider, breaker = Provider(error), RememberingBreaker()
    config = ShoptetConfig("https://api.myshoptet.com", provider, header=ADDON_HEADER)

    with pytest.raises(expected):
        ShoptetClient(config, session=session_on(FakePartner(*script)), breaker=breaker, policy=ONCE).price_lists()

    assert provider.refreshed == refreshed
    assert ("refused" in breaker.told) == (expected is CredentialsRefused)


# The two logins

LOGIN: list[tuple[int, type[PartnerError]]] = [
    (302, CredentialsRefused),
    (400, CredentialsRefused),
    (401, CredentialsRefused),
    (403, CredentialsRefused),
    (404, CredentialsRefused),
    (405, CredentialsRefused),
    (408, PartnerUnavailable),
    (409, CredentialsRefused),
    (422, CredentialsRefused),
    (423, Locked),
    (425, PartnerUnavailable),
    (429, Throttled),
    (500, PartnerUnavailable),
    (502, PartnerUnavailable),
    (503, PartnerUnavailable),
]


@pytest.mark.parametrize(("status", "expected"), LOGIN)
def test_what_bluejet_answers_to_the_login(status: int, expected: type[PartnerError]) -> None:
    wire, breaker = Wire(*[answer({"message": "ne"}, status)] * 3), RememberingBreaker()
    client = client_on(wire, logged_in=False)
    client._login._transport.breaker = breaker

    with pytest.raises(expected):
        client.check()

    assert ("refused" in breaker.told) == (expected is CredentialsRefused)


@pytest.mark.parametrize(("status", "expected"), LOGIN)
def test_what_shoptet_answers_to_an_oauth_token(status: int, expected: type[PartnerError]) -> None:
    with pytest.raises(expected):
        request_api_token("https://shop.example", "oauth-token", session=session_on(FakePartner(said(status))), policy=ONCE)


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"error": "invalid_grant"}, CredentialsRefused), ({"error": "maximum_tokens_reached"}, Throttled), ({}, MalformedAnswer)],
)
def test_a_success_without_a_token_is_read_to_its_end(body: Any, expected: type[PartnerError]) -> None:
    with pytest.raises(expected):
        request_api_token("https://shop.example", "oauth-token", session=session_on(FakePartner(Reply(200, body))))


@pytest.mark.parametrize(
    ("script", "expected", "paths"),
    [
        ([401, LOGGED_IN, 401, 401], CredentialsRefused, ["data", "users/authenticate", "data", "data"]),
        ([401, LOGGED_IN, 401, page()], RightMissing, ["data", "users/authenticate", "data", "data"]),
        ([401, LOGGED_IN, 401, 403], RightMissing, ["data", "users/authenticate", "data", "data"]),
        ([401, {"succeeded": False, "message": "Špatné"}], CredentialsRefused, ["data", "users/authenticate"]),
        ([401, 503, 503, 503], PartnerUnavailable, ["data", *["users/authenticate"] * 3]),
        ([403], RightMissing, ["data"]),
    ],
)
def test_what_bluejet_answers_to_a_session(script: list[Any], expected: type[PartnerError], paths: list[str]) -> None:
    wire = Wire(*(step if not isinstance(step, int | dict) else answered(step) for step in script))

    with pytest.raises(expected) as caught:
        client_on(wire).find("contact", "emailaddress1", "a@b.cz")

    assert type(caught.value) is expected
    assert [sent.path for sent in wire.sent] == paths
    if isinstance(caught.value, RightMissing):
        assert caught.value.right == "GET contact"


def answered(step: int | dict[str, Any]) -> Any:
    return answer({"message": "ne"}, step) if isinstance(step, int) else answer(step)


@pytest.mark.parametrize("dialect", ["data", "rest"])
def test_where_the_looked_at_kind_itself_is_refused_another_is_looked_at(dialect: str) -> None:
    fine = page() if dialect == "data" else answer({"items": [], "total": 0})
    wire = Wire(answer(status=401), answer(LOGGED_IN), answer(status=401), fine)

    with pytest.raises(RightMissing, match="lack the right"):
        client_on(wire, dialect=dialect).check()

    first, last = (wire.sent[place] for place in (0, -1))
    assert (first.path, first.params) != (last.path, last.params)
