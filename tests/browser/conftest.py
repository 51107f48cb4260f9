"""A headless Chromium that speaks Czech, against Django's own live server."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from selenium import webdriver

from sync.schedules import create_schedules
from tests.admin.rows import make_user
from tests.browser.staff import Staff

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1440,900",
)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory, live_server: object) -> Iterator[webdriver.Chrome]:
    """Start one browser for all tests, with a profile of its own; it leaves before the server does, and lets its connections go."""
    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": "cs"})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_page_load_timeout(30)
    yield driver
    driver.quit()
    time.sleep(0.5)
    gc.collect()


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enqueue nothing: what the buttons do is seen in the rows."""
    monkeypatch.setattr("sync.dispatch._send", lambda task, args, **options: True)
    monkeypatch.setattr("webhooks.processing.hand_over", lambda pks: None)


@pytest.fixture
def staff(chromium: webdriver.Chrome, live_server: object, transactional_db: None) -> Staff:
    """Return the hands and eyes of a member of staff, not logged in yet; the schedules are there as after installation."""
    create_schedules(PeriodicTask, CrontabSchedule, IntervalSchedule)
    chromium.delete_all_cookies()
    chromium.get_log("browser")
    return Staff(chromium, str(live_server), Path("build/screenshots"))


@pytest.fixture
def office(staff: Staff) -> Staff:
    """Return somebody from the office, logged in."""
    make_user("jana")
    staff.log_in("jana")
    return staff


@pytest.fixture
def administrator(staff: Staff) -> Staff:
    """Return somebody who may see everything, logged in."""
    make_user("spravce", group="", is_superuser=True)
    staff.log_in("spravce")
    return staff
