"""Answers the page's requests: shows it, and carries out its forms."""

from __future__ import annotations

from typing import Any

from sandbox.http import Request, Response, html_response
from sandbox.shoptet.api.gateway import Gateway
from sandbox.shoptet.shop import Shop


class Page:
    """Placeholder until the page is laid out below."""

    def __init__(self, shop: Shop, gateway: Gateway, options: Any) -> None:
        self.shop, self.gateway, self.options = shop, gateway, options

    def __call__(self, request: Request) -> Response:
        return html_response("ok")
