"""The pool of connections that a partner's requests share."""

from __future__ import annotations

import logging
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

from clients.deadline import WatchedConnection, WatchedSecureConnection

# The library logs URLs with their query, and a query may hold an e-mail address: each one at debug, and at warning those whose
# answer has broken headers.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)


class _Pool(HTTPConnectionPool):
    ConnectionCls = WatchedConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = WatchedSecureConnection


class _Adapter(HTTPAdapter):
    """Keep connections that a deadline can cut."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Session(requests.Session):
    """Ask the environment for its proxies and certificates once for each host, not with every request."""

    def __init__(self) -> None:
        super().__init__()
        self._environment: dict[str, dict[str, Any]] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        host = str(url).split("/", 3)[2]
        if host not in self._environment:
            self._environment[host] = dict(super().merge_environment_settings(url, proxies, stream, verify, cert))
        found = self._environment[host]
        return found | {"proxies": dict(found["proxies"])}


def _send_as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add nobody's password: without a rule of ours the library looks for one in the user's .netrc with every request."""
    return request


def open_session(*, connections: int = 4) -> requests.Session:
    """Return a session that keeps its connections, takes no cookies and repeats nothing by itself."""
    session = _Session()
    session.auth = _send_as_it_is
    session.headers["User-Agent"] = "integration-portal"
    # One session may serve several shops: a cookie of one must not travel to another.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = _Adapter(pool_connections=connections, pool_maxsize=connections, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
