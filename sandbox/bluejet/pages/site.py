"""The routes of the pages for people."""

from __future__ import annotations

from html import escape

from sandbox.bluejet.evidences import ALL, KINDS
from sandbox.bluejet.faults import Faults
from sandbox.bluejet.pages import overview, records, resources
from sandbox.bluejet.pages.layout import Frame, MenuItem, card, page
from sandbox.bluejet.stats import Stats
from sandbox.bluejet.store import Store
from sandbox.http import Request, Response, Router, html_response, redirect


class Site:
    """Answer a browser."""

    def __init__(self, store: Store, faults: Faults, stats: Stats, data_url: str, rest_url: str) -> None:
        self._store, self._faults, self._stats, self._urls = store, faults, stats, (data_url, rest_url)

    def add_routes(self, router: Router) -> None:
        router.add("GET", "/", self.show_overview)
        router.add("GET", "/log", self.show_log)
        router.add("GET", "/faults", self.show_faults)
        router.add("POST", "/faults/on", self.switch_on)
        router.add("POST", "/faults/off", self.switch_off)
        router.add("GET", "/evidence/{kind}", self.show_evidence)
        router.add("GET", "/evidence/{kind}/{id}", self.show_record)
        router.add("GET", "/resource/{name}", self.show_resource)
        router.add("GET", "/resource/{name}/{id}", self.show_object)

    def show_overview(self, request: Request) -> Response:
        frame = self._frame(request)
        return self._page(frame, frame.say("overview"), overview.overview_page(self._store, frame, self._stats, self._urls))

    def show_log(self, request: Request) -> Response:
        frame = self._frame(request)
        return self._page(frame, frame.say("log"), overview.log_page(self._store, frame))

    def show_faults(self, request: Request) -> Response:
        frame = self._frame(request)
        return self._page(frame, frame.say("faults"), overview.faults_page(frame, self._faults.active))

    def switch_on(self, request: Request) -> Response:
        """Switch a fault on from the form."""
        times, seconds = request.field("times"), request.field("seconds")
        limits = {"match": request.field("match"), "times": int(times) if times.isdigit() else None, "seconds": float(seconds or 0)}
        try:
            self._faults.switch_on(request.field("kind"), **limits)
        except ValueError as error:
            frame = self._frame(request)
            return self._page(frame, frame.say("faults"), card("", escape(str(error))), 400)
        return self._back_to_faults(request)

    def switch_off(self, request: Request) -> Response:
        """Switch one fault off, or all of them (id 0)."""
        self._faults.switch_off(int(request.field("id", "0") or 0) or None)
        return self._back_to_faults(request)

    def show_evidence(self, request: Request) -> Response:
        kind, frame = request.params["kind"], self._frame(request)
        if kind not in KINDS:
            return self._missing(frame)
        with self._store.lock:
            content = records.list_page(self._store, frame, kind, request.argument("q").strip(), _page_number(request))
        return self._page(frame, records.label_of(KINDS[kind], frame.language), content)

    def show_record(self, request: Request) -> Response:
        kind, frame = request.params["kind"], self._frame(request)
        if kind not in KINDS:
            return self._missing(frame)
        with self._store.lock:
            show_empty = bool(request.argument("empty"))
            content = records.detail_page(self._store, frame, kind, request.params["id"], show_empty=show_empty)
        return self._page(frame, records.label_of(KINDS[kind], frame.language), content) if content else self._missing(frame)

    def show_resource(self, request: Request) -> Response:
        name, frame = request.params["name"], self._frame(request)
        if name not in self._store.resources:
            return self._missing(frame)
        content = resources.list_page(self._store, frame, name, request.argument("q").strip(), _page_number(request))
        return self._page(frame, frame.say(name), content)

    def show_object(self, request: Request) -> Response:
        name, frame = request.params["name"], self._frame(request)
        known = name in self._store.resources
        content = resources.detail_page(self._store, frame, name, request.params["id"]) if known else None
        return self._page(frame, frame.say(name), content) if content else self._missing(frame)

    def _frame(self, request: Request) -> Frame:
        language = "en" if request.argument("lang") == "en" else "cs"
        frame = Frame(language, request.path, (), len(self._faults.active))
        return Frame(language, request.path, self._menu(frame), frame.faults)

    def _menu(self, frame: Frame) -> list[MenuItem]:
        say, count = frame.say, self._store.count
        top = [MenuItem("/", say("overview")), MenuItem("/log", say("log")), MenuItem("/faults", say("faults"), frame.faults)]
        tables = [
            MenuItem(f"/evidence/{each.kind}", records.label_of(each, frame.language), count(each.kind)) for each in ALL if not each.parent
        ]
        names = [MenuItem(f"/resource/{name}", say(name), count(name)) for name in self._store.resources]
        return [*top, *_grouped(tables, say("data")), *_grouped(names, say("rest"))]

    def _back_to_faults(self, request: Request) -> Response:
        return redirect("/faults" + ("?lang=en" if request.argument("lang") == "en" else ""))

    def _missing(self, frame: Frame) -> Response:
        text = f'<p>{frame.say("not_found")}</p><p><a href="{frame.link("/")}">{frame.say("back")}</a></p>'
        return self._page(frame, "404", card("404", text), 404)

    def _page(self, frame: Frame, title: str, content: str, status: int = 200) -> Response:
        return html_response(page(frame, title, content), status)


def _grouped(items: list[MenuItem], heading: str) -> list[MenuItem]:
    first, *rest = items
    return [MenuItem(first.path, first.label, first.count, heading), *rest]


def _page_number(request: Request) -> int:
    raw = request.argument("page", "1")
    return max(1, int(raw)) if raw.isdigit() else 1
