"""The demo's folder: everything that it writes is in there, and nothing of anybody else's is lost for it."""

from __future__ import annotations

import shutil
from pathlib import Path

from demo.environment import CannotStart

MARK = "made-by-make-demo.txt"


def prepare_directory(directory: Path) -> None:
    """Empty the folder of an earlier demo; refuse one that holds other things, or that cannot be written to."""
    try:
        _empty(directory)
        (directory / "log").mkdir(parents=True)
        (directory / MARK).write_text("make demo made this folder and empties it at its next start.\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotStart(f"{directory} cannot be used ({reason}). Choose another folder: make demo DEMO_DIR=…") from error


def _empty(directory: Path) -> None:
    if not directory.exists() or not any(directory.iterdir()):
        return
    if not (directory / MARK).exists():
        raise CannotStart(f"{directory} holds files that no demo made. Choose another folder: make demo DEMO_DIR=…")
    shutil.rmtree(directory)
