"""Dialect `data`: rows of columns by evidence number, under /api/v1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from sandbox.bluejet.bodies import WriteObject, read_objects
from sandbox.bluejet.columns import Column
from sandbox.bluejet.conditions import Condition, parse_condition
from sandbox.bluejet.evidences import EVIDENCES
from sandbox.bluejet.journal import Touched
from sandbox.bluejet.refusals import Refusal
from sandbox.bluejet.sessions import Sessions
from sandbox.bluejet.store import Store
from sandbox.bluejet.transaction import Transaction
from sandbox.bluejet.values import show_value
from sandbox.http import BadBody, Handler, Request, Response, Router, json_response

BASE = "/api/v1"


class DataApi:
    """Answer the data dialect's requests."""

    def __init__(self, store: Store, sessions: Sessions) -> None:
        self._store, self._options, self._sessions = store, store.options, sessions

    def add_routes(self, router: Router) -> None:
        """Add the endpoints; the server hands their paths over in lower case."""
        router.add("POST", f"{BASE}/users/authenticate", self._refusing(self._sessions.log_in))
        for method, path, handler in (
            ("GET", "data", self.read),
            ("POST", "data", self.insert),
            ("PUT", "data", self.update),
            ("POST", "data/insertorupdate", self.insert_or_update),
            ("DELETE", "data", self.delete),
            ("POST", "data/remove", self.remove),
        ):
            router.add(method, f"{BASE}/{path}", self._refusing(self._logged_in(handler)))

    def read(self, request: Request) -> Response:
        """Return a page of rows with the total beside it."""
        _require_arguments(request, "no", "offset", "limit")
        no, offset, limit = self._no(request), _whole(request, "offset"), self._limit(request)
        columns = self._store.columns(no)
        shown = _shown_columns(request.argument("fields"), columns)
        conditions, sort = self._conditions(request, columns), _sort(request.argument("sort"), columns)
        table = self._store.tables[no]
        with self._store.lock:
            ids = table.select(conditions, sort)
            total = len(ids)
            page = [[(column, table.value(id_, column.name)) for column in shown] for id_ in ids[offset : offset + limit]]
        rows = [{"offset": offset + index, "columns": self._cells(row)} for index, row in enumerate(page)]
        return json_response({"no": no, "recordsCount": total, "rows": rows}, headers={"X-Total-Count": str(total)})

    def insert(self, request: Request) -> Response:
        """Insert up to ten objects with what is inside them."""
        return self._write(request, "insert", lambda transaction, item: transaction.insert(item))

    def update(self, request: Request) -> Response:
        """Change up to ten records by their key."""
        return self._write(request, "update", lambda transaction, item: transaction.update(item))

    def insert_or_update(self, request: Request) -> Response:
        """Change what each object's condition finds, or insert it; two at once make one row."""
        condition = request.argument("condition")
        return self._write(request, "upsert", lambda transaction, item: transaction.upsert(item, condition))

    def delete(self, request: Request) -> Response:
        """Delete one record."""
        _require_arguments(request, "no", "id")
        with self._store.transaction("delete") as transaction:
            transaction.delete(self._no(request), request.argument("id").lower())
        return _written(transaction.touched)

    def remove(self, request: Request) -> Response:
        """Delete several records, all or none."""
        return self._write(request, "delete", _remove)

    def _write(self, request: Request, operation: str, apply: Callable[[Transaction, WriteObject], Any]) -> Response:
        items = read_objects(request.json(), request.argument("no"), tuple(self._options.write_forms))
        self._check_size(items)
        with self._store.transaction(operation) as transaction:
            for item in items:
                apply(transaction, item)
        return _written(transaction.touched)

    def _check_size(self, items: list[WriteObject]) -> None:
        count = sum(1 for item in items for _ in item.walk()) if self._options.count_inner else len(items)
        if count > self._options.max_objects:
            raise Refusal(f"V jednom požadavku lze zapsat nejvýše {self._options.max_objects} objektů, přišlo jich {count}.")

    def _cells(self, row: list[tuple[Column, str | None]]) -> list[dict[str, Any]]:
        cells = [{"name": column.name, "value": show_value(column, value, self._options)} for column, value in row]
        return [cell for cell in cells if cell["value"] is not None] if self._options.empty == "missing" else cells

    def _conditions(self, request: Request, columns: dict[str, Column]) -> tuple[Condition, ...]:
        raw = [condition for condition in request.query.get("condition", []) if condition]
        if len(raw) > 1 and not self._options.several_conditions:
            raise Refusal("Lze zadat jen jednu podmínku.")
        return tuple(parse_condition(condition, columns) for condition in raw)

    def _no(self, request: Request) -> int:
        no = _whole(request, "no")
        if no not in EVIDENCES:
            raise Refusal(f"Evidence {no} neexistuje.")
        return no

    def _limit(self, request: Request) -> int:
        limit = _whole(request, "limit")
        if limit > self._options.max_limit and self._options.over_limit == "refuse":
            raise Refusal(f"Hodnota limit může být nejvýše {self._options.max_limit}.")
        return min(limit, self._options.max_limit)

    def _logged_in(self, handler: Handler) -> Handler:
        def checked(request: Request) -> Response:
            self._sessions.check(request)
            return handler(request)

        return checked

    @staticmethod
    def _refusing(handler: Handler) -> Handler:
        def answered(request: Request) -> Response:
            try:
                return handler(request)
            except Refusal as refusal:
                return json_response({"message": refusal.message}, refusal.status)
            except BadBody:
                return json_response({"message": "Tělo požadavku není platný JSON."}, 400)

        return answered


def _remove(transaction: Transaction, item: WriteObject) -> None:
    key = EVIDENCES[item.no].key if item.no in EVIDENCES else ""
    transaction.delete(item.no, item.id or str(item.columns.get(key, "")).lower())


def _written(touched: list[Touched]) -> Response:
    rows = [{"action": row.action, "id": row.id, "no": row.no, "reference": row.reference or None} for row in touched]
    return json_response({"dataObjectResult": {"dataObjectRows": rows}})


def _require_arguments(request: Request, *names: str) -> None:
    """Answer 405 where a parameter is missing: no route of the vendor's matches then."""
    if any(not request.argument(name) for name in names):
        raise Refusal("The requested resource does not support http method '" + request.method + "'.", 405)


def _whole(request: Request, name: str) -> int:
    raw = request.argument(name)
    if not raw.isdigit():
        raise Refusal(f"Hodnota {name} musí být nezáporné celé číslo.")
    return int(raw)


def _shown_columns(raw: str, columns: dict[str, Column]) -> list[Column]:
    names = [name.strip().lower() for name in unquote(raw).split(",") if name.strip()]
    if not names or names == ["all"]:
        return list(columns.values())
    for name in names:
        if name not in columns:
            raise Refusal(f"Neznámý sloupec {name} v parametru fields.", field=name)
    return [columns[name] for name in names]


def _sort(raw: str, columns: dict[str, Column]) -> tuple[tuple[str, bool], ...]:
    parts = [part for part in raw.split(",") if part]
    for part in parts:
        # a bare + arrives as a blank: it must be sent as %2B
        if part[0] not in "+-" or part[1:].lower() not in columns:
            raise Refusal(f"Řazení „{part}“ nemá tvar +sloupec nebo -sloupec.")
    return tuple((part[1:].lower(), part[0] == "-") for part in parts)
