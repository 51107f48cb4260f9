"""A person at the admin, as far as a web server can tell: logs in, reads pages, changes a form and saves it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import requests
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User

NAME, PASSWORD = "vedouci", "a-password-for-tests"


class Form(HTMLParser):
    """What a browser would send of one form of a page."""

    def __init__(self, page: str, name: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._name, self._inside, self._select, self._text = name, False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("id") == self._name
        if not self._inside:
            return
        if tag == "select":
            self._select = found["name"]
        elif tag == "textarea":
            self._text = found["name"]
        elif tag == "option" and self._select and "selected" in found:
            self.values[self._select] = found["value"]
        elif tag == "input" and "name" in found and found.get("type") not in ("submit", "button"):
            is_box = found.get("type") == "checkbox"
            if not is_box or "checked" in found:
                self.values[found["name"]] = found.get("value", "on" if is_box else "")

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] = self.values.get(self._text, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""


class Person:
    """Somebody who may do everything; cookies are sent over plain HTTP too, as there is no TLS in a test."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._cookies: dict[str, str] = {}
        # Hashed as the web server knows it: the tests' own settings have a cheaper way.
        User.objects.create(username=NAME, password=PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000), is_staff=True, is_superuser=True)

    def log_in(self) -> None:
        """Log in by the form."""
        form = Form(self.read("/admin/login/"), "login-form")
        self._send("POST", "/admin/login/", form.values | {"username": NAME, "password": PASSWORD, "next": "/admin/"})
        assert "sessionid" in self._cookies, "the login was refused"

    def read(self, path: str) -> str:
        """Return a page."""
        return self._send("GET", path).text

    def save(self, path: str, form: str, **changes: str) -> str:
        """Change some fields of a form, save it, and return the page that it leads to."""
        values = Form(self.read(path), form).values | changes | {"_save": "Save"}
        answer = self._send("POST", path, values)
        assert answer.status_code == 302, answer.text
        return self.read(answer.headers["Location"])

    def _send(self, method: str, path: str, values: dict[str, Any] | None = None) -> requests.Response:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()), "Accept-Language": "en"}
        answer = requests.request(method, f"{self._address}{path}", data=values, headers=headers, allow_redirects=False, timeout=20)
        self._cookies |= answer.cookies.get_dict()
        assert answer.status_code < 400, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer
