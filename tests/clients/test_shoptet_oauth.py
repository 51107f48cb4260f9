"""The add-on's way to a token."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from clients.errors import MalformedAnswer, OutcomeUnknown, Refused, Throttled, Unauthorised
from clients.shoptet.oauth import ApiToken, exchange_code, request_api_token
from tests.clients.fake_partner import FakePartner, Reply, session_on

SECRET = "client-secret-0123456789"
CODE = "c" * 255
GRANT = {
    "access_token": "o" * 255,
    "expires_in": None,
    "token_type": "Bearer",
    "scope": "api",
    "eshopId": 222651,
    "eshopUrl": "https://www.gastro-vybaveni.cz/",
    "contactEmail": "info@gastro-vybaveni.cz",
}


def exchange(partner: FakePartner) -> Any:
    return exchange_code(
        "https://partner.example",
        client_id="client",
        client_secret=SECRET,
        code=CODE,
        redirect_uri="https://portal.example/oauth/",
        session=session_on(partner),
    )


def test_a_code_is_exchanged_for_the_lasting_token_and_the_shops_identity() -> None:
    partner = FakePartner(Reply(body=GRANT))

    grant = exchange(partner)

    assert partner.calls == ["POST /action/ApiOAuthServer/token"]
    assert partner.body() == {
        "client_id": "client",
        "client_secret": SECRET,
        "code": CODE,
        "grant_type": "authorization_code",
        "redirect_uri": "https://portal.example/oauth/",
        "scope": "api",
    }
    assert (grant.oauth_token, grant.eshop_id, grant.eshop_url) == ("o" * 255, "222651", "https://www.gastro-vybaveni.cz/")


def test_the_exchange_ends_within_the_five_seconds_that_shoptet_gives() -> None:
    partner = FakePartner(requests.ConnectTimeout())

    with pytest.raises(Exception, match="cannot be reached"):
        exchange(partner)

    assert len(partner.requests) == 1
    assert partner.timeouts[0].total < 5


def test_a_code_that_was_used_is_refused_without_showing_it() -> None:
    body = {"error": "invalid_grant", "error_description": f"The code {CODE} of {SECRET} was used"}

    with pytest.raises(Refused) as caught:
        exchange(FakePartner(Reply(400, body)))

    assert "invalid_grant" in str(caught.value)
    assert CODE not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_lost_answer_to_the_exchange_is_an_unknown_outcome() -> None:
    with pytest.raises(OutcomeUnknown):
        exchange(FakePartner(requests.ReadTimeout()))


def test_neither_token_shows_when_it_is_printed() -> None:
    assert "o" * 255 not in repr(exchange(FakePartner(Reply(body=GRANT))))
    assert "secret" not in repr(ApiToken("secret", 1800))


def test_an_api_token_is_got_with_the_lasting_one() -> None:
    partner = FakePartner(Reply(body={"access_token": "t" * 40, "expires_in": 1800}))

    token = request_api_token("https://www.gastro-vybaveni.cz/", "oauth-token", session=session_on(partner))

    assert partner.calls == ["GET /action/ApiOAuthServer/getAccessToken"]
    assert partner.requests[0].headers["Authorization"] == "Bearer oauth-token"
    assert token == ApiToken("t" * 40, 1800)


@pytest.mark.parametrize(
    "told",
    [
        Reply(400, {"error": "maximum_tokens_reached"}),
        Reply(403, {"errors": [{"errorCode": "maximum_tokens_reached", "message": "no more"}]}),
        Reply(200, {"error": "maximum_tokens_reached"}),
    ],
)
def test_a_sixth_token_is_waited_for(told: Reply) -> None:
    with pytest.raises(Throttled) as caught:
        request_api_token("https://shop.example", "oauth-token", session=session_on(FakePartner(told)))

    assert caught.value.retry_after == 60


def test_a_lasting_token_that_was_taken_back_is_told() -> None:
    with pytest.raises(Unauthorised):
        request_api_token("https://shop.example", "oauth-token", session=session_on(FakePartner(Reply(401, {"error": "invalid_token"}))))


@pytest.mark.parametrize("body", [None, [], {"access_token": "t"}, {"expires_in": 5}])
def test_a_token_answer_that_lacks_something_is_malformed(body: Any) -> None:
    with pytest.raises(MalformedAnswer):
        request_api_token("https://shop.example", "oauth-token", session=session_on(FakePartner(Reply(body=body))))


def test_a_token_may_be_of_any_length() -> None:
    token = "t" * 2000
    partner = FakePartner(Reply(body={"access_token": token, "expires_in": 1800}))

    got = request_api_token("https://shop.example", "grant", session=session_on(partner))

    assert got.token == token
