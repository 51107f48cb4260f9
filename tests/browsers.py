"""Says in a sentence what `make test-browser` misses."""

from __future__ import annotations

import shutil
import sys

NEEDED = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "chromedriver": ("chromedriver",)}


def find_missing() -> list[str]:
    """List the programs that the browser tests need and the machine lacks."""
    return [name for name, names in NEEDED.items() if not any(shutil.which(one) for one in names)]


if __name__ == "__main__":
    missing = find_missing()
    sys.exit(f"Not found: {', '.join(missing)}. Debian: apt-get install chromium chromium-driver." if missing else 0)
