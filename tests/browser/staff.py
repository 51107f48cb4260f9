"""What a member of staff does in the admin, in the words of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.urls import reverse
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.admin.rows import PASSWORD

SECONDS = 15


@dataclass
class Staff:
    """A person at a browser."""

    browser: webdriver.Chrome
    address: str
    pictures: Path

    def log_in(self, name: str) -> None:
        """Log in by the form."""
        self.open(reverse("admin:login"))
        self.browser.find_element(By.NAME, "username").send_keys(name)
        self.browser.find_element(By.NAME, "password").send_keys(PASSWORD)
        self.browser.find_element(By.CSS_SELECTOR, "#login-form [type=submit]").click()
        self.wait_for("Přehled")

    def open(self, path: str) -> None:
        """Go to a page of the portal."""
        self.browser.get(f"{self.address}{path}")

    def press(self, text: str) -> None:
        """Press the button or follow the link with this text."""
        shown = [
            element
            for element in self.browser.find_elements(By.CSS_SELECTOR, "#content button, #content a, #content input[type=submit]")
            if text in (element.text.strip(), element.get_attribute("value")) and element.is_displayed()
        ]
        assert shown, f"There is no button “{text}” on {self.browser.current_url}."
        page = self.browser.find_element(By.TAG_NAME, "html")
        shown[0].click()
        WebDriverWait(self.browser, SECONDS).until(lambda _: _is_gone(page))

    def choose_action(self, text: str, *, rows: int) -> None:
        """Tick the first rows of a list and run an action on them."""
        for box in self.browser.find_elements(By.CSS_SELECTOR, "input.action-select")[:rows]:
            box.click()
        for option in self.browser.find_elements(By.CSS_SELECTOR, "select[name=action] option"):
            if option.text == text:
                option.click()
        self.press("Provést")

    def fill(self, name: str, value: str) -> None:
        """Write into a field."""
        field = self.browser.find_element(By.NAME, name)
        field.clear()
        field.send_keys(value)

    def wait_for(self, text: str) -> None:
        """Wait until the page says this."""
        # A page may be replaced by the next one in the middle of being read; then that one is read.
        waiting = WebDriverWait(self.browser, SECONDS, ignored_exceptions=[StaleElementReferenceException])
        waiting.until(lambda _: text in self.read(), f"“{text}” did not appear on {self.browser.current_url}.")

    def read(self) -> str:
        """Return the page's visible text."""
        return self.browser.find_element(By.TAG_NAME, "body").text

    def complaints(self) -> list[str]:
        """Return what the browser complained of since the last question: errors, and violations of the security policy."""
        entries = self.browser.get_log("browser")
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE" or "Content Security Policy" in entry["message"]]

    def take_picture(self, name: str) -> Path:
        """Save what the browser shows."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{name}.png"
        self.browser.save_screenshot(str(path))
        return path

    def prefer(self, scheme: str) -> None:
        """Set the system's colour scheme, light or dark."""
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def background(self) -> str:
        """Return the colour of the ground."""
        return str(self.browser.execute_script("return getComputedStyle(document.body).backgroundColor"))


def _is_gone(element: object) -> bool:
    try:
        element.is_enabled()  # type: ignore[attr-defined]
    except Exception as error:
        # Whichever way the driver says it: the old page's element is not there any more.
        return "stale" in str(error).lower() or "no such" in str(error).lower() or "detached" in str(error).lower()
    return False
