"""Tables of values as spreadsheets: every row is looked at before anything is saved."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile

import pytest
import tablib
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from mappings import changes
from mappings.models import CategoryMapping, MappingVersion, StatusMapping
from mappings.sheet_files import read_sheet, write_csv, write_sheet
from mappings.spreadsheets import SheetRefused, check_rows, export_rows, import_rows
from shops.models import Shop

HEADER = "shoptet_id;shoptet_name;bluejet_value;document;cancels\n"


@pytest.fixture
def statuses(shop: Shop) -> Shop:
    """Return a shop with two statuses."""
    StatusMapping.objects.create(shop=shop, shoptet_id="-1", shoptet_name="Nevyřízená", bluejet_value="Probíhající")
    StatusMapping.objects.create(shop=shop, shoptet_id="12", shoptet_name="Čeká", bluejet_value="Odeslaná", document="order")
    return shop


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_unchanged(statuses: Shop, form: str) -> None:
    raw = write_sheet(export_rows(statuses, "status"), form)

    preview = check_rows(statuses, "status", read_sheet("status", raw))

    assert [row.kind for row in preview.rows] == ["same", "same"]
    assert preview.headers[0] == "Shoptet id"


NAMES_LIKE_FORMULAS = ['=HYPERLINK("http://evil.example")', "+420 777", "-sleva", "@SUM(A1)", "'=1", "''-x", "'ocas"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_name_that_a_spreadsheet_would_run_goes_out_as_text_and_comes_in_as_it_was(shop: Shop, form: str) -> None:
    for number, name in enumerate(NAMES_LIKE_FORMULAS):
        CategoryMapping.objects.create(shop=shop, shoptet_id=str(number), shoptet_name=name, bluejet_value="A")

    raw = write_sheet(export_rows(shop, "category"), form)
    again = write_csv(read_sheet("category", raw)).encode()

    assert not any(str(cell)[:1] in "=+-@\t" for row in _cells(raw, form) for cell in row if cell)
    assert {row.kind for row in check_rows(shop, "category", read_sheet("category", again)).rows} == {"same"}


def test_a_negative_id_stays_a_number_in_a_spreadsheet(statuses: Shop) -> None:
    assert "\n-1;" in write_sheet(export_rows(statuses, "status"), "csv").decode().replace("\r", "")


def _cells(raw: bytes, form: str) -> list[list[object]]:
    if form == "csv":
        return [list(row) for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";")]
    return [list(row) for row in tablib.Dataset().load(io.BytesIO(raw), format="xlsx", headers=False)]


def test_each_row_says_what_would_become_of_it_and_nothing_is_saved(statuses: Shop) -> None:
    text = HEADER + "-1;Nevyřízená;Potvrzená;offer;0\n12;Čeká;Odeslaná;order;ne\n-4;Storno;Stornovaná;Nabídka;ano\n"

    preview = check_rows(statuses, "status", read_sheet("status", text.encode()))

    assert [(row.number, row.kind) for row in preview.rows] == [(2, "changed"), (3, "same"), (4, "new")]
    assert StatusMapping.objects.get(shoptet_id="-1").bluejet_value == "Probíhající"
    assert StatusMapping.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (";Bez čísla;A;offer;0", "This field cannot be blank."),
        ("5;Bez hodnoty;;offer;0", "This field cannot be blank."),
        ("5;Faktura;A;invoice;0", "“invoice” is not one of: Nabídka, Objednávka."),
        ("5;Možná;A;offer;perhaps", "“perhaps” is neither yes nor no."),
        (f"5;{'x' * 300};A;offer;0", "at most 255 characters"),
        ("7;Podruhé;A;offer;0", "“7” stands in the file twice."),
    ],
)
def test_a_bad_row_is_shown_with_a_sentence_and_the_good_ones_are_not_saved_either(shop: Shop, row: str, sentence: str) -> None:
    dataset = read_sheet("status", f"{HEADER}7;Dobrá;A;offer;0\n{row}\n".encode())

    preview = check_rows(shop, "status", dataset)
    with pytest.raises(SheetRefused):
        import_rows(shop, "status", dataset, None)

    good, bad = preview.rows
    assert (good.kind, bad.kind) == ("new", "bad")
    assert any(sentence in problem for problem in bad.problems), bad.problems
    assert not StatusMapping.objects.exists()


def test_an_import_is_one_version_and_tells_those_who_wait_for_a_new_or_another_counterpart(
    statuses: Shop, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told: list[tuple[int, str, str]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda *news: told.append(news) or 0])
    dataset = read_sheet("status", f"{HEADER}-4;Storno;Stornovaná;offer;1\n-1;Nová;Potvrzená;order;0\n".encode())

    with django_capture_on_commit_callbacks(execute=True):
        version = import_rows(statuses, "status", dataset, None)

    assert sorted(told) == [(statuses.pk, "status", "-1"), (statuses.pk, "status", "-4")]
    assert version.comment == "status mappings: imported from a spreadsheet"
    assert MappingVersion.objects.count() == 1
    assert StatusMapping.objects.get(shoptet_id="-1").document == "order"
    assert StatusMapping.objects.filter(shoptet_id="12").exists()


def test_another_shops_row_for_the_same_value_is_left_alone(statuses: Shop) -> None:
    other = Shop.objects.create(name="B", eshop_id="9", bluejet=statuses.bluejet, external_prefix="b")

    import_rows(other, "status", read_sheet("status", f"{HEADER}-1;Nová;A;offer;0\n".encode()), None)

    assert StatusMapping.objects.get(shop=statuses, shoptet_id="-1").bluejet_value == "Probíhající"
    assert StatusMapping.objects.get(shop=other, shoptet_id="-1").bluejet_value == "A"


@pytest.mark.parametrize(
    "raw",
    [
        "shoptet_id,bluejet_value\n1,Nože\n".encode(),
        "shoptet_id\tbluejet_value\n1\tNože\n".encode(),
        "shoptet_id;bluejet_value\r\n1;Nože\r\n".encode("cp1250"),
        "\ufeffShoptet id;Value in BlueJet\n1;Nože\n".encode(),
    ],
)
def test_a_file_is_read_as_people_save_it(shop: Shop, raw: bytes) -> None:
    import_rows(shop, "category", read_sheet("category", raw), None)

    assert CategoryMapping.objects.get().bluejet_value == "Nože"


def test_a_number_of_a_spreadsheet_is_an_id_without_its_decimal_places(shop: Shop) -> None:
    raw = tablib.Dataset([12.0, "Nože"], headers=["shoptet_id", "bluejet_value"]).export("xlsx")

    import_rows(shop, "category", read_sheet("category", raw), None)

    assert CategoryMapping.objects.get().shoptet_id == "12"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "The file has no rows."),
        (b"shoptet_id;bluejet_value\n", "The file has no rows."),
        (b"PK\x03\x04broken", "neither a CSV nor an XLSX"),
        (b"shoptet_id;colour\n1;red\n", "The column “colour” is not known."),
        (b"shoptet_id\n1\n", "needed are: Shoptet id, value in BlueJet"),
        (b"shoptet_id;shoptet_id;bluejet_value\n1;1;A\n", "named once each"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(SheetRefused, match=sentence):
        read_sheet("category", raw)


def test_a_small_file_that_claims_a_giant_sheet_costs_little_memory() -> None:
    raw = _giant_sheet("".join(f'<row r="{number}"><c r="XFD{number}"><v>1</v></c></row>' for number in range(1, 301)))
    tracemalloc.start()

    with pytest.raises(SheetRefused, match="The file has no rows."):
        read_sheet("category", raw)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000  # the rows at their full width are 40 MB


def _giant_sheet(rows: str) -> bytes:
    """Return an XLSX file whose sheet has these rows, the last column of all among them."""
    good = io.BytesIO(tablib.Dataset([1, 2], headers=["a", "b"]).export("xlsx"))
    made = io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name).decode()
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD300"', content)
                content = re.sub("<sheetData>.*</sheetData>", f"<sheetData>{rows}</sheetData>", content)
            target.writestr(name, content)
    return made.getvalue()
