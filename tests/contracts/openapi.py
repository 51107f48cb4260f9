"""Shoptet's OpenAPI file as a judge of bodies; its place is in SHOPTET_OPENAPI."""

from __future__ import annotations

import functools
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "reference" / "shoptet-openapi.yaml"
# What tells a contract test that was left out from any other that was skipped.
LEFT_OUT = "contract test: "
ADDRESS = "urn:shoptet"
ENVELOPE = {
    "type": "object", "required": ["data", "errors", "metadata"], "additionalProperties": False,
    "properties": {"data": {"type": "null"}, "errors": {"$ref": f"{ADDRESS}#/components/schemas/Errors", "type": "array", "minItems": 1},
                   "metadata": {"$ref": f"{ADDRESS}#/components/schemas/Metadata"}},
}  # fmt: skip


def openapi_file() -> Path:
    """Return where the file is, or skip with the reason; the end of the run counts what was left out."""
    given = os.environ.get("SHOPTET_OPENAPI", "")
    path = Path(given or BESIDE_THE_REPOSITORY)
    if not path.is_file():
        named = f"names {given}, which is no file" if given else "names no file"
        pytest.skip(f"{LEFT_OUT}SHOPTET_OPENAPI {named}")
    return path


def read_document() -> dict[str, Any]:
    """Return the document, parsed once in each process; skip where there is none."""
    return _document(openapi_file())


@functools.cache
def _document(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - the safe loader, in C where it is


class OpenApi:
    """Answers whether a path is declared and whether a body conforms."""

    def __init__(self) -> None:
        self.document = read_document()
        self.registry: Registry[Any] = Registry().with_resource(ADDRESS, DRAFT202012.create_resource(self.document))
        self.paths = {re.sub(r"\{\w+\}", "{}", path): path for path in self.document["paths"]}
        self._validators: dict[str, Draft202012Validator] = {}

    def declared(self, method: str, pattern: str) -> dict[str, Any] | None:
        """Return the operation behind a pattern, whatever its parameters are called."""
        path = self.paths.get(re.sub(r"\{\w+\}", "{}", pattern))
        return self.document["paths"][path].get(method.lower()) if path else None

    def problems(self, method: str, pattern: str, status: int, body: Any) -> list[str]:
        """Return what is wrong with the body of an answer; a status that is not declared needs the error envelope."""
        operation = self.declared(method, pattern)
        if operation is None or str(status) not in operation["responses"] or status >= 400:
            return self._errors("envelope", ENVELOPE, body)
        path = self.paths[re.sub(r"\{\w+\}", "{}", pattern)].replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        place = f"{ADDRESS}#/paths/{path}/{method.lower()}/responses/{status}/content/application~1json/schema"
        return self._errors(place, {"$ref": place}, body)

    def _errors(self, name: str, schema: dict[str, Any], body: Any) -> list[str]:
        if name not in self._validators:
            self._validators[name] = Draft202012Validator(schema, registry=self.registry)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in self._validators[name].iter_errors(body)]
