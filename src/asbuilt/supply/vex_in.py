"""What is stated about a weakness in a product: OpenVEX 0.2 and CycloneDX' ``analysis``, set beside a match.

1. A statement is about weaknesses (ids and aliases) and components (package URLs; without a version: every
version). 2. A statement about a product as a whole, that names no component of it, is not applied: we cannot tell
what it covers. 3. ``not_affected`` needs a reason (a justification or an impact statement), else it is not taken as
one. 4. A match keeps standing, with what is stated beside it. 5. Of one author's statements on one match the newest
counts; one that has run out is shown and does not count. 6. What is not taken, and what is about no match, is said.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from asbuilt.model.advisory import Checked, Match, Vex, VexStatus
from asbuilt.model.errors import SourceError
from asbuilt.model.text import visible
from asbuilt.model.vex import AUTHOR_PROPERTY, UNTIL, UNTIL_PROPERTY, VexStatement

LARGEST: Final = 64 << 20  # bytes
_STATUSES: Final[dict[str, VexStatus]] = {
    "not_affected": "not_affected",
    "affected": "affected",
    "fixed": "fixed",
    "under_investigation": "under_investigation",
    # CycloneDX' words
    "false_positive": "not_affected",
    "exploitable": "affected",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "in_triage": "under_investigation",
}


_UNTIL: Final = re.compile(rf"{UNTIL} (\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\.")


class Statement(msgspec.Struct, frozen=True):
    """One statement: the weaknesses and the components that it is about, and what it states."""

    names: frozenset[str]
    purls: frozenset[str]
    said: Vex

    @property
    def about(self) -> str:
        """What it is about, in words."""
        return f"{min(self.names, default='no weakness')} in {min(self.purls, default='no package')}"


class Statements(msgspec.Struct, frozen=True):
    """What documents state; ``ignored`` says of each statement that is not taken why, a sentence each."""

    taken: tuple[Statement, ...] = ()
    ignored: tuple[str, ...] = ()


class Applied(msgspec.Struct, frozen=True):
    """Components with what is stated of their matches; ``unused`` are sentences on statements about no match."""

    checked: tuple[Checked, ...]
    unused: tuple[str, ...]


def read_vex(data: bytes, path: str) -> Statements:
    """The statements of an OpenVEX document, or of a CycloneDX one.

    Raises:
        SourceError: it is neither.
    """
    try:
        told = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf")) if len(data) <= LARGEST else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = None
    if isinstance(told, dict) and isinstance(told.get("statements"), list):
        return _sorted_out(_openvex(told, path))
    if isinstance(told, dict) and told.get("bomFormat") == "CycloneDX":
        return _sorted_out(_cyclonedx(told, path))
    raise SourceError(
        "The statements cannot be read.", why="It is neither OpenVEX nor CycloneDX, in JSON.", where=path
    )


def from_decisions(told: Iterable[VexStatement], left_out: Iterable[str], *, source: str) -> Statements:
    """What people decided, as statements; ``left_out`` are the decisions that state nothing."""
    taken = tuple(
        Statement(
            frozenset({each.vulnerability}),
            frozenset({_bare(each.purl)}),
            Vex(each.status, each.by, each.justification or "", each.reason, source, each.at, each.until),
        )
        for each in told
    )
    return Statements(taken, tuple(f"{source}: {sentence}" for sentence in left_out))


def _sorted_out(found: Iterable[Statement | str]) -> Statements:
    told = list(found)
    return Statements(
        tuple(each for each in told if isinstance(each, Statement)),
        tuple(each for each in told if isinstance(each, str)),
    )


def apply_vex(checked: Iterable[Checked], statements: Iterable[Statement], *, now: int) -> Applied:
    """Every match with what is stated about it at ``now`` (Unix seconds), and what is about none."""
    known = [_ended(each, now) for each in statements]
    by_name: dict[str, list[int]] = {}
    for number, each in enumerate(known):
        for name in each.names:
            by_name.setdefault(name, []).append(number)
    used: set[int] = set()

    def beside(match: Match) -> Match:
        own = _bare(match.purl)
        wanted = {own, own.rpartition("@")[0]} if "@" in own.rpartition("/")[2] else {own}
        candidates = {number for name in match.names for number in by_name.get(name, ())}
        about = sorted(number for number in candidates if known[number].purls & wanted)
        used.update(about)
        return msgspec.structs.replace(match, vex=_counting(known[number].said for number in about))

    found = tuple(
        msgspec.structs.replace(each, matches=tuple(map(beside, each.matches))) if each.matches else each
        for each in checked
    )
    unused = (each for number, each in enumerate(known) if number not in used)
    return Applied(found, tuple(f"{each.said.source}: {each.about}: nothing matches it" for each in unused))


def _ended(each: Statement, now: int) -> Statement:
    until = each.said.until
    if until is None or until > now:
        return each
    return msgspec.structs.replace(each, said=msgspec.structs.replace(each.said, expired=True))


def _counting(said: Iterable[Vex]) -> tuple[Vex, ...]:
    """(5) Of each author the newest, and others of the same moment; of those without a moment each."""
    told = list(said)
    newest: dict[str, int] = {}
    for vex in told:
        if vex.at is not None:
            who = vex.by or vex.source
            newest[who] = max(newest.get(who, vex.at), vex.at)
    return tuple(vex for vex in told if vex.at is None or vex.at == newest[vex.by or vex.source])


def is_answered(match: Match) -> bool:
    """Whether somebody states, with a reason, that a match does not concern the product, and nobody denies it."""
    said = {vex.status for vex in match.vex if not vex.expired}
    return "not_affected" in said and "affected" not in said


def _bare(purl: str) -> str:
    return purl.partition("#")[0].partition("?")[0]


def _openvex(told: dict[str, Any], path: str) -> Iterator[Statement | str]:
    author = _text(told.get("author"))
    for each in _dicts(told.get("statements")):
        weakness = each.get("vulnerability")
        named = weakness if isinstance(weakness, dict) else {"name": weakness}
        names = {_text(named.get("name")), _text(named.get("@id")).rpartition("/")[2]}
        names |= {_text(alias) for alias in _list(named.get("aliases"))}
        products = [_product(one) for one in _list(each.get("products"))]
        inner = [
            _product(one) for product in _dicts(each.get("products")) for one in _list(product.get("subcomponents"))
        ]
        purls = {_bare(one) for one in (inner or products) if one.startswith("pkg:")}
        notes = _text(each.get("status_notes"))
        until = _UNTIL.search(notes)
        yield _made(
            names,
            purls,
            each.get("status"),
            Vex(
                "affected",
                by=author,
                justification=_text(each.get("justification")),
                statement=_text(each.get("impact_statement")) or _text(each.get("action_statement")),
                source=path,
                at=_moment(each.get("last_updated") or each.get("timestamp") or told.get("timestamp")),
                until=_moment(until[1]) if until else None,
            ),
        )


def _product(told: Any) -> str:
    if not isinstance(told, dict):
        return _text(told)
    identifiers = told.get("identifiers")
    return (_text(identifiers.get("purl")) if isinstance(identifiers, dict) else "") or _text(told.get("@id"))


def _cyclonedx(told: dict[str, Any], path: str) -> Iterator[Statement | str]:
    purls = {_text(each.get("bom-ref")): _text(each.get("purl")) for each in _dicts(told.get("components"))}
    metadata = told.get("metadata")
    head: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    maker = head.get("supplier") or head.get("manufacturer")
    authors = [_text(each.get("name")) for each in (*_dicts(head.get("authors")), *_dicts([maker]))]
    for each in _dicts(told.get("vulnerabilities")):
        analysis = each.get("analysis")
        if not isinstance(analysis, dict):
            continue
        names = {_text(each.get("id"))} | {_text(one.get("id")) for one in _dicts(each.get("references"))}
        refs = [_text(one.get("ref")) for one in _dicts(each.get("affects"))]
        about = {_bare(purls.get(ref) or ref) for ref in refs}
        own = {_text(one.get("name")): _text(one.get("value")) for one in _dicts(each.get("properties"))}
        yield _made(
            names,
            {one for one in about if one.startswith("pkg:")},
            analysis.get("state"),
            Vex(
                "affected",
                by=own.get(AUTHOR_PROPERTY) or next(filter(None, authors), ""),
                justification=_text(analysis.get("justification")),
                statement=_text(analysis.get("detail")),
                source=path,
                at=_moment(analysis.get("lastUpdated") or analysis.get("firstIssued") or head.get("timestamp")),
                until=_moment(own.get(UNTIL_PROPERTY)),
            ),
        )


def _made(names: set[str], purls: set[str], status: Any, said: Vex) -> Statement | str:
    """The statement, or why it is not taken."""
    known = _STATUSES.get(status) if isinstance(status, str) else None
    made = Statement(frozenset(names - {""}), frozenset(purls), said)
    if known is None:
        why = f"{visible(repr(status), 60)} is no status"
    elif not made.names:
        why = "it names no weakness"
    elif not made.purls:
        why = "it names no package: what it covers cannot be told"
    elif known == "not_affected" and not (said.justification or said.statement):
        why = "not_affected without a reason"
    else:
        return msgspec.structs.replace(made, said=msgspec.structs.replace(said, status=known))
    return f"{said.source}: {visible(made.about, 200)}: {why}"


def _moment(value: Any) -> int | None:
    try:
        told = datetime.fromisoformat(value) if isinstance(value, str) and len(value) < 60 else None
    except ValueError:
        return None
    return None if told is None else int((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
