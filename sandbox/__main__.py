"""Starts one of the stand-ins: `python -m sandbox shoptet --port 9001` or `python -m sandbox bluejet --port 9002`."""

from __future__ import annotations

import importlib
import sys

PARTNERS = {"shoptet": "sandbox.shoptet.server", "bluejet": "sandbox.bluejet.server"}


def main(argv: list[str]) -> int:
    """Hand the arguments over to the partner's own command line."""
    if not argv or argv[0] not in PARTNERS:
        print(
            f"usage: python -m sandbox {{{'|'.join(PARTNERS)}}} [options]   (--help after the partner lists its options)", file=sys.stderr
        )
        return 2
    return int(importlib.import_module(PARTNERS[argv[0]]).main(argv[1:]) or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
