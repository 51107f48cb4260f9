"""Translations without GNU gettext on the machine: what is compiled, and what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import polib

# Folders without texts for people; the sandboxes speak to developers, in English.
WITHOUT_TEXTS = ("tests", "sandbox", "demo", "benchmarks", "docs", "build", "data", "demo-data", "staticfiles")


def find_catalogues(directories: Iterable[Path | str]) -> list[Path]:
    """List the catalogues (django.po and djangojs.po) under the locale directories."""
    return sorted(path for directory in directories for path in Path(directory).glob("*/LC_MESSAGES/*.po"))


def compile_catalogue(path: Path) -> bool:
    """Write the .mo beside a catalogue; return False where it is up to date already."""
    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return False
    # Several processes may do this at once: each writes its own file, the last rename wins, nobody reads half a file.
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    polib.pofile(str(path)).save_as_mofile(str(temporary))
    temporary.replace(compiled)
    return True


def list_untranslated(path: Path) -> list[str]:
    """List the texts of a catalogue that have no translation, only a guessed one, or not every plural form of the language."""
    catalogue = polib.pofile(str(path))
    declared = re.search(r"nplurals\s*=\s*(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    forms = int(declared[1]) if declared else 0
    return [entry.msgid for entry in catalogue if not entry.obsolete and (entry.fuzzy or not _is_whole(entry, forms))]


def _is_whole(entry: polib.POEntry, forms: int) -> bool:
    """Whether each of so many plural forms is there: a number without its form is shown untranslated."""
    return bool(entry.translated()) and (not entry.msgid_plural or all(entry.msgstr_plural.get(form) for form in range(forms)))


def list_uncollected(repository: Path) -> list[str]:
    """List the texts that the source has and the catalogues lack; needs GNU gettext."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "source"
        shutil.copytree(repository, copy, ignore=_leave_out)
        before = {path: _texts(path) for path in find_catalogues([copy / "locale"])}
        collect(copy)
        return [text for path, known in before.items() for text in sorted(_texts(path) - known)]


def collect(repository: Path) -> None:
    """Read the source and bring the Czech catalogue up to date; needs GNU gettext."""
    ignored = [argument for name in (*WITHOUT_TEXTS, ".venv") for argument in ("--ignore", f"{name}/*")]
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "cs", "--no-wrap", "--no-location", "--verbosity", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([*command, *ignored], cwd=repository, env=environment, check=True)  # noqa: S603 - nothing in it comes from outside


def _leave_out(directory: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith(".") or name in WITHOUT_TEXTS or name == "__pycache__"}


def _texts(path: Path) -> set[str]:
    return {entry.msgid for entry in polib.pofile(str(path)) if not entry.obsolete}
