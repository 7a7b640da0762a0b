"""From a forge's page, as it came, to rows.

1. The bytes are JSON as RFC 8259 writes it: UTF-8, no name twice in an object, no NaN; not too deep, not too large.
2. The projector of the page's name reads the fields that it needs; all others are ignored.
3. A row has a value in every column that must have one, and its identity can be told apart by eye.
4. Two rows of one identity that tell different things are both refused: nobody knows which of them holds.

Projectors are found by listing ``facts/forge/FORGE``: each module has ``PAGES``, a function for each page's name.
"""

import importlib
import importlib.util
import json
import pkgutil
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple, NoReturn

from asbuilt.facts.forge.page import ForgePage, Projection, Projector, Row
from asbuilt.facts.forge.values import moment_of
from asbuilt.facts.schemas import TABLES
from asbuilt.model.text import visible

LARGEST_PAGE = 64 << 20  # bytes; a page of a hundred items with their texts has a few millions at most
JOINT = " | "
_LONGEST_ID = 500


class _UnreadableError(ValueError):
    """The bytes are no JSON that we take."""


def project_page(
    forge: str,
    name: str,
    key: str,
    body: bytes,
    *,
    repository: str | None,
    organization: str | None,
    observed: int,
) -> Projection:
    """The rows that one page tells, whatever its bytes are.

    Args:
        forge: ``github`` or ``gitlab``.
        name: the endpoint's name, for example ``pull/reviews``.
        key: what was asked about, and which page: ``17 | 2``.
        body: the bytes as they came.
        repository: ``owner/name`` of the page's subject (None: it is of an organisation).
        organization: the organisation or group (None: of none).
        observed: Unix seconds when it was read.
    """
    place = visible(f"{name} {key}".strip(), 120)
    projector = projectors(forge).get(name)
    if projector is None:
        return Projection((), (f"{place}: no page of this name is known.",))
    # (1) JSON.
    try:
        document = read_json(body)
    except _UnreadableError as error:
        return Projection((), (f"{place}: {error}.",))
    # (2) Fields.
    page = ForgePage(name, key, document, repository, organization, observed)
    return _checked(projector(page), place, observed)


@cache
def projectors(forge: str) -> dict[str, Projector]:
    """The projectors of a forge by the names of its pages; none of a forge that is not known.

    Raises:
        ValueError: two modules claim one page.
    """
    if not forge.isidentifier():
        return {}
    own = f"{__package__}.{forge}"
    if importlib.util.find_spec(own) is None:
        return {}
    found: dict[str, Projector] = {}
    for module in pkgutil.iter_modules(importlib.import_module(own).__path__):
        pages: dict[str, Projector] = getattr(importlib.import_module(f"{own}.{module.name}"), "PAGES", {})
        if twice := found.keys() & pages.keys():
            raise ValueError(f"{module.name} projects {min(twice)}, and so does another module")
        found |= pages
    return found


def read_json(body: bytes) -> object:
    """The JSON that the bytes are; raises a ValueError whose words end a sentence."""
    if len(body) > LARGEST_PAGE:
        raise _UnreadableError(f"it has {len(body):,} bytes, and at most {LARGEST_PAGE:,} are read")
    try:
        return json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_constant)
    except _UnreadableError:
        raise
    except UnicodeDecodeError as error:
        raise _UnreadableError(f"it is not UTF-8 (byte {error.start:,})") from error
    except json.JSONDecodeError as error:
        raise _UnreadableError(f"it is no JSON ({error.msg}, character {error.pos:,})") from error
    except RecursionError as error:
        raise _UnreadableError("it is nested too deep") from error
    except ValueError as error:  # a number of more digits than Python reads
        raise _UnreadableError("it holds a number that is too long") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _UnreadableError("an object in it has one name twice")
    return found


def _constant(name: str) -> NoReturn:
    raise _UnreadableError(f"it holds {name}, which is no JSON")


class _Shape(NamedTuple):
    """What a table asks of its rows."""

    identity: tuple[str, ...]
    required: tuple[str, ...]
    needed: frozenset[str]  # the same
    occurred: str


@cache
def _shape(table: str) -> _Shape:
    found = TABLES[table]
    required = tuple(column.name for column in found.told if not column.nullable)
    return _Shape(found.identity, required, frozenset(required), found.occurred or "")


def _checked(told: Iterable[Row | str], place: str, observed: int) -> Projection:
    rows: dict[tuple[str, ...], Row] = {}
    twice: set[tuple[str, ...]] = set()
    refused: list[str] = []
    now = moment_of(observed)
    for each in told:
        if isinstance(each, str):
            refused.append(f"{place}: {each}")
            continue
        table, values = each
        if None in values.values():
            values = {name: value for name, value in values.items() if value is not None}
        shape = _shape(table)
        # (3) What must be there.
        fault = _fault(shape, values, now)
        if fault is not None:
            refused.append(f"{place}: a row of {table} {fault}")
            continue
        # (4) One identity, one content.
        own = (table, *[str(values.get(name)) for name in shape.identity])
        if own not in rows:
            rows[own] = Row(table, values)
        elif rows[own].told != values:
            twice.add(own)
    for table_name, *event in sorted(twice):
        words = visible(JOINT.join(event), 120)
        refused.append(f"{place}: {table_name} {words} is told twice, differently; neither is taken.")
    if not twice:
        return Projection(tuple(rows.values()), tuple(refused))
    return Projection(tuple(row for own, row in rows.items() if own not in twice), tuple(refused))


def _fault(shape: _Shape, values: dict[str, object], now: str) -> str | None:
    if not shape.needed <= values.keys():
        missing = next(name for name in shape.required if name not in values)
        return f"has no {missing} that can be read."
    single = len(shape.identity) == 1
    for name in shape.identity:
        value = values.get(name)
        if isinstance(value, str) and not _tells_apart(value, single=single):
            return f"has a {name} that cannot identify it: {visible(value, 60)}."
    occurred = values.get(shape.occurred)
    if isinstance(occurred, str) and occurred > now:
        return f"bears a time that was still to come when it was read: {visible(occurred, 40)}."
    return None


# What ``visible`` shows as it is, without a space at an end; other scripts are looked at more closely.
_SEEN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


def _tells_apart(value: str, *, single: bool) -> bool:
    return (
        0 < len(value) <= _LONGEST_ID
        and (_SEEN.fullmatch(value) is not None or (visible(value) == value and value == value.strip()))
        and (single or JOINT not in value)
    )
