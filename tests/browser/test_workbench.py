"""A mapping is changed as somebody in the office would: tried on a record, its effect read, activated, seen in BlueJet, put back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.urls import reverse
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from mappings.drafting import open_draft, save_draft
from mappings.models import FieldMapping, MappingDraft, MappingVersion
from sandbox.bluejet.server import BlueJetSandbox
from sandbox.shoptet.server import ShoptetSandbox
from shops.models import FlowName
from sync.models import Preview, SampleRecord
from sync.workbench.fetching import fetch_preview
from tests.admin.rows import make_user
from tests.browser.staff import Staff
from tests.sync.portal import Portal, connect

# The browser keeps connections to the live server open, which Python notices at some later moment.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]
SECONDS = 10


@pytest.fixture
def portal(staff: Staff, redis_client: redis.Redis) -> Iterator[Portal]:
    """Return a shop of forty products between both stand-ins, all of them in BlueJet already."""
    quick: dict[str, Any] = {"bucket_drain": 10_000.0, "bucket_size": 100_000.0, "connections": 50}
    shoptet = ShoptetSandbox(port=0, products=40, customers=5, orders=0, webhook_key="k" * 32, **quick).start()
    bluejet = BlueJetSandbox(port=0).start()
    made = connect(shoptet, bluejet, "data")
    made.run(FlowName.PRODUCT_TO_BLUEJET)
    yield made
    shoptet.stop()
    bluejet.stop()


def table(portal: Portal, entity: str = "product") -> str:
    """Return the table's address."""
    return reverse("workbench:table", args=[portal.shop.pk, entity])


def wait_until(staff: Staff, ready: Any) -> float:
    """Wait for something on the page; return how many seconds it took."""
    began = time.monotonic()
    WebDriverWait(staff.browser, SECONDS, poll_frequency=0.02).until(lambda _: ready())
    return time.monotonic() - began


def find(staff: Staff, selector: str) -> Any:
    """Return an element of the page."""
    return staff.browser.find_element(By.CSS_SELECTOR, selector)


def row_of(staff: Staff, target: str) -> Any:
    """Return the row that fills a field."""
    script = "return [...document.querySelectorAll('.map-row')].find((row) => row.querySelector('[name^=target-]').value === arguments[0])"
    return staff.browser.execute_script(script, target)


def write(staff: Staff, target: str, column: str, text: str) -> None:
    """Open a row by the keyboard and write into one of its fields."""
    row = row_of(staff, target)
    row.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    field = row.find_element(By.CSS_SELECTOR, f"[name^={column}-]")
    field.clear()
    field.send_keys(text)


def read_record(staff: Staff, code: str) -> None:
    """Ask for a record by its code and do the worker's part."""
    field = find(staff, "[name=value]")
    field.clear()
    field.send_keys(code, Keys.ENTER)
    wait_until(staff, lambda: Preview.objects.filter(state=Preview.State.FETCHING).exists())
    fetch_preview(Preview.objects.latest("pk").pk)
    wait_until(staff, lambda: staff.browser.find_elements(By.CSS_SELECTOR, "#preview h2 .badge"))


def held_name(portal: Portal, code: str) -> str:
    """Return what BlueJet calls the product."""
    return str(portal.bluejet.store.find("product", "code", code)[0]["name"])


def test_a_rule_is_changed_tried_activated_seen_in_bluejet_and_put_back(office: Staff, portal: Portal) -> None:
    code = SampleRecord.objects.filter(entity="product").latest("pk").key
    before = held_name(portal, code)

    office.open(table(portal))
    read_record(office, code)
    office.wait_for("BlueJet ho má právě takový; neodeslalo by se nic.")
    write(office, "name", "transform", "upper")
    took = wait_until(office, lambda: before.upper() in find(office, "#preview").text)
    office.take_picture("workbench-preview")
    nothing_saved = not MappingDraft.objects.exists()
    office.press("Uložit koncept")
    office.wait_for("Koncept je uložen.")
    office.press("Co to udělá…")
    office.wait_for("Změní se: produkt – ")
    office.take_picture("workbench-effect")
    office.fill("comment", "Názvy velkými písmeny")
    office.press("Aktivovat")
    office.wait_for("Odeslat dotčené záznamy hned?")
    office.press("Odeslat hned")
    portal.work(FlowName.PRODUCT_TO_BLUEJET)
    changed = held_name(portal, code)
    office.open(reverse("admin:mappings_mappingversion_changelist"))
    office.wait_for("Názvy velkými písmeny")
    first = MappingVersion.objects.exclude(comment="Názvy velkými písmeny").latest("number")
    office.open(reverse("admin:mappings_mappingversion_change", args=[first.pk]))
    office.press("Vrátit tuto verzi…")
    office.wait_for("Změní se: produkt – ")
    office.press("Vrátit")
    office.press("Odeslat hned")
    portal.work(FlowName.PRODUCT_TO_BLUEJET)

    assert nothing_saved
    assert took < 1
    assert (changed, held_name(portal, code)) == (before.upper(), before)
    assert FieldMapping.objects.get(entity="product", target="name").transform == "strip|truncate:255"
    assert office.complaints() == []


def test_a_wrong_expression_is_named_at_its_place_while_it_is_written(office: Staff, portal: Portal) -> None:
    office.open(table(portal))

    write(office, "ean", "source", "ean[")
    office.wait_for("Výraz končí příliš brzy")
    write(office, "znacka", "target", "popis")
    office.wait_for("Toto cílové pole už plní jiný aktivní řádek")
    office.press("Uložit koncept")
    office.wait_for("Než půjde aktivovat, je třeba opravit, co je označeno jako chybné.")
    office.press("Co to udělá…")
    office.wait_for("Takto to začít platit nemůže")

    assert not office.browser.find_elements(By.NAME, "comment")
    assert office.complaints() == []


def test_the_second_of_two_editors_is_told_who_was_quicker(office: Staff, portal: Portal) -> None:
    eva = make_user("eva", first_name="Eva", last_name="Malá")
    draft = open_draft(portal.shop, eva)
    office.open(table(portal))
    write(office, "name", "transform", "upper")

    save_draft(portal.shop, revision=draft.revision, content={**draft.content, "fields": draft.content["fields"][1:]}, user=eva)
    office.press("Uložit koncept")
    office.wait_for("Eva Malá mezitím koncept uložil(a)")
    office.wait_for("Nic se nepřepsalo.")
    office.take_picture("workbench-second-editor")

    draft.refresh_from_db()
    assert str(draft.editor) == "eva"
    assert all(row["transform"] != "upper" for row in draft.content["fields"] if row["target"] == "name")
    assert find(office, "#unsaved").is_displayed()


def test_rows_are_added_moved_and_removed_by_keyboard_in_english(office: Staff, portal: Portal) -> None:
    office.open(table(portal))
    find(office, ".language-switch button[value=en]").click()
    office.wait_for("These are the mappings in force")

    find(office, "button[value=add]").send_keys(Keys.ENTER)
    new = office.browser.switch_to.active_element
    new.send_keys("ean", Keys.TAB, "digits", Keys.TAB, "carovykod")
    office.wait_for("Not saved yet")
    row_of(office, "carovykod").find_element(By.CSS_SELECTOR, "button[value^='up:']").send_keys(Keys.ENTER)
    row_of(office, "url").find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    row_of(office, "url").find_element(By.CSS_SELECTOR, "button[value^='remove:']").send_keys(Keys.ENTER)
    office.browser.switch_to.active_element.send_keys(Keys.CONTROL, "s")
    office.wait_for("The draft is saved.")
    office.take_picture("workbench-english")

    rows = [row for row in MappingDraft.objects.get().content["fields"] if row["entity"] == "product"]
    targets = [row["target"] for row in sorted(rows, key=lambda row: row["position"])]
    assert targets[-2:] == ["carovykod", "@external_id"]
    assert "url" not in targets
    assert office.complaints() == []
