"""The words and numbers that every report uses: one name, one mark and one order for each class and grade."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from asbuilt.model.attribution import Authorship
from asbuilt.model.chain import Grade, LinkName
from asbuilt.model.change import Landing
from asbuilt.model.commit import moment
from asbuilt.model.inspection import Inspection
from asbuilt.model.result import Outcome, Result, Severity
from asbuilt.reports.foreign import shown

UNKNOWN_IS_NOT_HUMAN = "A missing signal is unknown; it never means that a person typed the line."
OWN_TEST = "This is management's own test of its own records; an opinion on controls is a CPA firm's to give."


class Kind(NamedTuple):
    """How one class, grade or way of landing is named and marked: never by colour alone."""

    name: str
    mark: str
    meaning: str


AUTHORSHIPS: Mapping[str, Kind] = {
    Authorship.AI_TRACKED: Kind("AI, tracked", "█", "a record names these lines as a tool's"),
    Authorship.AI_DECLARED: Kind("AI, declared", "▓", "the commit says a tool took part"),
    Authorship.HUMAN_TRACKED: Kind("human, tracked", "▒", "a record names these lines as typed"),
    Authorship.AUTOMATION: Kind("automation", "░", "a bot that is no AI tool"),
    Authorship.UNKNOWN: Kind("unknown", "·", "no signal either way"),
}
GRADES: Mapping[str, Kind] = {
    Grade.PROVED: Kind("proved", "●", "a record of the system where it happened, or a verified signature"),
    Grade.STATED: Kind("stated", "◐", "text in a commit, which anyone could have typed"),
    Grade.MISSING: Kind("missing", "○", "the source was read, and it is not there"),
    Grade.CONTRADICTED: Kind("contradicted", "✗", "two sources disagree"),
    Grade.UNKNOWN: Kind("unknown", "·", "the source could not be read"),
}
LANDINGS: Mapping[str, Kind] = {
    Landing.MERGE: Kind("merge", "⋎", "a merge commit brought a branch"),
    Landing.SQUASH: Kind("squash", "▪", "one commit with the mark of a forge's squash"),
    Landing.REBASE: Kind("rebase", "≡", "a run of commits of one pull request, with no merge commit"),
    Landing.DIRECT: Kind("direct push", "↓", "a plain commit with no trace of a pull request"),
    Landing.BOT: Kind("bot", "↻", "a plain commit of a known automation"),
    Landing.INITIAL: Kind("initial import", "◦", "the first commit"),
}
OUTCOMES: Mapping[str, Kind] = {
    Outcome.MET: Kind("met", "✓", "the expectation held"),
    Outcome.DEVIATION: Kind("deviation", "✗", "the expectation did not hold"),
    Outcome.UNKNOWN: Kind("unknown", "?", "it could not be checked, which is not a pass"),
}
SEVERITIES: Mapping[str, Kind] = {
    Severity.BLOCKING: Kind("deviation", "✗", "blocks"),
    Severity.UNKNOWN: Kind("could not check", "?", "not a pass"),
    Severity.NOTE: Kind("note", "·", "worth knowing"),
}
LINKS: Sequence[str] = tuple(LinkName)
SEVERITY_ORDER = tuple(SEVERITIES)


def number(value: int) -> str:
    """``12408`` as ``12,408``."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """A part in per cent; ``<0.1 %`` and ``>99.9 %`` where rounding would say none or all."""
    if not whole:
        return "–"
    if part in (0, whole):
        return "100 %" if part else "0 %"
    tenths = round(1000 * part / whole)
    if tenths == 0:
        return "<0.1 %"
    return ">99.9 %" if tenths == 1000 else f"{tenths / 10:.1f} %"


def many(count: int, one: str, more: str | None = None) -> str:
    """``1 change``, ``12,408 changes``."""
    return f"{number(count)} {one if count == 1 else more or one + 's'}"


def day(seconds: int | None) -> str:
    """A moment as its date in UTC, or a dash."""
    return "–" if seconds is None else moment(seconds).strftime("%Y-%m-%d")


def short(commit: str) -> str:
    """The first ten digits of a commit id."""
    return shown(commit[:10])


def place(path: str | None, line: int | None, commit: str | None, otherwise: str) -> str:
    """Where a finding is: ``path:line``, else ``path``, else the commit, else the repository's name. Not cut."""
    if path is not None:
        return shown(path) if line is None else f"{shown(path)}:{line}"
    return short(commit) if commit else shown(otherwise)


def in_order(counts: Mapping[str, int], kinds: Mapping[str, Kind]) -> list[tuple[str, Kind, int]]:
    """Key, kind and count in the fixed order of ``kinds``; a key that is not known comes last, by name."""
    rows = [(str(key), kind, counts.get(key, 0)) for key, kind in kinds.items()]
    extra = sorted(key for key in counts if key not in kinds)
    return rows + [(key, Kind(shown(key, 40), "+", ""), counts[key]) for key in extra]


def apportion(counts: Sequence[int], cells: int) -> list[int]:
    """Share out ``cells`` by the counts: largest remainders, and at least one cell for each count that is not 0."""
    total = sum(counts)
    if not total or cells <= 0:
        return [0] * len(counts)
    given = [max(count * cells // total, 1) if count else 0 for count in counts]
    while sum(given) > cells and max(given) > 1:
        given[given.index(max(given))] -= 1
    by_remainder = sorted(range(len(counts)), key=lambda at: (-(counts[at] * cells % total), at))
    for at in by_remainder:
        if sum(given) >= cells:
            break
        given[at] += 1 if counts[at] else 0
    return given


class Headline(msgspec.Struct, frozen=True):
    """The few figures that come first."""

    ai_lines: int
    unknown_lines: int
    unbroken: int
    changes: int
    reviewed: int
    review_unknown: int


def headline(inspection: Inspection) -> Headline:
    """The few figures that come first: lines with an AI signal, without any, and how many chains hold."""
    by_class = inspection.lines.by_authorship
    review = inspection.links.get(LinkName.REVIEW, {})
    return Headline(
        ai_lines=by_class.get(Authorship.AI_TRACKED, 0) + by_class.get(Authorship.AI_DECLARED, 0),
        unknown_lines=by_class.get(Authorship.UNKNOWN, 0),
        unbroken=sum(row.unbroken for row in inspection.changes),
        changes=len(inspection.changes),
        reviewed=review.get(Grade.PROVED, 0) + review.get(Grade.STATED, 0),
        review_unknown=review.get(Grade.UNKNOWN, 0),
    )


def outcome_of(result: Result) -> str:
    """The worst outcome that a control's items have; empty when there was none to test."""
    for outcome in (Outcome.DEVIATION, Outcome.UNKNOWN, Outcome.MET):
        if result.counts.get(outcome, 0) or (outcome is Outcome.UNKNOWN and result.failure):
            return outcome
    return ""
