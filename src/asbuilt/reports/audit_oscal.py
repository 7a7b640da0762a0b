"""One audit as OSCAL assessment results (NIST OSCAL 1.2.1), for governance tools that read it.

Each result is an *observation* (method TEST: what was run, on how many items, with which digest), each criterion a
*finding* on it. OSCAL knows satisfied and not satisfied only; unknown is never a pass, so evidence missing is not
satisfied, and its reason says so. Identifiers are made from the audit itself (UUID version 5): the same audit gives
the same bytes.
"""

import uuid
from typing import Any, Final

import msgspec

from asbuilt.model.audit import Audit, CriterionStanding
from asbuilt.model.commit import moment
from asbuilt.model.result import Result
from asbuilt.reports.audit_words import period, test_result
from asbuilt.reports.foreign import shown
from asbuilt.reports.json import escape_active
from asbuilt.reports.words import OWN_TEST

OSCAL_VERSION: Final = "1.2.1"
NAMESPACE: Final = "https://asbuilt.dev/ns/oscal"
_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_SATISFIED: Final = {"supported"}
_REASONS: Final = {"supported": "pass", "evidence missing": "other", "no control": "other"}


def audit_oscal(audit: Audit) -> bytes:
    """The audit as UTF-8 JSON of the assessment-results model, sorted keys, one line break at the end."""
    head = "|".join(
        (audit.company, audit.system, period(audit), *audit.categories, audit.ledger.root if audit.ledger else "")
    )
    space = uuid.uuid5(_SPACE, head)
    document = {"assessment-results": _results(audit, space)}
    encoded = msgspec.json.encode(document, order="sorted")
    return escape_active(msgspec.json.format(encoded, indent=2)) + b"\n"


def _results(audit: Audit, space: uuid.UUID) -> dict[str, Any]:
    at = _at(audit.as_of)
    return {
        "uuid": str(uuid.uuid5(space, "assessment-results")),
        "metadata": {
            "title": _line(f"Management's own tests: {audit.system or audit.company or 'system'}, {period(audit)}"),
            "last-modified": at,
            "version": _line(audit.version),
            "oscal-version": OSCAL_VERSION,
            "remarks": OWN_TEST,
        },
        "import-ap": {
            "href": "#",
            "remarks": "There is no OSCAL assessment plan: the controls carry their own tests.",
        },
        "results": [_result(audit, space, at)],
    }


def _result(audit: Audit, space: uuid.UUID, at: str) -> dict[str, Any]:
    start = audit.window.start if audit.window.start is not None else audit.as_of
    result: dict[str, Any] = {
        "uuid": str(uuid.uuid5(space, "result")),
        "title": _line(period(audit)),
        "description": shown(audit.verdict, 2000),
        "start": _at(start),
        "end": at,
        "reviewed-controls": {
            "control-selections": [
                {"include-controls": [{"control-id": _token(own.id)} for own in audit.criteria]}
                if audit.criteria
                else {"include-all": {}}
            ]
        },
    }
    if audit.ledger is not None:
        result["props"] = [
            _property("ledger-origin", audit.ledger.origin),
            _property("ledger-size", str(audit.ledger.size)),
            _property("ledger-root", audit.ledger.root),
        ]
    if audit.results:
        result["observations"] = [_observation(own, space, at) for own in audit.results]
    if audit.criteria:
        result["findings"] = [_finding(own, space) for own in audit.criteria]
    return result


def _observation(result: Result, space: uuid.UUID, at: str) -> dict[str, Any]:
    facts = {
        "control": result.control,
        "kind": result.kind.value,
        "conclusion": result.conclusion.value,
        "population": result.population,
        "items": str(result.count),
        **{f"items-{name}": str(count) for name, count in sorted(result.counts.items())},
        "digest": result.digest,
        "population-digest": result.population_digest,
    }
    return {
        "uuid": _observed(result.control, space),
        "title": _line(f"{result.control}: {result.title}"),
        "description": shown(test_result(result), 4000),
        "methods": ["TEST"],
        "types": ["control-objective"],
        "collected": at,
        "props": [_property(name, value) for name, value in facts.items() if value],
        "relevant-evidence": [
            {
                "description": "The query that anyone can run again on the frozen population:\n"
                + shown(result.query, 8000)
            }
        ],
    }


def _finding(each: CriterionStanding, space: uuid.UUID) -> dict[str, Any]:
    satisfied = each.standing in _SATISFIED
    finding: dict[str, Any] = {
        "uuid": str(uuid.uuid5(space, f"finding {each.id}")),
        "title": _line(f"{each.id}: {each.title}"),
        "description": shown(f"{each.paraphrase} Standing: {each.standing}.", 2000),
        "target": {
            "type": "objective-id",
            "target-id": _token(each.id),
            "status": {
                "state": "satisfied" if satisfied else "not-satisfied",
                "reason": _REASONS.get(each.standing, "fail"),
                "remarks": shown(each.standing, 200),
            },
        },
    }
    if each.controls:
        finding["related-observations"] = [{"observation-uuid": _observed(own, space)} for own in each.controls]
    return finding


def _observed(control: str, space: uuid.UUID) -> str:
    return str(uuid.uuid5(space, f"observation {control}"))


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": _line(value)}


def _line(text: str) -> str:
    """A title or a value: one line, not empty, no blanks at its ends."""
    return " ".join(shown(text, 1000).split()) or "-"


def _token(text: str) -> str:
    """A token may not hold blanks nor begin with a figure; criteria and controls do neither."""
    return "".join(letter if letter.isalnum() or letter in "-._" else "-" for letter in text)


def _at(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
