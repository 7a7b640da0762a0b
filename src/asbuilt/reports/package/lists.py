"""The package's lists as CSV (RFC 4180, UTF-8, lines end in a newline): what an auditor sorts and filters.

A field that begins like a formula is text all the same; open a list as text, or take the workbook ``audit.xlsx``.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from asbuilt.model.audit import Audit, Mending
from asbuilt.model.result import Outcome
from asbuilt.reports.audit_words import instant, test_result
from asbuilt.reports.foreign import shown


def lists_of(audit: Audit) -> Iterator[tuple[str, bytes]]:
    """The name and content of every list."""
    yield "lists/controls.csv", _csv(_CONTROLS, _controls(audit))
    yield "lists/criteria.csv", _csv(("criterion", "category", "title", "standing", "controls"), _criteria(audit))
    yield "lists/control-matrix.csv", _csv(*_matrix(audit))
    yield "lists/deviations.csv", _csv(_DEVIATIONS, _deviations(audit))
    yield "lists/in-force.csv", _csv(("control", "subject", "state", "from", "until", "seconds"), _spans(audit))
    yield (
        "lists/occurrences.csv",
        _csv(("control", "subject", "from", "due", "came", "standing"), _occurrences(audit)),
    )
    yield "lists/samples.csv", _csv(_SAMPLES, _samples(audit))
    yield "lists/parity.csv", _csv(("control", "attribution", *Outcome), _parity(audit))
    yield "lists/mending.csv", _csv(Mending.__struct_fields__, map(msgspec.structs.astuple, audit.mending))


_COMPLETENESS = (
    "kind", "item", "repository", "happened_at", "is_matched", "reason", "change_id", "number", "detail", "record",
)  # fmt: skip


def completeness_of(rows: Iterable[Mapping[str, Any]]) -> tuple[str, bytes]:
    """The list that ties changes, merged requests, pushes and deployments: its name, and each with its reason."""
    ordered = sorted(rows, key=lambda row: (str(row["kind"]), str(row["happened_at"]), str(row["item"])))
    return "lists/completeness.csv", _csv(_COMPLETENESS, ([row[name] for name in _COMPLETENESS] for row in ordered))


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_field(value) for value in row])
    return text.getvalue().encode("utf-8", "backslashreplace")


def _field(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return shown(", ".join(f"{name} = {own}" for name, own in sorted(value.items())))
    if isinstance(value, list | tuple):
        return shown("; ".join(str(own) for own in value))
    return shown(str(value))


_CONTROLS = (
    "control", "title", "kind", "criteria", "conclusion", "result", "population", "items", *Outcome, "complete",
    "not_complete_because", "settings", "digest", "population_digest",
)  # fmt: skip


def _controls(audit: Audit) -> Iterable[Sequence[Any]]:
    for own in audit.results:
        coverage = own.coverage
        yield (
            own.control,
            own.title,
            own.kind.value,
            own.criteria,
            own.conclusion.value,
            test_result(own),
            own.population,
            own.count,
            *(own.counts.get(key, 0) for key in Outcome),
            None if coverage is None else coverage.complete,
            None if coverage is None else coverage.why,
            own.settings,
            own.digest,
            own.population_digest,
        )


def _criteria(audit: Audit) -> Iterable[Sequence[Any]]:
    return ((own.id, own.category, own.title, own.standing, own.controls) for own in audit.criteria)


def _matrix(audit: Audit) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    """A row a control, a column a criterion, and an x where one supports the other."""
    criteria = [own.id for own in audit.criteria]
    rows = (
        (own.control, own.conclusion.value, *("x" if each in own.criteria else "" for each in criteria))
        for own in audit.results
    )
    return ("control", "conclusion", *criteria), rows


_DEVIATIONS = (
    "control", "item", "at", "attribution", "because", "nature", "cause", "isolated", "effect",
    "compensating_control", "answer", "waived_by", "waiver_reason", "waived_until",
)  # fmt: skip


def _deviations(audit: Audit) -> Iterable[Sequence[Any]]:
    for own in audit.deviations:
        waiver = own.waiver
        yield (
            own.control, own.item, own.at, own.attribution, own.because, own.nature, own.cause, own.isolated,
            own.effect, own.compensating_control, own.answer,
            waiver and waiver.granted_by, waiver and waiver.reason,
            waiver and instant(waiver.expires_at),
        )  # fmt: skip


def _spans(audit: Audit) -> Iterable[Sequence[Any]]:
    for own in audit.results:
        if own.in_force is not None:
            whole = {"(all together)": own.in_force.spans, **own.in_force.subjects}
            for subject, spans in whole.items():
                for span in spans:
                    seconds = span.end - span.start
                    yield own.control, subject, span.state, instant(span.start), instant(span.end), seconds


def _occurrences(audit: Audit) -> Iterable[Sequence[Any]]:
    for own in audit.results:
        for each in own.occurrences:
            came = None if each.at is None else instant(each.at)
            yield own.control, each.subject, instant(each.start), instant(each.due), came, each.standing


_SAMPLES = (
    "control", "population", "population_digest", "seed", "method", "basis", "place", "item", "replaces", "reason",
    "deviations_in_sample", "upper_limit_95",
)  # fmt: skip


def _samples(audit: Audit) -> Iterable[Sequence[Any]]:
    for own in audit.samples:
        for one in own.items:
            yield (
                own.control, own.population, own.population_digest, own.seed, own.method, own.basis, one.position,
                one.item, one.replaces, one.reason, own.deviations, own.upper_limit,
            )  # fmt: skip


def _parity(audit: Audit) -> Iterable[Sequence[Any]]:
    for control, split in sorted(audit.parity.items()):
        for kind, counts in sorted(split.items()):
            yield control, kind, *(counts.get(key, 0) for key in Outcome)
