"""What is stated about a weakness in a product: OpenVEX 0.2 and CycloneDX' ``analysis``, set beside a match.

1. A statement is about weaknesses (ids and aliases) and components (package URLs; without a version: every
version). 2. A statement about a product as a whole, that names no component of it, is not applied: we cannot tell
what it covers. 3. ``not_affected`` needs a reason (a justification or an impact statement), else it is not taken as
one. 4. A match keeps standing, with what is stated beside it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from asbuilt.model.advisory import Checked, Match, Vex, VexStatus
from asbuilt.model.errors import SourceError

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


class Statement(msgspec.Struct, frozen=True):
    """One statement: the weaknesses and the components that it is about, and what it states."""

    names: frozenset[str]
    purls: frozenset[str]
    said: Vex


def read_vex(data: bytes, path: str) -> tuple[Statement, ...]:
    """The statements of an OpenVEX document, or of a CycloneDX one.

    Raises:
        SourceError: it is neither.
    """
    try:
        told = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf")) if len(data) <= LARGEST else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = None
    if isinstance(told, dict) and isinstance(told.get("statements"), list):
        return tuple(_openvex(told, path))
    if isinstance(told, dict) and told.get("bomFormat") == "CycloneDX":
        return tuple(_cyclonedx(told, path))
    raise SourceError(
        "The statements cannot be read.", why="It is neither OpenVEX nor CycloneDX, in JSON.", where=path
    )


def apply_vex(checked: Iterable[Checked], statements: Iterable[Statement]) -> tuple[Checked, ...]:
    """Every match with what is stated about it."""
    known = tuple(statements)
    return tuple(
        msgspec.structs.replace(each, matches=tuple(_beside(match, known) for match in each.matches))
        for each in checked
    )


def is_answered(match: Match) -> bool:
    """Whether somebody states, with a reason, that a match does not concern the product, and nobody denies it."""
    said = {vex.status for vex in match.vex}
    return "not_affected" in said and "affected" not in said


def _beside(match: Match, known: tuple[Statement, ...]) -> Match:
    own = _bare(match.purl)
    wanted = {own, own.rpartition("@")[0]} if "@" in own.rpartition("/")[2] else {own}
    said = [each.said for each in known if each.names & {*match.names} and each.purls & wanted]
    return msgspec.structs.replace(match, vex=(*match.vex, *said)) if said else match


def _bare(purl: str) -> str:
    return purl.partition("#")[0].partition("?")[0]


def _openvex(told: dict[str, Any], path: str) -> Iterator[Statement]:
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
        reason = _text(each.get("impact_statement")) or _text(each.get("action_statement"))
        said = _said(each.get("status"), author, _text(each.get("justification")), reason, path)
        if said is not None and purls:
            yield Statement(frozenset(names - {""}), frozenset(purls), said)


def _product(told: Any) -> str:
    if not isinstance(told, dict):
        return _text(told)
    identifiers = told.get("identifiers")
    return (_text(identifiers.get("purl")) if isinstance(identifiers, dict) else "") or _text(told.get("@id"))


def _cyclonedx(told: dict[str, Any], path: str) -> Iterator[Statement]:
    purls = {_text(each.get("bom-ref")): _text(each.get("purl")) for each in _dicts(told.get("components"))}
    for each in _dicts(told.get("vulnerabilities")):
        analysis = each.get("analysis")
        if not isinstance(analysis, dict):
            continue
        names = {_text(each.get("id"))} | {_text(one.get("id")) for one in _dicts(each.get("references"))}
        refs = [_text(one.get("ref")) for one in _dicts(each.get("affects"))]
        about = {_bare(purls.get(ref) or ref) for ref in refs}
        reason, detail = _text(analysis.get("justification")), _text(analysis.get("detail"))
        said = _said(analysis.get("state"), "", reason, detail, path)
        if said is not None:
            yield Statement(
                frozenset(names - {""}), frozenset(one for one in about if one.startswith("pkg:")), said
            )


def _said(status: Any, by: str, justification: str, statement: str, path: str) -> Vex | None:
    known = _STATUSES.get(status) if isinstance(status, str) else None
    if known is None or (known == "not_affected" and not (justification or statement)):
        return None
    return Vex(known, by, justification, statement, path)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
