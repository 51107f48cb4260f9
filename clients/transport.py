"""One HTTP exchange with a partner: budget, breaker, retries, and an error that says what happened."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import requests
import urllib3

from clients.answers import Answer, CutOff, Explain, read_to_end
from clients.deadline import Deadline
from clients.errors import (
    Locked,
    MalformedAnswer,
    NotFound,
    OutcomeUnknown,
    PartnerError,
    PartnerMessage,
    PartnerUnavailable,
    Refused,
    RightMissing,
    Stopped,
    Throttled,
    Unauthorised,
)
from clients.limits import BreakerGuard, Limiter, NoBreaker, NoLimiter, read_filling
from clients.outgoing import READS, Meanings, Outgoing, secret_values
from clients.retries import RetryPolicy, innermost_reason, seconds_asked
from clients.sessions import open_session
from clients.verdicts import judge_answer, judge_silence

__all__ = ["Answer", "BreakerGuard", "Limiter", "NoBreaker", "NoLimiter", "RetryPolicy", "Transport", "open_session"]

logger = logging.getLogger(__name__)


class Transport:
    """Send requests to one partner; times in seconds, `priority` as the limiter reads it."""

    def __init__(
        self,
        *,
        partner: str,
        base_url: str,
        session: requests.Session | None = None,
        limiter: Limiter | None = None,
        breaker: BreakerGuard | None = None,
        policy: RetryPolicy | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        priority: int = 40,
        secrets: tuple[str, ...] = (),
    ) -> None:
        self.partner = partner
        self.base_url = base_url.rstrip("/")
        self.policy = policy or RetryPolicy()
        self.priority = priority
        self._owns_session = session is None
        self._session = session if session is not None else open_session()
        self._limiter: Limiter = limiter if limiter is not None else NoLimiter()
        self.breaker: BreakerGuard = breaker if breaker is not None else NoBreaker()
        self._sleep, self._clock, self._now = sleep, clock, now
        self._secrets = secrets

    def close(self) -> None:
        """Close the connections, unless the session was lent."""
        if self._owns_session:
            self._session.close()

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Any = None,
        json: Any = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool | None = None,
        explain: Explain | None = None,
        meanings: Meanings | None = None,
        shown: str = "",
        right: str = "",
        priority: int | None = None,
        cost: float = 1.0,
        before_attempt: Callable[[], None] | None = None,
    ) -> Answer:
        """Send one request and return its answer, tried again as the retry policy allows.

        `path` is relative to the base URL and quoted already. `repeatable` says that doing it twice does no harm; by
        default only reads are. `explain` reads the partner's own words from the body of a refusal, `meanings` says what its codes and
        statuses stand for beyond the usual. `shown` stands for the path in messages and logs, `right` names the right that the request
        needs where that says too little. `before_attempt` is called before the request goes out, each time that it does; what it raises
        keeps it back.
        """
        method = method.upper()
        shown = f"{method} {shown or path.partition('?')[0]}"
        request = Outgoing(
            partner=self.partner,
            method=method,
            url=f"{self.base_url}/{path.lstrip('/')}",
            shown=shown,
            right=right or shown,
            options={"params": params, "json": json, "data": data, "headers": dict(headers or {})},
            repeatable=method in READS if repeatable is None else repeatable,
            explain=explain or _no_explanation,
            priority=self.priority if priority is None else priority,
            cost=cost,
            secrets=self._secrets + secret_values(headers or {}),
            meanings=meanings or {},
            before_attempt=before_attempt,
        )
        self.breaker.check(request.right)
        try:
            answer = self._send_until_answered(request)
        except PartnerError as error:
            self._tell_breaker(error, request.right)
            raise
        self.breaker.succeeded(request.right)
        return answer

    def check_anew(self) -> None:
        """Raise `BreakerOpen` where another worker has found out just now that nothing should be sent."""
        self.breaker.look_anew()
        self.breaker.check()

    def _send_until_answered(self, request: Outgoing) -> Answer:
        attempt, maybe_applied = 0, False
        while True:
            try:
                return self._exchange_once(request, attempt)
            except PartnerError as error:
                # Whatever the last attempt says: an earlier one may have been applied, or may still be.
                error.maybe_applied = maybe_applied = maybe_applied or error.maybe_applied
                if not self._is_sent_again(error, attempt):
                    raise
                wait = error.retry_after or 0.0
            self._sleep(wait)
            attempt += 1

    def _is_sent_again(self, error: PartnerError, attempt: int) -> bool:
        if not isinstance(error, PartnerUnavailable | Throttled | Locked) or not _is_partners(error):
            return False
        return not self.policy.is_last(attempt) and self.policy.allows_wait(error.retry_after)

    def _exchange_once(self, request: Outgoing, attempt: int) -> Answer:
        with self._limiter.slot(priority=request.priority, cost=request.cost):
            if request.before_attempt is not None:
                request.before_attempt()
            begun = self._clock()
            try:
                response, content = self._ask_in_time(request, begun)
            except (requests.RequestException, UnicodeError) as error:
                self._log(request, innermost_reason(error), begun)
                # The library's own text holds the URL and its query, so the chain is cut here.
                raise judge_silence(request, error, policy=self.policy, attempt=attempt) from None
            self._observe(response)
        self._log(request, response.status_code, begun, response.headers.get("X-Request-ID", ""))
        return judge_answer(request, response, content, policy=self.policy, attempt=attempt, now=self._now())

    def _ask_in_time(self, request: Outgoing, begun: float) -> tuple[requests.Response, bytes]:
        """Ask under one deadline, from connecting to the last byte."""
        with Deadline(self.policy.timeout) as deadline:
            try:
                answered = self._ask(request, begun)
            except requests.RequestException as error:
                if not deadline.is_over or isinstance(error, CutOff):
                    raise
                raise CutOff(f"not there after {self.policy.timeout:g} s") from error
            if deadline.is_over:
                # A body without a length ends where its connection does, and that was cut.
                raise CutOff(f"not there after {self.policy.timeout:g} s")
            return answered

    def _ask(self, request: Outgoing, begun: float) -> tuple[requests.Response, bytes]:
        # A limit on the whole exchange is the HTTP library's; requests passes it on, but its types know only pairs.
        limit: Any = urllib3.Timeout(connect=self.policy.connect_timeout, total=self.policy.timeout)
        response = self._session.request(
            request.method,
            request.url,
            **request.options,
            timeout=limit,
            allow_redirects=False,
            stream=True,
        )
        with response:
            return response, read_to_end(response, deadline=begun + self.policy.timeout, clock=self._clock)

    def _observe(self, response: requests.Response) -> None:
        filling, capacity = read_filling(response.headers)
        asked = seconds_asked(response.headers, now=self._now()) if response.status_code == 429 else None
        self._limiter.observe(filling=filling, capacity=capacity, retry_after=asked)

    def _tell_breaker(self, error: PartnerError, right: str) -> None:
        if isinstance(error, Stopped):
            return
        if isinstance(error, PartnerUnavailable) or (isinstance(error, OutcomeUnknown) and (error.status or 500) >= 500):
            self.breaker.failed(error)
        elif isinstance(error, RightMissing):
            self.breaker.lacks(error)
        elif _is_partners(error) and not isinstance(error, MalformedAnswer | OutcomeUnknown):
            # Whoever finds a record missing or wrong has looked at it.
            is_there = isinstance(error, Refused | NotFound) and not isinstance(error, Unauthorised)
            self.breaker.succeeded(right if is_there else "")

    def _log(self, request: Outgoing, outcome: object, begun: float, request_id: str = "") -> None:
        milliseconds = round((self._clock() - begun) * 1000)
        logger.debug("%s %s: %s in %d ms, request id %s", self.partner, request.shown, outcome, milliseconds, request_id or "-")


def _is_partners(error: PartnerError) -> bool:
    """Tell the partner's own refusal from our limiter's, which saw no status."""
    return error.status is not None or isinstance(error, PartnerUnavailable)


def _no_explanation(_: Any) -> tuple[PartnerMessage, ...]:
    return ()
