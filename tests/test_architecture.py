"""The rules that keep the portal in layers, held by reading its source."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

# Who may import whom, among our own packages.
LAYERS: dict[str, set[str]] = {
    "clients": set(),
    "shops": {"clients"},
    "mappings": {"shops"},
    "webhooks": {"shops"},
    "sync": {"clients", "shops", "mappings", "webhooks"},
    "monitoring": {"clients", "shops", "mappings", "webhooks", "sync"},
    "api": {"clients", "shops", "mappings", "webhooks", "sync", "monitoring"},
    "sandbox": set(),
    "demo": set(),
    "integration_portal": set(),
}
# Wiring may import everything, in these modules only.
WIRING = {"integration_portal/settings.py", "integration_portal/urls.py", "integration_portal/celery.py"}
# Packages that must work without Django, and all that they stand on beside the standard library.
STANDS_ON: dict[str, set[str]] = {"clients": {"requests", "urllib3"}, "sandbox": set(), "demo": {"honcho", "redis"}}
# What imports a module, or finds a model, by a name in a text.
IMPORTS_BY_TEXT = {"import_module", "import_string", "get_model"}
HTTP = {"requests", "urllib3", "socket", "http.client", "urllib.request"}
# The one module outside the clients that holds a session for them.
HOLDS_SESSIONS = "shops/clients.py"
# The steps that only compute: what is read from the database is handed to them.
COMPUTES = re.compile(r"^(mappings/(engine|drafts|tables|chains|expression\w*|transforms/\w+)|sync/(mapping|validation/\w+))\.py$")
NAMES_WITHOUT_AN_IDEA = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "tools"}
LONGEST_MODULE = 400
# What stands for a record in a task's arguments: ids, keys, names and moments as JSON has them, never an object.
JSON_ANNOTATION = re.compile(r"^(int|str|bool|float|None|list|dict|tuple|Sequence|Any|[\[\], |.])+$")


@dataclass(frozen=True)
class Module:
    """One source file of ours."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(REPOSITORY).as_posix()

    @property
    def package(self) -> str:
        return self.name.partition("/")[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @cache  # noqa: B019 - the modules live as long as the tests
    def imports(self) -> tuple[str, ...]:
        """Return what is imported, by a statement or by a name in a text; of `from a import b` both `a` and `a.b`."""
        return tuple(self._imports())

    def _imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = self._absolute(node)
                yield module
                yield from (f"{module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Call) and _last_name(node.func) in IMPORTS_BY_TEXT:
                yield from (argument.value for argument in node.args[:1] if _is_text(argument))

    def _absolute(self, node: ast.ImportFrom) -> str:
        folder = self.path.relative_to(REPOSITORY).parent.parts
        above = folder[: len(folder) - node.level + 1] if node.level else ()
        return ".".join([*above, *filter(None, [node.module])])

    def roots(self) -> set[str]:
        return {imported.partition(".")[0] for imported in self.imports()}


def _last_name(function: ast.expr) -> str:
    """Return the name that is called, without what stands before its last dot."""
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _find_modules() -> list[Module]:
    paths = (path for package in LAYERS for path in sorted((REPOSITORY / package).rglob("*.py")))
    return [Module(path) for path in paths if "migrations" not in path.parts]


MODULES = _find_modules()


def test_the_rules_see_every_package() -> None:
    packages = {path.parent.name for path in REPOSITORY.glob("*/__init__.py")}

    assert packages - {"tests", "benchmarks"} == set(LAYERS)


@pytest.mark.parametrize("package", LAYERS)
def test_a_package_imports_only_the_layers_below_it(package: str) -> None:
    allowed = LAYERS[package] | {package}

    forbidden = [
        f"{module.name} imports {imported}"
        for module in MODULES
        if module.package == package and module.name not in WIRING
        for imported in module.imports()
        if imported.partition(".")[0] in set(LAYERS) - allowed
    ]

    assert forbidden == []


@pytest.mark.parametrize("package", STANDS_ON)
def test_what_must_work_without_django_stands_on_little(package: str) -> None:
    allowed = STANDS_ON[package] | {package} | set(sys.stdlib_module_names)

    forbidden = [(module.name, module.roots() - allowed) for module in MODULES if module.package == package and module.roots() - allowed]

    assert forbidden == []


def test_nothing_that_runs_needs_the_tests_or_the_benchmarks() -> None:
    assert [module.name for module in MODULES if module.roots() & {"tests", "benchmarks"}] == []


def test_only_the_clients_speak_http() -> None:
    forbidden = [
        f"{module.name} imports {imported}"
        for module in MODULES
        if module.package not in STANDS_ON and module.name != HOLDS_SESSIONS
        for imported in module.imports()
        if any(imported == name or imported.startswith(f"{name}.") for name in HTTP)
    ]

    assert forbidden == []


def test_mapping_and_validation_know_no_database() -> None:
    computing = [module for module in MODULES if COMPUTES.match(module.name)]

    forbidden = [
        f"{module.name} imports {imported}"
        for module in computing
        for imported in module.imports()
        if imported.startswith("django.db") or imported.endswith(".models") or ".models." in imported
    ]

    assert len(computing) > 20
    assert forbidden == []


def test_every_module_is_named_after_an_idea() -> None:
    assert [module.name for module in MODULES if module.path.stem in NAMES_WITHOUT_AN_IDEA] == []


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {module.name: len(module.path.read_text(encoding="utf-8").splitlines()) for module in MODULES}

    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [module.name for module in MODULES if not ast.get_docstring(module.tree) and module.path.read_text().strip()] == []


def test_every_package_says_what_it_is_for() -> None:
    packages = [module for module in MODULES if module.path.name == "__init__.py" and "management" not in module.path.parts]

    assert [module.name for module in packages if not ast.get_docstring(module.tree)] == []


def test_every_public_name_says_what_it_does() -> None:
    silent = [
        f"{module.name}:{node.lineno} {node.name}"
        for module in MODULES
        if module.package != "sandbox"  # its handlers are named after the partners' endpoints and documented there
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        if node.name != "Command"  # its `help` says it
    ]

    assert silent == []


def test_no_exception_is_swallowed_silently() -> None:
    swallowed = [
        f"{module.name}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and all(isinstance(line, ast.Pass | ast.Continue) for line in node.body)
    ]

    assert swallowed == []


def _is_task(node: ast.FunctionDef) -> bool:
    targets = (decorator.func if isinstance(decorator, ast.Call) else decorator for decorator in node.decorator_list)
    return any(ast.unparse(target).endswith(("shared_task", ".task")) for target in targets)


def _find_tasks() -> list[tuple[Module, ast.FunctionDef]]:
    functions = ((module, node) for module in MODULES for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef))
    return [(module, node) for module, node in functions if _is_task(node)]


def test_tasks_take_ids_and_plain_values_only() -> None:
    wrong = [
        f"{module.name}:{node.lineno} {node.name}({argument.arg})"
        for module, node in _find_tasks()
        for argument in [*node.args.args, *node.args.kwonlyargs]
        if argument.arg != "self" and not (argument.annotation and JSON_ANNOTATION.match(ast.unparse(argument.annotation)))
    ]

    assert wrong == []


def test_a_tasks_name_begins_with_its_queue() -> None:
    from integration_portal.broker import QUEUES

    names = [
        (module, node, keyword.value.value)
        for module, node in _find_tasks()
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
    ]

    assert len(names) == len(_find_tasks()), "a task has no name of its own"
    assert [name for _, _, name in names if str(name).partition(".")[0] not in QUEUES] == []


def test_every_test_is_named_in_words() -> None:
    short = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno} {node.name}"
        for path in sorted((REPOSITORY / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and node.name.count("_") < 3
    ]

    assert short == []
