"""The portal's own addresses for Shoptet's webhooks, and whether Shoptet can reach them."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from shops.models import Shop
from webhooks.topics import slug_for

PATH = "/api/webhooks/shoptet/"
PORTS = (80, 443, 8080, 8443)


class NoPublicAddress(Exception):
    """Say that PUBLIC_URL is not set, so that Shoptet could not be told where to call."""

    def __init__(self) -> None:
        super().__init__(_("PUBLIC_URL is not set: Shoptet must be told under which address the portal is reached."))


def url_for(event_type: str) -> str:
    """Return the address to register this event under; raise NoPublicAddress without PUBLIC_URL."""
    if not settings.PUBLIC_URL:
        raise NoPublicAddress
    return f"{settings.PUBLIC_URL.rstrip('/')}{PATH}{slug_for(event_type)}"


def is_ours(url: str) -> bool:
    """Whether the address leads to this installation: the same host and port."""
    return _place(url) == _place(settings.PUBLIC_URL)


def address_warnings(shop: Shop) -> list[str]:
    """Return a sentence for each reason why Shoptet may not reach the portal."""
    host, port = _place(settings.PUBLIC_URL)
    if _is_loopback(host):
        if _is_loopback(_place(shop.api_base_url)[0]):
            return []
        return [_("PUBLIC_URL is %(host)s, which Shoptet cannot reach from outside this machine.") % {"host": host}]
    warnings = []
    if port not in PORTS:
        warnings.append(_("Shoptet calls the ports 80, 443, 8080 and 8443 only, and PUBLIC_URL has %(port)s.") % {"port": port})
    if urlsplit(settings.PUBLIC_URL).scheme != "https":
        warnings.append(_("PUBLIC_URL is not https: what Shoptet sends can be read on the way."))
    return warnings


def _place(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        # Somebody else's registration may hold anything; it is no address of ours.
        return "", 0


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
