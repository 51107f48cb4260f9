"""Dialect `rest`: products, contacts, orders and stock as JSON objects, under /rest; kept thin."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sandbox.bluejet.journal import Touched, changed_fields
from sandbox.bluejet.refusals import Refusal
from sandbox.bluejet.resources import RESOURCES, check_object, with_line_ids
from sandbox.bluejet.sessions import Sessions
from sandbox.bluejet.store import Store
from sandbox.http import BadBody, Handler, Request, Response, Router, json_response

BASE = "/rest"
PAGING = ("page", "pageSize", "modifiedSince")
SERVER_SET = ("id", "createdAt", "modifiedAt")
LARGEST_PAGE = 200


class RestApi:
    """Answer the rest dialect's requests."""

    def __init__(self, store: Store, sessions: Sessions) -> None:
        self._store, self._sessions = store, sessions

    def add_routes(self, router: Router) -> None:
        """Add list, create, read, replace and delete for every resource."""
        router.add("POST", f"{BASE}/users/authenticate", self._refusing(self._sessions.log_in))
        for name in RESOURCES:
            self._add(router, "GET", f"{BASE}/{name}", self.list_objects, name)
            self._add(router, "POST", f"{BASE}/{name}", self.create, name)
            self._add(router, "GET", f"{BASE}/{name}/{{id}}", self.read, name)
            self._add(router, "PUT", f"{BASE}/{name}/{{id}}", self.update, name)
            self._add(router, "DELETE", f"{BASE}/{name}/{{id}}", self.delete, name)

    def _add(self, router: Router, method: str, path: str, handler: Callable[[str, Request], Response], name: str) -> None:
        router.add(method, path, self._refusing(self._logged_in(partial(handler, name))))

    def list_objects(self, name: str, request: Request) -> Response:
        """Return a page of objects; any other parameter is a field at the top level that must hold the value."""
        page, size = _positive(request, "page", 1), min(_positive(request, "pageSize", 50), LARGEST_PAGE)
        filters = {field: values[-1] for field, values in request.query.items() if field not in PAGING}
        with self._store.lock:
            rows = self._selected(name, filters)
        rows = _changed_since(rows, request.argument("modifiedSince"))
        shown = rows[(page - 1) * size : page * size]
        answer = {"items": shown, "total": len(rows), "page": page, "pageSize": size}
        return json_response(answer, headers={"X-Total-Count": str(len(rows))})

    def create(self, name: str, request: Request) -> Response:
        """Keep a new object and return it with its id."""
        body = _object(request)
        check_object(name, body)
        with self._store.lock:
            self._refuse_duplicate(name, "", body)
            now = self._now()
            row = with_line_ids({**body, "id": str(uuid.uuid4()), "createdAt": now, "modifiedAt": now})
            self._keep(name, "inserted", row, changed_fields(None, row))
        return json_response(row, 201, {"Location": f"{BASE}/{name}/{row['id']}"})

    def read(self, name: str, request: Request) -> Response:
        """Return one object."""
        return json_response(self._row(name, request))

    def update(self, name: str, request: Request) -> Response:
        """Replace the fields that the body names; the others stay."""
        body = _object(request)
        with self._store.lock:
            before = self._row(name, request)
            row = with_line_ids({**self._staying(name, before), **body, "modifiedAt": self._now()})
            check_object(name, row)
            self._refuse_duplicate(name, before["id"], row)
            self._keep(name, "updated", row, changed_fields(before, row))
        return json_response(row)

    def _staying(self, name: str, before: dict[str, Any]) -> dict[str, Any]:
        """Return what an update leaves of an object: all of it, or, as a knob, what no object can do without."""
        if not self._store.options.update_resets:
            return before
        kept = {
            field: value for field, value in before.items() if field in (*SERVER_SET, *RESOURCES[name].required, *RESOURCES[name].numbers)
        }
        return kept | ({"lineItems": []} if name == "orders" else {})

    def delete(self, name: str, request: Request) -> Response:
        """Delete one object."""
        with self._store.lock:
            row = self._row(name, request)
            self._store.resources[name].remove(row["id"])
            self._store.state.keep_row(name, row["id"], None)
            self._log(name, "deleted", row, ())
        return Response(204)

    def _selected(self, name: str, filters: dict[str, str]) -> list[dict[str, Any]]:
        resource = self._store.resources[name]
        if not filters:
            return list(resource.rows.values())
        indexed = [field for field in filters if field in resource.shape.indexed]
        first = indexed[0] if indexed else next(iter(filters))
        rows = resource.matching(first, filters[first])
        rest = {field: value.casefold() for field, value in filters.items() if field != first}
        return [row for row in rows if all(str(row.get(field, "")).casefold() == value for field, value in rest.items())]

    def _row(self, name: str, request: Request) -> dict[str, Any]:
        row = self._store.get(name, request.params["id"])
        if row is None:
            raise Refusal(f"Záznam {request.params['id']} neexistuje.", 404, "id")
        return row

    def _keep(self, name: str, action: str, row: dict[str, Any], fields: tuple[str, ...]) -> None:
        self._store.resources[name].put(row["id"], row)
        self._store.state.keep_row(name, row["id"], row)
        self._log(name, action, row, fields)

    def _log(self, name: str, action: str, row: dict[str, Any], fields: tuple[str, ...]) -> None:
        touched = Touched(action, name, row["id"], external_id=str(row.get("externalId") or ""), fields=fields)
        self._store.journal.append(self._now(), f"rest {action}", (touched,))

    def _refuse_duplicate(self, name: str, id_: str, row: dict[str, Any]) -> None:
        if self._store.options.unique_external_ids and row.get("externalId"):
            same = self._store.resources[name].matching("externalId", str(row["externalId"]))
            if any(other["id"] != id_ for other in same):
                raise Refusal(f"Externí ID {row['externalId']} už má jiný záznam.", 409, "externalId")

    def _now(self) -> str:
        return self._store.options.clock().isoformat(timespec="milliseconds")

    def _logged_in(self, handler: Handler) -> Handler:
        def checked(request: Request) -> Response:
            self._sessions.check_any(request)
            return handler(request)

        return checked

    @staticmethod
    def _refusing(handler: Handler) -> Handler:
        def answered(request: Request) -> Response:
            try:
                return handler(request)
            except Refusal as refusal:
                return _errors(refusal.message, refusal.status, refusal.field)
            except BadBody:
                return _errors("Tělo požadavku není platný JSON.", 400)

        return answered


def _errors(message: str, status: int, field: str = "") -> Response:
    line = {"message": message, "code": f"BLUEJET_{status}", "field": field or None, "statusCode": status}
    return json_response({"errors": [line], "data": None}, status)


def _object(request: Request) -> dict[str, Any]:
    body = request.json()
    if not isinstance(body, dict):
        raise Refusal("Tělo požadavku musí být objekt JSON.")
    return {name: value for name, value in body.items() if name not in SERVER_SET}


def _positive(request: Request, name: str, default: int) -> int:
    raw = request.argument(name, str(default))
    if not raw.isdigit() or int(raw) < 1:
        raise Refusal(f"Hodnota {name} musí být kladné celé číslo.", field=name)
    return int(raw)


def _changed_since(rows: list[dict[str, Any]], raw: str) -> list[dict[str, Any]]:
    if not raw:
        return rows
    try:
        since = datetime.fromisoformat(raw)
        return [row for row in rows if datetime.fromisoformat(row["modifiedAt"]) >= since]
    except (ValueError, TypeError) as error:
        raise Refusal("modifiedSince musí být čas ISO 8601 s posunem.", field="modifiedSince") from error
