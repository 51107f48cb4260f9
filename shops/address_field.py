"""A URL of a partner or of our own, read as https where a person leaves the scheme out."""

from __future__ import annotations

from typing import Any

from django.db import models


class AddressField(models.URLField):
    """A URLField whose form does not depend on a default that Django is about to change."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https"} | kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        # The same column: migrations need not know this class.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
