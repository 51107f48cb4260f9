"""The login to BlueJet and its token."""

from __future__ import annotations

import logging

import pytest

from clients.bluejet import MemorySession
from clients.bluejet.session import LIFETIME_SECONDS
from clients.errors import Conflict, CredentialsRefused, MalformedAnswer, PartnerError, Refused, Unauthorised
from tests.contracts.bluejet_wire import Wire, answer, client_on, page

LOGGED_IN = {"succeeded": True, "token": "a-fresh-token-of-the-instance", "message": None}


def test_the_first_request_logs_in_and_carries_the_token() -> None:
    wire = Wire(answer(LOGGED_IN), page())

    client_on(wire, logged_in=False).check()

    assert wire.sent[0].path == "users/authenticate"
    assert wire.sent[0].json == {"tokenID": "the-token-id", "tokenHash": "the-secret-hash"}
    assert wire.sent[1].headers["X-Token"] == "a-fresh-token-of-the-instance"


def test_a_token_that_another_worker_took_is_used() -> None:
    wire = Wire(page())

    client_on(wire).check()

    assert [sent.path for sent in wire.sent] == ["data"]
    assert wire.sent[0].headers["X-Token"] == "a-token-of-another-worker"


def test_the_token_is_kept_for_less_than_it_lives() -> None:
    assert LIFETIME_SECONDS == 23 * 3600


def test_a_refused_token_is_replaced_once_and_the_request_repeated() -> None:
    wire = Wire(answer({"message": "Neplatný token"}, 401), answer(LOGGED_IN), page())

    client_on(wire).check()

    assert [sent.path for sent in wire.sent] == ["data", "users/authenticate", "data"]


def test_a_token_that_another_worker_replaced_meanwhile_saves_a_login() -> None:
    class Replaced(MemorySession):
        tokens = ["an-old-token", "a-new-token"]

        def load(self) -> str | None:
            return self.tokens.pop(0)

    wire = Wire(answer(status=401), page())
    client = client_on(wire)
    client._login._store = Replaced()  # type: ignore[attr-defined]

    client.check()

    assert [sent.headers["X-Token"] for sent in wire.sent] == ["an-old-token", "a-new-token"]


def test_a_second_refusal_is_not_answered_with_a_second_login() -> None:
    wire = Wire(answer(status=401), answer(LOGGED_IN), answer(status=401), answer(status=401))

    with pytest.raises(CredentialsRefused):
        client_on(wire).check()

    assert [sent.path for sent in wire.sent] == ["data", "users/authenticate", "data", "data"]


def test_a_missing_right_does_not_cost_a_login() -> None:
    wire = Wire(answer({"message": "Nemáte právo"}, 403))

    with pytest.raises(Unauthorised, match="Nemáte právo"):
        client_on(wire).check()

    assert len(wire.sent) == 1


def test_wrong_credentials_answered_with_200_are_unauthorised_with_bluejets_own_words() -> None:
    wire = Wire(answer({"succeeded": False, "token": "", "message": "Špatné přihlašovací údaje."}))

    with pytest.raises(Unauthorised, match="Špatné přihlašovací údaje") as caught:
        client_on(wire, logged_in=False).check()

    assert not caught.value.retryable


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_credentials_answered_with_a_status_are_unauthorised_too(status: int) -> None:
    wire = Wire(answer({"succeeded": False, "token": "", "message": "Špatné přihlašovací údaje."}, status))

    with pytest.raises(Unauthorised, match="Špatné přihlašovací údaje"):
        client_on(wire, logged_in=False).check()


def test_a_login_answer_without_a_token_is_malformed() -> None:
    with pytest.raises(MalformedAnswer, match="holds no token"):
        client_on(Wire(answer({"succeeded": True})), logged_in=False).check()


@pytest.mark.parametrize("body", [{"message": "K API ke možné přistupovat jedině na protokolu HTTPS."}, "K API … HTTPS."])
def test_the_reason_of_a_400_is_shown(body: object) -> None:
    with pytest.raises(Refused, match=r"K API .* HTTPS"):
        client_on(Wire(answer(body, 400))).check()


@pytest.mark.parametrize(
    "failing",
    [
        answer({"message": "Token a-fresh-token-of-the-instance, the-secret-hash"}, 400),
        answer(text='{"succeeded":true,"token":"a-fresh-token-of-the-insta'),
        answer(text="<p>the-secret-hash</p>", status=500),
        answer(text="the-secret-hash", status=409),
    ],
)
def test_no_error_and_no_log_line_shows_a_secret(failing: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wire = Wire(answer(LOGGED_IN), failing, failing, failing)  # type: ignore[arg-type]
    client = client_on(wire, logged_in=False)

    with pytest.raises(PartnerError) as caught:
        client.check()

    shown = f"{caught.value!r} {caught.value} {caplog.text}"
    assert "the-secret-hash" not in shown
    assert "a-fresh-token" not in shown


def test_a_refused_login_that_repeats_the_credentials_does_not_show_them() -> None:
    wire = Wire(answer({"succeeded": False, "message": "Účet the-token-id s heslem the-secret-hash neexistuje"}))

    with pytest.raises(Unauthorised, match="neexistuje") as caught:
        client_on(wire, logged_in=False).check()

    assert "the-secret-hash" not in str(caught.value)
    assert "the-token-id" not in str(caught.value)


def test_an_error_keeps_its_kind_through_the_login() -> None:
    with pytest.raises(Conflict):
        client_on(Wire(answer({"message": "obsazeno"}, 409))).check()
