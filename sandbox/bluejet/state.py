"""A file that keeps the records over restarts: one line per changed record, written before the answer is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

Where = int | str


class StateFile:
    """Append every change; on loading, the last line of a record counts and the file is written anew without the others."""

    def __init__(self, path: str) -> None:
        self.path = Path(path) if path else None
        self._file: TextIO | None = None

    def keep_row(self, where: Where, id_: str, row: dict[str, Any] | None) -> None:
        """Note a record's new content; None for one that is gone. `where` is an evidence's number or a resource's name."""
        if self.path is not None:
            file = self._file = self._file or self._opened(self.path)
            file.write(json.dumps([where, id_, row], ensure_ascii=False) + "\n")
            file.flush()

    def load(self) -> list[tuple[Where, str, dict[str, Any]]]:
        """Return the records that the file holds; a last line that was cut off is left out."""
        if self.path is None or not self.path.exists():
            return []
        rows: dict[tuple[Where, str], dict[str, Any] | None] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                where, id_, row = json.loads(line)
            except ValueError:
                break  # the process was killed while it wrote
            rows[where, id_] = row
        kept = [(where, id_, row) for (where, id_), row in rows.items() if row is not None]
        self._rewrite(kept)
        return kept

    def clear(self) -> None:
        """Start the file anew."""
        self._rewrite([])

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    @staticmethod
    def _opened(path: Path) -> TextIO:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")

    def _rewrite(self, rows: list[tuple[Where, str, dict[str, Any]]]) -> None:
        if self.path is None:
            return
        self.close()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        fresh.replace(self.path)
