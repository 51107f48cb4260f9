"""The rules that keep the portal in layers, held by reading its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
# Packages that must work without Django.
WITHOUT_DJANGO = ("clients", "demo")
FRAMEWORKS = {"django", "rest_framework", "celery", "kombu"}
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

    def imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module


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


@pytest.mark.parametrize("package", WITHOUT_DJANGO)
def test_clients_and_the_demo_know_no_framework(package: str) -> None:
    forbidden = [
        f"{module.name} imports {imported}"
        for module in MODULES
        if module.package == package
        for imported in module.imports()
        if imported.partition(".")[0] in FRAMEWORKS
    ]

    assert forbidden == []


def test_mapping_and_validation_know_no_network() -> None:
    pure = ("mappings/", "sync/validation/")

    forbidden = [
        f"{module.name} imports {imported}"
        for module in MODULES
        if module.name.startswith(pure)
        for imported in module.imports()
        if imported.partition(".")[0] in {"requests", "urllib3", "socket"}
    ]

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
