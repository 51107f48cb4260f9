"""Calls the BlueJet stand-in over HTTP as a client of the portal would, without the portal's client."""

from __future__ import annotations

from typing import Any

import requests

from sandbox.bluejet.server import BlueJetSandbox

WRITE_PATHS = {
    "insert": ("POST", "data"),
    "update": ("PUT", "data"),
    "upsert": ("POST", "data/insertorupdate"),
    "remove": ("POST", "data/remove"),
}


def pairs(**columns: Any) -> list[dict[str, Any]]:
    """Write columns as the list of names and values that the data dialect uses."""
    return [{"name": name, "value": value} for name, value in columns.items()]


class Caller:
    """Hold a sandbox and a logged-in session."""

    def __init__(self, sandbox: BlueJetSandbox) -> None:
        self.sandbox, self.store = sandbox, sandbox.store
        self.http = requests.Session()
        self.log_in()

    def log_in(self) -> None:
        answer = self.http.post(f"{self.sandbox.data_url}/users/authenticate", json={"tokenID": "demo", "tokenHash": "demo"}, timeout=5)
        self.http.headers["X-Token"] = answer.json()["token"]

    def read(self, no: int, *, offset: Any = 0, limit: Any = 200, **query: Any) -> requests.Response:
        params = {"no": no, "offset": offset, "limit": limit, **query}
        return self.http.get(
            f"{self.sandbox.data_url}/data", params={name: value for name, value in params.items() if value is not None}, timeout=10
        )

    def rows(self, no: int, **query: Any) -> list[dict[str, Any]]:
        body = self.read(no, **query).json()
        return [{column["name"]: column["value"] for column in row["columns"]} for row in body["rows"]]

    def write(self, how: str, body: Any, *, timeout: float = 10, **query: Any) -> requests.Response:
        method, path = WRITE_PATHS[how]
        return self.http.request(method, f"{self.sandbox.data_url}/{path}", params=query, json=body, timeout=timeout)

    def written(self, how: str, body: Any, **query: Any) -> list[dict[str, Any]]:
        answer = self.write(how, body, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["dataObjectResult"]["dataObjectRows"]

    def product(self, code: str, **columns: Any) -> dict[str, Any]:
        """Return the body that inserts a product."""
        return {"dataObject": {"no": 217, "columns": pairs(code=code, name=code.title(), **columns)}}

    def rest(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.http.request(method, f"{self.sandbox.rest_url}/{path}", timeout=10, **options)

    def control(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.http.request(method, f"{self.sandbox.url}/_sandbox/{path}", timeout=10, **options)

    def close(self) -> None:
        self.http.close()
        self.sandbox.stop()
