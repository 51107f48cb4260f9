"""What the clients say of a partner's trouble reaches people in their language."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from clients.errors import Unauthorised
from clients.verdicts import BY_STATUS, OTHERWISE
from sync.issues import Issue
from sync.partner_words import SAID, in_readers_words, trouble_in_words


def test_every_answer_that_the_clients_judge_by_its_status_has_words() -> None:
    assert {told for _, told in [*BY_STATUS.values(), OTHERWISE]} <= SAID


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("too many requests", "příliš mnoho požadavků"),
        ("the answer was lost (RemoteDisconnected)", "odpověď se ztratila (RemoteDisconnected)"),
        ("the login was refused: Špatné přihlašovací údaje.", "přihlášení odmítl: Špatné přihlašovací údaje."),
        ("Pole „nazev“ je povinné.", "Pole „nazev“ je povinné."),
    ],
)
def test_a_clients_sentence_is_translated_and_a_partners_own_is_not(message: str, words: str) -> None:
    with override("cs"):
        assert in_readers_words(message) == words


def test_what_a_run_or_an_attempt_noted_is_translated_and_keeps_what_the_partner_is_asked_by() -> None:
    error = Unauthorised("the credentials lack the right for this", partner="Shoptet", request="GET orders", status=403, request_id="r-1")

    with override("cs"):
        assert (
            trouble_in_words(str(error)) == "Shoptet: přihlašovací údaje na to nemají právo; request GET orders; status 403; request id r-1"
        )
        assert trouble_in_words("KeyError: 'code'") == "KeyError: 'code'"


def test_a_job_that_waits_for_a_partner_says_why_in_czech() -> None:
    issue = Issue("unavailable", params={"partner": "BlueJet", "message": "the partner cannot be reached (ConnectionRefusedError)"})

    with override("cs"):
        assert issue.sentence() == "BlueJet neodpovídá: nelze se s ním spojit (ConnectionRefusedError)"
