"""The list of transforms that staff read is complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mappings.transforms import TRANSFORMS

PAGE = (Path(__file__).parents[2] / "docs" / "transforms.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(TRANSFORMS))
def test_every_transform_is_explained_to_staff(name: str) -> None:
    assert re.search(rf"`{name}[`:|]", PAGE)


def test_nothing_is_explained_that_does_not_exist() -> None:
    first_cells = [line.split(" | ")[0] for line in PAGE.splitlines() if line.startswith("| `")]
    named = {name for cell in first_cells for name in re.findall(r"`([a-z_0-9]+)", cell)}

    assert named - set(TRANSFORMS) == set()
