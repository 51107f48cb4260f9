"""Answers that note which of their fields are read, and whether Shoptet's OpenAPI document has these fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Path = tuple[str, ...]
ROW = "[]"


class Noting(dict[str, Any]):
    """A JSON object that notes its fields as they are read; asking whether a field is there is no reading."""

    def __init__(self, fields: dict[str, Any], path: Path, noted: set[Path]) -> None:
        super().__init__({name: noting(value, (*path, name), noted) for name, value in fields.items()})
        self._path, self._noted = path, noted

    def __getitem__(self, name: str) -> Any:
        self._noted.add((*self._path, name))
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field and note that it was read."""
        self._noted.add((*self._path, name))
        return super().get(name, default)


def noting(value: Any, path: Path, noted: set[Path]) -> Any:
    """Return the value with every object in it noting what is read of it."""
    if isinstance(value, dict):
        return Noting(value, path, noted)
    if isinstance(value, list):
        return [noting(one, (*path, ROW), noted) for one in value]
    return value


def parse(content: bytes, noted: set[Path]) -> Any:
    """Parse an answer the way that the client does, into objects that note what is read."""
    return noting(json.loads(content, parse_float=Decimal), (), noted) if content.strip() else None


class Fields:
    """Follow a path of fields through a schema of the document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def at(self, schema: dict[str, Any], path: Path) -> list[dict[str, Any]]:
        """Return the schemas that a field may have; none where the document does not know it."""
        found = list(self._alternatives(schema))
        for name in path:
            found = [inner for one in found for step in self._step(one, name) for inner in self._alternatives(step)]
        return found

    def _step(self, schema: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
        if name == ROW:
            yield from [schema["items"]] if "items" in schema else []
        elif name in schema.get("properties", {}):
            yield schema["properties"][name]
        elif isinstance(schema.get("additionalProperties"), dict):
            yield schema["additionalProperties"]

    def _alternatives(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the schema and those that it refers to or is put together of; what is beside a reference counts, too."""
        yield schema
        if "$ref" in schema:
            yield from self._alternatives(self._follow(schema["$ref"]))
        for word in ("allOf", "anyOf", "oneOf"):
            for one in schema.get(word, ()):
                yield from self._alternatives(one)

    def _follow(self, reference: str) -> dict[str, Any]:
        target: Any = self.document
        for part in reference[2:].split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")]
        return dict(target)
