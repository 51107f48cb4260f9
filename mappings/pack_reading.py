"""Reads a mapping pack: either it is right as a whole, or every mistake in it is named and nothing of it is used."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField
from django.utils.translation import gettext as _

from mappings.checks import check_direction, check_row
from mappings.choices import MODEL_OF_TABLE
from mappings.compiled import Row
from mappings.models import Entity, FieldMapping, TablePolicy, ValueMapping
from mappings.pack_format import ALWAYS, POLICY_DEFAULTS, ROW_DEFAULTS, ROW_NAMES, Pack, Value, columns_of
from mappings.pairs import rows_written_both_ways
from mappings.versions import FORMAT, UNCHOSEN_ALWAYS, upgraded_row
from shops.models import BlueJetAccount

LARGEST = 5_000_000
MOST_PROBLEMS = 100
KNOWN = ("format", "dialect", "fields", "tables", "policies")


class PackRefused(ValueError):
    """The pack cannot be used; `problems` are sentences that each name the place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_pack(text: str) -> Pack:
    """Read a pack; raise PackRefused with everything that is wrong."""
    content = _parsed(text)
    problems: list[str] = []
    _check_frame(content, problems)
    rows = tuple(_read_rows(content.get("fields", {}), problems, is_old=content["format"] == UNCHOSEN_ALWAYS))
    tables = _read_tables(content.get("tables", {}), problems)
    policies = dict(_read_policies(content.get("policies", {}), problems))
    problems += _doubled(rows)
    if not rows and not tables and not policies and not problems:
        problems.append(_("The pack is empty: it has neither fields nor tables."))
    if problems:
        more = len(problems) - MOST_PROBLEMS
        raise PackRefused(problems[:MOST_PROBLEMS] + ([_("And %(count)d more mistakes.") % {"count": more}] if more > 0 else []))
    return Pack(content["dialect"], rows, tables, policies)


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise PackRefused([_("The file is larger than a mapping pack can be.")])
    try:
        content = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_without_repetition)
    except PackRefused:
        raise
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise PackRefused([_("This is not JSON: line %(line)d, character %(column)d is not understood.") % place]) from error
    except (ValueError, RecursionError) as error:
        raise PackRefused([_("This is not JSON that the portal could read.")]) from error
    if not isinstance(content, dict):
        raise PackRefused([_("A mapping pack is a JSON object.")])
    if content.get("format") not in (UNCHOSEN_ALWAYS, FORMAT) or isinstance(content["format"], bool):
        given = {"given": json.dumps(content.get("format"), ensure_ascii=False)[:30], "known": FORMAT}
        raise PackRefused([_("The pack has the format %(given)s; this portal reads the format %(known)d.") % given])
    return content


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise PackRefused([_("“%(name)s” stands twice in one object.") % {"name": twice[:60]}])
    return found


def _check_frame(content: Mapping[str, Any], problems: list[str]) -> None:
    problems += [_("“%(name)s” is not known in a pack.") % {"name": name[:60]} for name in content if name not in KNOWN]
    if content.get("dialect") not in BlueJetAccount.Dialect.values:
        problems.append(_("The dialect must be one of: %(known)s.") % {"known": ", ".join(BlueJetAccount.Dialect.values)})


def _read_rows(groups: Any, problems: list[str], *, is_old: bool) -> Iterator[Row]:
    for entity, place, number, row in _each_row("fields", groups, Entity.values, problems):
        before = len(problems)
        _check_names(place, row, ROW_NAMES, ("target",), problems)
        _check_types(place, row, ROW_DEFAULTS | {"target": ""}, problems)
        if len(problems) > before:
            continue
        made = Row(entity=entity, position=number, **(upgraded_row(row) if is_old else row))
        found = list(_wrong_in_row(made))
        problems += [f"{place} ({made.target}): {sentence}" for sentence in found]
        if found:
            continue
        if sentence := check_direction(made):
            problems.append(f"{place} ({made.target}): {sentence}")
        yield made


def _wrong_in_row(row: Row) -> Iterator[str]:
    wrong = check_row(row)
    yield from wrong.values()
    yield from _wrong_columns(FieldMapping(**vars(row)), except_for=wrong)


def _read_tables(groups: Any, problems: list[str]) -> dict[str, tuple[Value, ...]]:
    tables: dict[str, list[Value]] = {name: [] for name in groups if name in MODEL_OF_TABLE} if isinstance(groups, dict) else {}
    for table, place, _number, row in _each_row("tables", groups, MODEL_OF_TABLE, problems):
        columns = columns_of(MODEL_OF_TABLE[table])
        before = len(problems)
        defaults = {name: column.get_default() for name, column in columns.items()}
        _check_names(place, row, columns, ALWAYS, problems)
        _check_types(place, row, {name: False if isinstance(columns[name], BooleanField) else "" for name in columns}, problems)
        if len(problems) > before:
            continue
        problems += [f"{place}: {sentence}" for sentence in _wrong_columns(MODEL_OF_TABLE[table](**defaults | row))]
        if any(one["shoptet_id"] == row["shoptet_id"] for one in tables[table]):
            problems.append(_("%(place)s: “%(value)s” has a row already.") % {"place": place, "value": row["shoptet_id"]})
        tables[table].append(defaults | row)
    return {name: tuple(rows) for name, rows in tables.items()}


def _read_policies(policies: Any, problems: list[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    if not isinstance(policies, dict):
        problems.append(_("“%(name)s” must be an object.") % {"name": "policies"})
        return
    for table, policy in policies.items():
        place, before = f"policies.{table[:60]}", len(problems)
        if table not in MODEL_OF_TABLE:
            words = {"name": table[:60], "part": "policies", "known": ", ".join(MODEL_OF_TABLE)}
            problems.append(_("“%(name)s” is not known among the %(part)s; known are: %(known)s.") % words)
        elif not isinstance(policy, dict):
            problems.append(_("%(place)s must be an object.") % {"place": place})
        else:
            _check_names(place, policy, POLICY_DEFAULTS, ("missing",), problems)
            _check_types(place, policy, POLICY_DEFAULTS, problems)
            if len(problems) == before:
                problems += [f"{place}: {sentence}" for sentence in _wrong_policy(TablePolicy(table=table, **policy))]
                yield table, POLICY_DEFAULTS | policy


def _each_row(part: str, groups: Any, known: Iterable[str], problems: list[str]) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
    """Yield each row with its group, its place for people, and its number in the group."""
    if not isinstance(groups, dict):
        problems.append(_("“%(name)s” must be an object with lists of rows.") % {"name": part})
        return
    for name, rows in groups.items():
        if name not in known:
            problems.append(
                _("“%(name)s” is not known among the %(part)s; known are: %(known)s.")
                % {"name": name[:60], "part": part, "known": ", ".join(known)}
            )
        elif not isinstance(rows, list):
            problems.append(_("“%(name)s” must be a list of rows.") % {"name": f"{part}.{name}"})
        else:
            yield from _rows_of(name, f"{part}.{name}", rows, problems)


def _rows_of(name: str, part: str, rows: list[Any], problems: list[str]) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
    for number, row in enumerate(rows, start=1):
        place = f"{part}[{number}]"
        if isinstance(row, dict):
            yield name, place, number, row
        else:
            problems.append(_("%(place)s must be an object.") % {"place": place})


def _check_names(place: str, row: Mapping[str, Any], known: Iterable[str], needed: Iterable[str], problems: list[str]) -> None:
    known = tuple(known)
    problems += [_("%(place)s: “%(name)s” is not known.") % {"place": place, "name": name[:60]} for name in row if name not in known]
    problems += [_("%(place)s: “%(name)s” is missing.") % {"place": place, "name": name} for name in needed if name not in row]


def _check_types(place: str, row: Mapping[str, Any], examples: Mapping[str, Any], problems: list[str]) -> None:
    for name, value in row.items():
        if name in examples and type(value) is not type(examples[name]):
            wanted = _("true or false") if isinstance(examples[name], bool) else _("a text")
            problems.append(_("%(place)s: “%(name)s” must be %(wanted)s.") % {"place": place, "name": name, "wanted": wanted})


def _wrong_columns(record: FieldMapping | ValueMapping, except_for: Iterable[str] = ()) -> Iterator[str]:
    return _sentences(partial(record.clean_fields, exclude={"shop", *except_for}))


def _wrong_policy(policy: TablePolicy) -> Iterator[str]:
    return _sentences(partial(policy.full_clean, exclude={"shop"}, validate_unique=False, validate_constraints=False))


def _sentences(check: Callable[[], None]) -> Iterator[str]:
    try:
        check()
    except ValidationError as error:
        yield from (f"{name}: {sentence}" for name, sentences in error.message_dict.items() for sentence in sentences)


def _doubled(rows: tuple[Row, ...]) -> Iterator[str]:
    active = [(row.entity, row.direction, row.target) for row in rows if row.active]
    for entity, _direction, target in dict.fromkeys(key for key in active if active.count(key) > 1):
        yield _("Two active rows of “%(entity)s” fill “%(target)s”.") % {"entity": entity, "target": target}
    for number, _other in rows_written_both_ways(rows):
        words = {"entity": rows[number].entity, "source": rows[number].source, "target": rows[number].target}
        yield _("“%(source)s → %(target)s” of “%(entity)s” is always written in both directions; one side must be the master.") % words
