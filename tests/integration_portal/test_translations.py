"""Translations compile without GNU gettext, and a missing one is found."""

from __future__ import annotations

import gettext
import shutil
from pathlib import Path

import pytest

from integration_portal.translations import compile_catalogue, find_catalogues, list_uncollected, list_untranslated

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "orders"
msgstr "objednávky"

msgid "customers"
msgstr ""

#, fuzzy
msgid "products"
msgstr "produkt"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "cs" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


def test_a_compiled_catalogue_translates(catalogue: Path, tmp_path: Path) -> None:
    compile_catalogue(catalogue)

    assert gettext.translation("django", tmp_path, ["cs"]).gettext("orders") == "objednávky"


def test_what_is_compiled_already_is_left_alone(catalogue: Path) -> None:
    assert compile_catalogue(catalogue)
    assert not compile_catalogue(catalogue)


def test_missing_and_guessed_translations_are_found(catalogue: Path, tmp_path: Path) -> None:
    assert find_catalogues([tmp_path]) == [catalogue]
    assert list_untranslated(catalogue) == ["customers", "products"]


def test_a_plural_form_that_is_left_out_is_found(catalogue: Path) -> None:
    plural = '\nmsgid "%d order"\nmsgid_plural "%d orders"\nmsgstr[0] "%d objednávka"\nmsgstr[1] "%d objednávky"\n'
    header = 'text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);\\n"'
    catalogue.write_text(CATALOGUE.replace('text/plain; charset=UTF-8\\n"', header) + plural, encoding="utf-8")

    assert "%d order" in list_untranslated(catalogue)


@pytest.mark.skipif(not shutil.which("xgettext"), reason="GNU gettext is not installed")
def test_a_text_that_is_only_in_the_source_is_found(tmp_path: Path) -> None:
    catalogue = tmp_path / "locale" / "cs" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "shops.py").write_text(
        'from django.utils.translation import gettext as _\n_("orders")\n_("a new text")\n', encoding="utf-8"
    )

    assert list_uncollected(tmp_path) == ["a new text"]
    assert "a new text" not in catalogue.read_text(encoding="utf-8")
