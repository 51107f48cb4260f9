"""Every page, button and action of the staff's site with every set of rights: refused or shown, never an error, and nothing in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, Resolver404, URLPattern, get_resolver, resolve, reverse
from django.utils import timezone
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule

from clients.transport import RetryPolicy
from mappings.choices import MODEL_OF_TABLE
from mappings.models import MappingVersion
from mappings.packs import install_default
from mappings.versions import record_version
from shops.models import Shop
from sync.admin.addresses import right_of
from sync.issue_texts import TEXTS
from sync.issues import Issue
from sync.models import Breaker, RuleSetting
from tests.admin.rights_table import ACTIONS, EVERYBODY, MODELS, NOBODY, PAGES, RECORD, REFUSED, STAFF, Page
from tests.admin.rows import make_answered, make_parked_by_status, make_run, make_user
from tests.sync.test_suggestions import hold

# A body without a signature is a stranger's; a shop has no address to be viewed on.
OTHER_ANSWERS = {"webhooks:shoptet": (401,), "admin:view_on_site": (404,)}
VERBS = ("changelist", "add", "history", "delete", "change")
WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# What a session keeps is nobody's record.
SESSION = re.compile(r"django_session|last_login")
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"', re.IGNORECASE)
LINK = re.compile(r'<a [^>]*href="([^"#?]+)')
ACTION = re.compile(r'<option value="(\w+)"')


@pytest.fixture
def everything(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Leave a row of everything behind; no partner is asked twice, and no broker at all."""
    monkeypatch.setattr("shops.clients.RetryPolicy", partial(RetryPolicy, delays=(0, 0, 0), longest_wait=0.1))
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *_args, **_options: None)
    install_default(shop)
    for table in set(MODEL_OF_TABLE.values()):
        table._default_manager.create(shop=shop, shoptet_id="1", shoptet_name="Jedna", bluejet_value="A")
    hold(shop, "shoptet", "category", ("1", "Jedna"), ("3", "Tři"))
    hold(shop, "bluejet", "category", ("Tři", ""))
    record_version(shop, None, "second")
    record_version(shop, None, "third")
    make_answered(shop, "2026000123")
    make_parked_by_status(shop, "2026000900")
    make_run(shop)
    Breaker.objects.create(partner=f"bluejet:{shop.bluejet_id}", failures=4, opened_at=timezone.now(), error="no answer")
    RuleSetting.objects.create(shop=shop, code="price_not_positive", setting="warning")
    ClockedSchedule.objects.create(clocked_time=timezone.now())
    SolarSchedule.objects.create(event="sunset", latitude=50, longitude=14)
    hourly, _made = IntervalSchedule.objects.get_or_create(every=1, period="hours")
    CrontabSchedule.objects.get_or_create(minute="0", hour="8")
    PeriodicTask.objects.get_or_create(name="Test", defaults={"task": "maintenance.health_check", "interval": hourly})
    return shop


@dataclass(frozen=True)
class Place:
    """One address, what it takes, and of which model it is."""

    name: str
    address: str
    page: Page
    model: str = ""


def _patterns(patterns: Iterable[Any], space: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}" if one.name else ""
        else:
            yield from _patterns(one.url_patterns, f"{one.namespace}:" if one.namespace else space)


def _names() -> set[str]:
    return {name for name in _patterns(get_resolver().url_patterns) if name and not name.endswith(":")}


def _page_of_model(model: str, verb: str) -> Page:
    """Django's five pages of a model: what a record's own class refuses to everybody, it refuses here, too."""
    app, _dot, name = model.partition(".")
    right = {verb: f"{app}.{verb}_{name}" for verb in ("view", "add", "change", "delete")}
    if MODELS[model] == RECORD:
        return {
            "changelist": Page(right["view"], _posted_list(model)),
            "add": Page(NOBODY, NOBODY),
            "delete": Page(NOBODY, NOBODY, {"post": "yes"}),
            "history": Page(right["view"], right["view"]),
            "change": Page(right["view"], REFUSED),
        }[verb]
    return {
        "changelist": Page(right["view"], right["view"]),
        "add": Page(right["add"], right["add"]),
        "delete": Page(right["delete"], right["delete"], {"post": "yes"}),
        "history": Page(right["view"], right["view"]),
        "change": Page(right["view"], right["change"]),
    }[verb]


def _posted_list(model: str) -> str | tuple[str, ...]:
    app, _dot, name = model.partition(".")
    return (f"{app}.view_{name}", f"{app}.change_{name}") if model == "sync.rulesetting" else f"{app}.view_{name}"


def _places(shop: Shop) -> list[Place]:
    """Return every address of the portal with its line; what has none is missing, and the test fails on it."""
    found = []
    for name in sorted(_names()):
        model, verb = _model_and_verb(name)
        page = PAGES[name] if name in PAGES else _page_of_model(model, verb)
        found.append(Place(name, reverse(name, kwargs=_arguments(name, shop)) + _query(name, shop), page, model or _model_by_name(name)))
    return found


def _query(name: str, shop: Shop) -> str:
    """Return what an address needs beside its path."""
    if name != "admin:mappings_mappingversion_compare":
        return ""
    return f"?with={MappingVersion.objects.filter(shop=shop).earliest('number').pk}"


def _model_and_verb(name: str) -> tuple[str, str]:
    for model in MODELS:
        stem = f"admin:{model.replace('.', '_')}_"
        if name.startswith(stem) and name.removeprefix(stem) in VERBS:
            return model, name.removeprefix(stem)
    return "", ""


def _model_by_name(name: str) -> str:
    return next((model for model in MODELS if name.startswith(f"admin:{model.replace('.', '_')}_")), "")


def _arguments(name: str, shop: Shop) -> dict[str, Any]:
    """Return an address's arguments: the row of the model that it names, and the shop otherwise."""
    model = _model_by_name(name)
    row = apps.get_model(model)._default_manager.order_by("pk").last() if model else None
    pk = row.pk if row is not None else shop.pk
    known: dict[str, Any] = {
        "object_id": str(pk),
        "id": str(pk),
        "pk": pk,
        "shop_id": shop.pk,
        "number": MappingVersion.objects.filter(shop=shop).latest("number").number,
        "entity": "order",
        "table": "status",
        "form": "csv",
        "app_label": "shops",
        "content_type_id": str(ContentType.objects.get_for_model(Shop).pk),
        "slug": "order-created",
    }
    if name == "admin:view_on_site":
        known["object_id"] = str(shop.pk)
    for _possible, pattern, _defaults, _converters in _possibilities(name):
        return {key: known[key] for key in re.findall(r"%\((\w+)\)s", pattern)}
    raise NoReverseMatch(name)


def _possibilities(name: str) -> list[Any]:
    space, _colon, bare = name.rpartition(":")
    resolver = get_resolver()
    if space:
        resolver = resolver.namespace_dict[space][1]
    return [(possible, form, {}, {}) for possibilities, *_rest in resolver.reverse_dict.getlist(bare) for form, possible in possibilities]


@dataclass
class Reader:
    """Somebody with a set of rights, and the browser of theirs."""

    name: str
    user: User | None
    client: Client
    rights: set[str] = field(default_factory=set)
    # The pages that the person was shown, by name.
    seen: dict[str, HttpResponse] = field(default_factory=dict)

    @property
    def is_staff(self) -> bool:
        """Whether the person may log in at all."""
        return self.user is not None

    def may(self, right: str | tuple[str, ...]) -> bool:
        """Whether the person has what a line takes."""
        if right in (EVERYBODY, STAFF, NOBODY, REFUSED):
            return right == EVERYBODY or (right == STAFF and self.is_staff)
        wanted = {right} if isinstance(right, str) else set(right)
        return self.is_staff and all(self._has(one) for one in wanted)

    def _has(self, right: str) -> bool:
        """Who may change a row may look at it."""
        return right in self.rights or right.replace(".view_", ".change_") in self.rights

    def ask(self, method: str, address: str, data: Any = None) -> tuple[HttpResponse, list[str]]:
        """Ask once, undo what it did, and return the answer with every statement that wrote."""
        cookies, written = self.client.cookies.copy(), []
        with transaction.atomic(), _writes(written):
            answer = getattr(self.client, method)(address, data or {})
            answer.rendered = answer.content.decode() if not answer.streaming else ""
            transaction.set_rollback(True)
        self.client.cookies = cookies
        return answer, written


@contextmanager
def _writes(written: list[str]) -> Iterator[None]:
    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITE.match(sql) and not SESSION.search(sql):
            written.append(sql[:80])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield


def _reader(name: str, rights: Iterable[str] | None, *, group: str = "") -> Reader:
    client = Client(raise_request_exception=False)
    if rights is None and not group:
        return Reader(name, None, client)
    user = make_user(name, group=group)
    wanted = set(rights or ())
    user.user_permissions.set(one for one in _permissions() if f"{one.content_type.app_label}.{one.codename}" in wanted)
    client.force_login(user)
    return Reader(name, user, client, set(User.objects.get(pk=user.pk).get_all_permissions()))


def _permissions() -> list[Permission]:
    return list(Permission.objects.select_related("content_type"))


def _all(*verbs: str) -> set[str]:
    named = {f"{one.content_type.app_label}.{one.codename}" for one in _permissions()}
    return {name for name in named if name.partition(".")[2].startswith(tuple(f"{verb}_" for verb in verbs))} if verbs else named


def _superuser() -> Reader:
    reader = _reader("spravce", _all())
    User.objects.filter(pk=reader.user.pk).update(is_superuser=True)  # type: ignore[union-attr]
    return reader


READERS: dict[str, Callable[[], Reader]] = {
    "anonymous": lambda: _reader("anonymous", None),
    "no rights": lambda: _reader("host", ()),
    "may only look": lambda: _reader("divak", _all("view")),
    "office": lambda: _reader("jana", None, group="Office"),
    "technician": lambda: _reader("petr", None, group="Technician"),
    "all but deletion": lambda: _reader("opatrna", _all("view", "add", "change")),
    "superuser": _superuser,
}


# Whose pages are mostly another's: there only what differs is opened.
LIKE = {"office": "superuser", "technician": "superuser", "all but deletion": "superuser"}


def _unlike(reader: Reader, places: list[Place], other: Reader | None) -> list[Place]:
    """Leave out what both may do alike."""
    if other is None:
        return places
    return [place for place in places if not all(one.may(right) for one in (reader, other) for right in (place.page.get, place.page.post))]


def _complaint(reader: Reader, place: Place, method: str) -> str:
    """Return what is wrong with the answer; nothing where it is as the line says."""
    right = place.page.get if method == "get" else place.page.post
    answer, written = reader.ask(method, place.address, place.page.data if method == "post" else None)
    said = f"{reader.name}: {method.upper()} {place.name} → {answer.status_code}"
    if reader.may(right):
        if method == "get" and answer.status_code == 200 and right != EVERYBODY:
            reader.seen[place.name] = answer
        expected = (200, 302, *OTHER_ANSWERS.get(place.name, ()))
        refused = answer.status_code == 302 and "/login/" in answer.headers["Location"] and place.name != "admin:logout"
        wrong = answer.status_code not in expected or refused or (method == "get" and written)
    else:
        wrong = answer.status_code not in _refusals(reader, right) or bool(written)
    return f"{said} {written[:2]}" if wrong else ""


def _refusals(reader: Reader, right: str | tuple[str, ...]) -> tuple[int, ...]:
    """Who is not logged in is led to the login; what an address does not take at all it may say first."""
    if not reader.is_staff:
        return (302, 405)
    return (403, 404) if right != REFUSED else (302, 403, 405)


def test_every_page_and_every_model_and_every_action_has_a_line(db: None) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.create_superuser("spravce")
    actions = {(model._meta.label_lower, name) for model, page in admin.site._registry.items() for name in page.get_actions(request)}

    of_models = {f"admin:{model.replace('.', '_')}_{verb}" for model in MODELS for verb in VERBS}
    assert {model._meta.label_lower for model in admin.site._registry} == set(MODELS)
    assert _names() - of_models <= set(PAGES)
    assert set(PAGES) <= _names()
    assert {one for one in actions if one[1] != "delete_selected"} == set(ACTIONS)


@pytest.mark.thorough
@pytest.mark.parametrize("rights", READERS)
def test_every_page_and_button_does_what_the_readers_rights_say_and_nothing_else(everything: Shop, rights: str) -> None:
    reader = READERS[rights]()

    places = _unlike(reader, _places(everything), READERS[LIKE[rights]]() if rights in LIKE else None)
    complaints = [_complaint(reader, place, method) for place in places for method in ("get", "post")]

    found = [one for one in complaints if one] + _refused_ways(reader, places)
    assert not found, "\n".join(found)


@pytest.mark.thorough
@pytest.mark.parametrize("rights", ["no rights", "may only look", "office", "all but deletion", "superuser"])
def test_an_action_of_a_list_is_offered_and_done_only_for_who_has_its_right(everything: Shop, rights: str) -> None:
    reader, complaints = READERS[rights](), []

    for model in MODELS:
        page = reader.ask("get", _list_of(model))[0]
        offered = set(ACTION.findall(page.rendered)) if page.status_code == 200 else set()
        for action, right in _actions_of(model).items():
            answer, written = reader.ask("post", _list_of(model), _chosen(model, action))
            may = reader.may(right)
            if answer.status_code not in (200, 302, 403, 405) or bool(written) > may or (action in offered) > may:
                complaints.append(f"{rights}: {model} {action} → {answer.status_code} {written[:2]}")

    assert not complaints, "\n".join(complaints)


@pytest.mark.thorough
def test_every_action_of_the_table_does_something_for_who_has_its_right(everything: Shop) -> None:
    reader = _superuser()

    for model, action in ACTIONS:
        answer, written = reader.ask("post", _list_of(model), _chosen(model, action))
        assert answer.status_code in (200, 302)
        assert written or (model, action) in SHOWING, (model, action)


# Actions that lead to a page, or enqueue what a worker does.
SHOWING = {("mappings.mappingversion", "compare_chosen"), ("django_celery_beat.periodictask", "run_tasks")}


def _list_of(model: str) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_changelist")


def _actions_of(model: str) -> dict[str, str]:
    app, _dot, name = model.partition(".")
    deletion = {} if MODELS[model] == RECORD else {"delete_selected": f"{app}.delete_{name}"}
    return {action: right for (of, action), right in ACTIONS.items() if of == model} | deletion


def _chosen(model: str, action: str) -> dict[str, Any]:
    rows = apps.get_model(model)._default_manager.order_by("pk").values_list("pk", flat=True)
    return {"action": action, "_selected_action": list(rows), "confirmed": "yes", "post": "yes"}


def _refused_ways(reader: Reader, places: Sequence[Place]) -> list[str]:
    """Return the links and buttons of the pages seen that lead their reader to a refusal."""
    lines = {place.name: place.page for place in places}
    ways = {(name, method, target) for name, page in reader.seen.items() for method, target in _offered(page) if target in lines}
    refused = [one for one in ways if not reader.may(lines[one[2]].get if one[1] == "GET" else lines[one[2]].post)]
    return sorted(f"{reader.name}: {name} offers {method} {target}" for name, method, target in refused if (name, target) != TRYING_OUT)


# The workbench's form may be tried out by whoever looks; only its button to save takes a right, and is shown to who has it.
TRYING_OUT = ("workbench:table", "workbench:table")


def _offered(page: HttpResponse) -> Iterator[tuple[str, str]]:
    """Yield the pages that links lead to and forms post to, by their names."""
    found = [("POST", address) for address in FORM.findall(page.rendered)] + [("GET", address) for address in LINK.findall(page.rendered)]
    for method, address in dict.fromkeys(found):
        try:
            match = resolve(urlsplit(unescape(address)).path)
        except Resolver404:
            continue
        if match.view_name and not match.view_name.endswith(":"):
            yield method, match.view_name


@pytest.mark.thorough
def test_who_may_look_at_one_kind_alone_sees_its_pages_and_no_other(everything: Shop) -> None:
    places, complaints = _places(everything), []

    for model in MODELS:
        app, _dot, name = model.partition(".")
        reader = _reader(f"jen-{name}", {f"{app}.view_{name}"})
        mine = [place for place in places if place.model == model or f"{app}.view_{name}" in place.page.get]
        complaints += [_complaint(reader, place, method) for place in mine for method in ("get", "post")]

    found = [one for one in complaints if one]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("code", [code for code, text in TEXTS.items() if text.page])
def test_the_way_to_put_a_finding_right_takes_a_right_that_exists(db: None, code: str) -> None:
    app, _dot, name = right_of(Issue(code, params={"value": "1"})).partition(".")

    assert Permission.objects.filter(content_type__app_label=app, codename=name).exists()
