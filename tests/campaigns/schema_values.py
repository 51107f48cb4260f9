"""Make values for a schema of Shoptet's OpenAPI file: what it allows, with the ends of each range, and now and then what it forbids."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from random import Random
from typing import Any

from tests.campaigns.odd_values import DATES, TIMES, odd_amount, odd_text, random_word

Schema = Mapping[str, Any]
# How often a value is of another type than the file promises; such a record may be refused, its neighbours may not.
BROKEN = 0.004
OF_ANOTHER_TYPE = (None, True, 7, -1, 1.5, "", "x", [], {}, [None], {"x": None}, "NaN", "1e999999", "\x00", 10**60)
DECIMALS = re.compile(r"\\\.\[0-9\]\{(?:\d,)?(\d)\}")


class SchemaValues:
    """Make values; the same seed makes the same ones."""

    def __init__(self, document: Schema, random: Random) -> None:
        self._document = document
        self.random = random

    def answer_of(self, path: str) -> Any:
        """Return a body as GET of this path might answer it."""
        operation = self._document["paths"][path]["get"]
        return self.value(operation["responses"]["200"]["content"]["application/json"]["schema"])

    def data_schema(self, path: str) -> Schema:
        """Return the schema of an answer's `data`."""
        schema = self._document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        return self._resolved(self._resolved(schema)["properties"]["data"])

    def value(self, schema: Schema, name: str = "", depth: int = 0) -> Any:
        """Return a value for a schema; `name` is the field that it is for."""
        if self.random.random() < BROKEN:
            return self.random.choice(OF_ANOTHER_TYPE)
        schema = self._resolved(schema)
        if "oneOf" in schema:
            return self.value(self.random.choice(schema["oneOf"]), name, depth)
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kind = self._kind(schema)
        return self._makers()[kind](schema, name, depth)

    def _makers(self) -> dict[str, Any]:
        return {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._integer,
            "number": self._number,
            "boolean": lambda *_: self.random.random() < 0.5,
            "null": lambda *_: None,
        }

    def _kind(self, schema: Schema) -> str:
        kinds = schema.get("type") or ("object" if "properties" in schema else "string")
        if isinstance(kinds, str):
            return kinds
        others = [kind for kind in kinds if kind != "null"]
        return "null" if "null" in kinds and self.random.random() < 0.25 else str(self.random.choice(others))

    def _object(self, schema: Schema, _name: str, depth: int) -> dict[str, Any]:
        required = set(schema.get("required", ()))
        rare = 0.75 if depth < 4 else 0.3
        made = {
            name: self.value(part, name, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if name in required or self.random.random() < rare
        }
        if self.random.random() < 0.05:
            made[odd_text(self.random, 20)] = odd_text(self.random, 20)
        return made

    def _array(self, schema: Schema, name: str, depth: int) -> list[Any]:
        least = int(schema.get("minItems", 0))
        count = max(least, self.random.choice((0, 1, 1, 2, 3)))
        return [self.value(schema.get("items", {}), name, depth + 1) for _ in range(count)]

    def _string(self, schema: Schema, name: str, _depth: int) -> str:
        pattern = str(schema.get("pattern", ""))
        if "T[012]" in pattern or name.lower().endswith("time"):
            return TIMES[0] if self.random.random() < 0.6 else self.random.choice(TIMES)
        if schema.get("format") == "date" or pattern.startswith("^[0-9]{4}-[0-9]{2}"):
            return self.random.choice(DATES)
        if found := DECIMALS.search(pattern):
            return odd_amount(self.random, int(found[1]), signed="-" in pattern)
        if "[0-9a-f]{8}-" in pattern:
            return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        if pattern == "^[a-zA-Z]{3}$":
            return self.random.choice(("CZK", "EUR", "eur", "USD", "HUF", "XXX"))
        if pattern or (schema.get("examples") and self.random.random() < 0.5):
            examples = [str(example) for example in schema.get("examples", ())] or [random_word(self.random, 8)]
            return self.random.choice(examples)
        return odd_text(self.random, schema.get("maxLength"), int(schema.get("minLength", 0)))

    def _integer(self, schema: Schema, _name: str, _depth: int) -> int:
        low, high = int(schema.get("minimum", -(10**6))), int(schema.get("maximum", 10**9))
        return self.random.choice((low, high, min(max(0, low), high), min(max(1, low), high), self.random.randint(low, high)))

    def _number(self, schema: Schema, name: str, depth: int) -> float:
        return self._integer(schema, name, depth) + self.random.choice((0.0, 0.1, 0.005, 1e-9))

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            place: Any = self._document
            for step in str(schema["$ref"]).removeprefix("#/").split("/"):
                place = place[step.replace("~1", "/").replace("~0", "~")]
            schema = place
        return schema
