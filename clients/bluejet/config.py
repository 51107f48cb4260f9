"""How to reach one BlueJet instance, and the choices that its sparse documentation leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal
from zoneinfo import ZoneInfo

Dialect = Literal["data", "rest"]


@dataclass(frozen=True)
class Options:
    """The knobs of the `data` dialect, given under "options" among the account's evidences."""

    write_form: str = "S2"
    batch_size: int = 10
    lines_per_write: int = 100
    page_size: int = 200
    true: str = "1"
    false: str = "0"
    time_zone: str = "Europe/Prague"
    sort: bool = True
    repeat_upserts: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the times that BlueJet shows without an offset."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True)
class BlueJetConfig:
    """One account: its address, its dialect, its credentials, and `evidences` as far as they differ from the defaults."""

    base_url: str
    dialect: Dialect
    token_id: str = field(default="", repr=False)
    token_hash: str = field(default="", repr=False)
    evidences: Mapping[str, Any] = field(default_factory=dict)


def options_for(overrides: Mapping[str, Any]) -> Options:
    """Merge the account's options over the defaults, refusing what is unknown or of a wrong type."""
    given = overrides.get("options", {})
    if not isinstance(given, Mapping):
        raise ValueError('BlueJet evidences: "options" must be an object of names and values.')
    defaults = Options()
    for name, value in given.items():
        if name not in {known.name for known in fields(Options)}:
            raise ValueError(f"BlueJet evidences: there is no option “{name}”.")
        if type(value) is not type(getattr(defaults, name)):
            raise ValueError(f"BlueJet evidences: option “{name}” must be like {getattr(defaults, name)!r}, not {value!r}.")
    return _checked(Options(**given))


def _checked(options: Options) -> Options:
    if options.write_form not in ("S1", "S2", "S3"):
        raise ValueError(f"BlueJet evidences: write_form must be S1, S2 or S3, not {options.write_form!r}.")
    if options.batch_size < 1 or options.page_size < 1 or options.lines_per_write < 0:
        raise ValueError("BlueJet evidences: batch_size and page_size must be at least 1, lines_per_write at least 0.")
    try:
        ZoneInfo(options.time_zone)
    except (KeyError, ValueError) as error:
        raise ValueError(f"BlueJet evidences: {options.time_zone!r} is not a time zone.") from error
    return options
