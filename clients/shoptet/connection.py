"""Send one call to Shoptet: its headers, its envelope, its two forms of errors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from string import Formatter
from threading import Lock
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote

from clients.credentials import as_missing_right, as_refused, is_taken_elsewhere
from clients.errors import CredentialsRefused, MalformedAnswer, PartnerMessage, Refused, Unauthorised
from clients.shoptet.config import ShoptetConfig, TokenProvider
from clients.shoptet.meanings import ABOUT_THE_TOKEN, MEANINGS, NO_RIGHTS
from clients.shoptet.paging import read_pages
from clients.shoptet.readable import read_each
from clients.shoptet.results import Page
from clients.shoptet.sections import ask_with_sections
from clients.shoptet.wire import WireError, section, text, whole
from clients.transport import Answer, Transport

logger = logging.getLogger(__name__)
PARTNER = "Shoptet"
UNSENDABLE = "the token holds characters that no token has: copy it again, alone"
# Reads that any token may do, to find out whether one is accepted at all; two, for where one of them is what is refused.
LOOKED_AT = ("/api/eshop", "/api/stocks")
Result = TypeVar("Result")
_deprecated_seen: set[str] = set()
_deprecated_lock = Lock()


class Connection:
    """Call one e-shop's endpoints by their path in the OpenAPI document."""

    def __init__(self, config: ShoptetConfig, transport: Transport) -> None:
        self.config = config
        self.transport = transport

    def get(self, path: str, *, params: Mapping[str, Any] | None = None, **values: str | int) -> Answer:
        """Read; `path` is the template, `values` are quoted into it. Sections in `include` whose module the shop lacks are left out."""
        given = dict(params or {})

        def ask(sections: Sequence[str]) -> Answer:
            return self.call("GET", path, params={**given, "include": ",".join(sections)}, json=None, repeatable=None, **values)

        if not given.get("include"):
            return self.call("GET", path, params=given, json=None, repeatable=None, **values)
        return ask_with_sections(ask, str(given["include"]).split(","), self.config.sections)

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        repeatable: bool | None = None,
        **values: str | int,
    ) -> Answer:
        """Send a call; an add-on's token that is refused is renewed once, since a refused call was surely not applied.

        Raise CredentialsRefused where a private token is refused, or no new one is to be had; RightMissing where it is only here.
        """
        token = self._token()
        try:
            return self._send(method, path, values, token, params=params, json=json, repeatable=repeatable)
        except Unauthorised as error:
            self._judge(error, method, path, token)
            if isinstance(self.config.token, str):
                self._refuse(as_refused(error))
        token = self._fresh_token()
        try:
            return self._send(method, path, values, token, params=params, json=json, repeatable=repeatable)
        except Unauthorised as error:
            self._judge(error, method, path, token)
            self._refuse(as_refused(error))

    def pages(
        self,
        path: str,
        name: str,
        read: Callable[[Mapping[str, Any]], Any],
        *,
        key: Callable[[Any], str],
        size: int,
        params: Mapping[str, Any] | None = None,
        **values: str | int,
    ) -> Iterator[Page]:
        """Yield a list's pages of at most `size` items; `name` is the list's field in the answer, `read` makes an item of a row."""

        def fetch(number: int) -> Page:
            answer = self.get(path, params={**(params or {}), "itemsPerPage": size, "page": number}, **values)
            return checked(answer, lambda: _read_page(answer, name, read, number))

        return read_pages(fetch, key=key, name=path)

    def _send(self, method: str, path: str, values: Mapping[str, str | int], token: str, **options: Any) -> Answer:
        answer = self.transport.send(
            method,
            _fill(path, values),
            params=_clean(options.pop("params", None) or {}),
            headers={self.config.header: token, "Content-Type": "application/json", "Accept": "application/json"},
            explain=explain,
            meanings=MEANINGS,
            shown=path,
            **options,
        )
        self._warn_if_deprecated(f"{method} {path}", answer.headers)
        if method != "GET":
            _warn_of_the_rest(answer)
        return answer

    def _judge(self, error: Unauthorised, method: str, path: str, token: str) -> None:
        """Return if it is the token that is refused; raise RightMissing where it is accepted for something else."""
        if error.status != 401:
            raise error
        codes = {line.code for line in error.messages}
        if codes & ABOUT_THE_TOKEN:
            return
        if NO_RIGHTS not in codes:
            look = next(look for look in LOOKED_AT if look != path)
            if not is_taken_elsewhere(lambda: self._look(look, token)):
                return
        missing = as_missing_right(error, f"{method} {path}", certain=NO_RIGHTS in codes)
        self.transport.breaker.lacks(missing)
        raise missing from None

    def _look(self, path: str, token: str) -> Answer:
        self.transport.check_anew()
        return self._send("GET", path, {}, token)

    def _refuse(self, error: CredentialsRefused) -> NoReturn:
        self.transport.breaker.refused(error)
        raise error from None

    def _warn_if_deprecated(self, endpoint: str, headers: Mapping[str, str]) -> None:
        told, sunset = headers.get("X-Shoptet-Deprecated", ""), headers.get("Sunset", "")
        if not told and not sunset:
            return
        if self.config.on_deprecated is not None:
            self.config.on_deprecated(endpoint, sunset)
        with _deprecated_lock:
            if endpoint in _deprecated_seen:
                return
            _deprecated_seen.add(endpoint)
        logger.warning("Shoptet will end %s: deprecated %s, sunset %s", endpoint, told or "-", sunset or "-")

    def _token(self) -> str:
        if isinstance(self.config.token, str):
            self._refuse_unsendable(self.config.token)
            return self.config.token
        self.transport.breaker.check()
        return self._given(self.config.token)

    def _fresh_token(self) -> str:
        provider = self.config.token
        return self._given(provider.refresh) if isinstance(provider, TokenProvider) else self._token()

    def _given(self, ask: Callable[[], str]) -> str:
        try:
            return ask()
        except CredentialsRefused as error:
            self._refuse(error)

    def _refuse_unsendable(self, token: str) -> None:
        """No header can carry such a token: it was copied with something else around it."""
        if not (token.isascii() and token.isprintable()):
            self._refuse(CredentialsRefused(UNSENDABLE, partner=PARTNER))


def _warn_of_the_rest(answer: Answer) -> None:
    for line in told_besides(answer):
        logger.warning("Shoptet did %s, but: %s %s (request id %s)", answer.request, line.code, line.message, answer.request_id or "-")


def payload(answer: Answer) -> Mapping[str, Any]:
    """Return the answer's `data`."""
    return checked(answer, lambda: section(answer.body, "data", "answer"))


def told_besides(answer: Answer) -> tuple[PartnerMessage, ...]:
    """Return what the answer to a write says in `errors` beside its success: it was done, and something that goes with it was not."""
    return explain(answer.body)


def checked(answer: Answer, read: Callable[[], Result]) -> Result:
    """Return what `read` makes of the answer; a field that it misses makes the answer malformed."""
    try:
        return read()
    except WireError as error:
        answer.reject(str(error))


def malformed(answer: Answer, reason: str) -> MalformedAnswer:
    """Return the error for a part of a read answer that is not what was promised."""
    try:
        answer.reject(reason)
    except MalformedAnswer as error:
        return error


def explain(body: Any) -> tuple[PartnerMessage, ...]:
    """Return Shoptet's own words for a refusal, from the official form, the specification's, or OAuth's."""
    if not isinstance(body, dict):
        return ()
    lines = body.get("errors")
    if isinstance(lines, list):
        return tuple(_message(line) for line in lines if isinstance(line, dict))
    if isinstance(body.get("error"), str):
        return (PartnerMessage(code=body["error"], message=text(body.get("error_description"))),)
    return ()


def _message(line: Mapping[str, Any]) -> PartnerMessage:
    return PartnerMessage(
        code=text(line.get("errorCode")) or text(line.get("code")),
        message=text(line.get("message")),
        instance=text(line.get("instance")) or text(line.get("field")),
    )


def _fill(path: str, values: Mapping[str, str | int]) -> str:
    names = [name for _, name, _, _ in Formatter().parse(path) if name]
    # A half of a surrogate pair, as an old event may hold, cannot be written into an address.
    quoted = {name: quote(str(values[name]), safe="", errors="replace") for name in names}
    if any(value in ("", ".", "..") for value in quoted.values()):
        # An address would lose such a segment and name something else.
        raise Refused("the identifier is empty or cannot be part of an address", partner=PARTNER, request=path)
    return path.format(**quoted)


def _clean(params: Mapping[str, Any]) -> dict[str, str]:
    given = {name: value for name, value in params.items() if value is not None and value != ""}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in given.items()}


def _read_page(answer: Answer, name: str, read: Callable[[Mapping[str, Any]], Any], number: int) -> Page:
    data = section(answer.body, "data", "answer")
    paginator = section(data, "paginator", "data")
    items, bad = read_each(data, name, read)
    return Page(
        items=items,
        bad=bad,
        total=whole(paginator, "totalCount", "paginator"),
        number=number,
        date=answer.date,
        count=whole(paginator, "pageCount", "paginator"),
    )
