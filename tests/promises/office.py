"""Somebody of the office, who looks at the running portal's own pages."""

from __future__ import annotations

import requests
from django.test import Client

from tests.admin.rows import make_user


def logged_in() -> requests.Session:
    """Return a browser in which somebody has logged in, who reads English."""
    client, browser = Client(), requests.Session()
    client.force_login(make_user())
    browser.cookies.set("sessionid", client.cookies["sessionid"].value)
    browser.headers["Accept-Language"] = "en"
    return browser
