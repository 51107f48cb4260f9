"""How the API says no: a status and lines for the error envelope."""

from __future__ import annotations


class ApiError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, message: str, instance: str = "unknown", *, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or {}
        self.lines = [{"errorCode": code, "message": message, "instance": instance}]


def not_found(kind: str, key: str) -> ApiError:
    """Return the 404 of a record, `kind` in words like 'order'."""
    named = {"order": f'Order with code "{key}" not found.', "product": f'Product with identificator "{key}" not found.'}
    return ApiError(404, f"{kind}-not-found", named.get(kind, f'{kind.capitalize()} with id "{key}" not found.'), key)


def invalid(message: str, instance: str = "payload", *, status: int = 422) -> ApiError:
    """Return the answer to a request that cannot be understood or carried out."""
    return ApiError(status, "invalid-request-data", message, instance)


def bad_parameter(name: str, message: str) -> ApiError:
    """Return the 400 for a query parameter."""
    return ApiError(400, "invalid-parameter", f'Invalid "{name}" parameter. {message}', name)
