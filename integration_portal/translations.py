"""Translations without GNU gettext on the machine: what is compiled, and what is missing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import polib


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
    """List the texts of a catalogue that have no translation or only a guessed one."""
    catalogue = polib.pofile(str(path))
    return [entry.msgid for entry in catalogue if not entry.obsolete and (not entry.translated() or entry.fuzzy)]
