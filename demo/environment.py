"""Where the demo keeps things, and the environment that its processes run in."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
