"""What the reports of an inspection say of a tree's dependencies and of the findings in its code: one wording."""

from collections.abc import Mapping

from asbuilt.model.tree_content import (
    BroughtComponent,
    KnownWeakness,
    PlacedFinding,
    TreeDependencies,
    TreeFindings,
    WeaknessTimes,
)
from asbuilt.reports.foreign import shown
from asbuilt.reports.words import AUTHORSHIPS, day, in_order, many, number, short

DEPENDENCIES = "Dependencies, and who brought them"
TIMES = ("brought by", "open", "the oldest", "fixed", "median", "worst")
CODE = "What our own rules find in the code"
SEVERITIES = ("critical", "high", "medium", "low", "info")
NO_DEPENDENCIES = "No lock file or manifest that is read names a component."
NOT_SEARCHED = "The code was not searched: what would be found is not known."
_APPROVAL = {
    "proved": "approved, by the ledger",
    "stated": "approved, as git states it",
    "missing": "not approved",
    "unknown": "approval not known",
}
_SHORT = 8  # languages that are named


def counted(counts: Mapping[str, int], *, nothing: str = "none") -> str:
    """``3 critical, 1 high``: what there is any of, in the order given."""
    return ", ".join(f"{number(count)} {name}" for name, count in counts.items() if count) or nothing


def by_class(counts: Mapping[str, int]) -> str:
    """``AI, declared: 169 · unknown: 1,109``: the classes that there are any of."""
    rows = in_order(counts, AUTHORSHIPS)
    return " · ".join(f"{kind.name}: {number(count)}" for _, kind, count in rows if count) or "none"


def total_of(found: TreeDependencies) -> str:
    """How many components from how many files."""
    return f"{many(found.total, 'component')} in {many(len(found.files), 'file')}"


def approval(told: str) -> str:
    """How the change that brought a component stands approved, in words."""
    return _APPROVAL.get(told, shown(told, 40))


def approvals_of(found: TreeDependencies) -> str:
    """How many are approved: of all, and of those that AI-written changes brought."""
    said = f"Approved: {_approvals(found.by_approval)}."
    if sum(found.ai_by_approval.values()):
        said += f" Of what AI-written changes brought: {_approvals(found.ai_by_approval)}."
    return said


def _approvals(counts: Mapping[str, int]) -> str:
    seen = counts.get("proved", 0) + counts.get("stated", 0)
    told = {"yes": seen, "no": counts.get("missing", 0), "not known": counts.get("unknown", 0)}
    return counted(told)


def advisories_of(found: TreeDependencies) -> str:
    """What advisories know of them; that none were asked where none were."""
    held = found.advisories
    if held is None:
        return (
            f"None of the {number(found.total)} was checked: there is no store of advisories to hold them against."
        )
    sample = "the sample of advisories alone" if held.sample else "advisories"
    old = ", which are too old to call anything clean" if held.old else ""
    coverage = held.coverage
    total = sum(held.by_level.values())
    first = (
        f"Held against {sample} as of {day(held.as_of)}{old}: {number(coverage.get('matched', 0))} with a known "
        f"weakness, {number(coverage.get('clean', 0))} with none known on that day, "
        f"{number(coverage.get('not_checked', 0))} not checked."
    )
    said = [first]
    if total:
        weaknesses = many(total, "weakness", "weaknesses")
        said.append(f"{weaknesses}: {counted(held.by_level)}. Brought by {by_class(held.by_attribution)}.")
    if held.answered:
        what = f"{number(held.answered)}{' more' if total else ''} {'is' if held.answered == 1 else 'are'}"
        said.append(f"{what} stated, with a reason, not to concern the product.")
    if held.undecided:
        said.append(f"Of {number(held.undecided)} more it could not be decided.")
    return " ".join(said)


def times_of(found: TreeDependencies) -> list[tuple[str, WeaknessTimes]]:
    """Each class that brought a known weakness at any time, with how long they stood."""
    held = found.advisories
    if held is None:
        return []
    rows = in_order({key: own.open + own.fixed for key, own in held.times.items()}, AUTHORSHIPS)
    return [(kind.name, held.times[key]) for key, kind, count in rows if count]


def times_row(own: WeaknessTimes) -> tuple[str, ...]:
    """Open, how long the oldest, fixed, and the days that took: median and worst."""
    return (
        number(own.open),
        _days(own.oldest_open_days),
        number(own.fixed),
        _days(own.median_days),
        _days(own.worst_days),
    )


def times_note(found: TreeDependencies) -> str:
    """What the days are counted from, and of how many they are not known."""
    held = found.advisories
    until = day(held.counted_to if held is not None else None)
    fixed = sum(own.fixed - own.timed for _, own in times_of(found))
    said = (
        "Over the whole history, by who brought the version. Days count from its landing, or from the publication "
        f"where that was later, to the change that took it out; what is open to {until}."
    )
    return f"{said} Of {number(fixed)} it is not known how long." if fixed else said


def _days(count: int | None) -> str:
    return "–" if count is None else many(count, "day")


def unread_of(found: TreeDependencies) -> str:
    """That versions of long ago could not be read; nothing where all could."""
    count = found.unread_before
    return (
        f"{many(count, 'earlier version')} of these files could not be read: what {'it' if count == 1 else 'they'} "
        "brought is told of the next one that could."
        if count
        else ""
    )


def weakness_of(own: KnownWeakness) -> str:
    """One weakness: its advisory, how bad it is, where it is mended, how long it stands, what is stated of it."""
    parts = [own.advisory, own.level or "no level is given"]
    if own.malicious:
        parts.append("harmful on purpose")
    if own.exploited_since:
        parts.append(f"known to be exploited since {own.exploited_since}")
    if own.fixed_in:
        parts.append(f"mended in {own.fixed_in[0]}")
    if own.open_days is not None and not own.answered:
        parts.append(f"open for {many(own.open_days, 'day')}")
    if own.stated:
        parts.append(f"stated: {own.stated}")
    return shown(", ".join(parts), 300)


def component(own: BroughtComponent) -> str:
    """Ecosystem, name and version."""
    return shown(f"{own.ecosystem} {own.name} {own.version}", 300)


def place_of(own: BroughtComponent | PlacedFinding) -> str:
    """``path:line``."""
    return shown(own.path if own.line is None else f"{own.path}:{own.line}")


def brought_by(own: BroughtComponent) -> str:
    """The request or the commit that brought it, and when it landed."""
    if own.commit is None:
        return "before the history that is here"
    what = f"#{own.number}" if own.number is not None else short(own.commit)
    return f"{what}, {day(own.landed_at)}"


def class_of(attribution: str) -> str:
    """An attribution's name."""
    return AUTHORSHIPS[attribution].name if attribution in AUTHORSHIPS else shown(attribution, 40)


def found_of(found: TreeFindings) -> str:
    """How many findings, and how many more are for information or accepted."""
    said = [many(found.open, "finding"), f"{number(found.info)} for information"]
    if found.accepted:
        said.append(f"{number(found.accepted)} accepted in the code")
    return ", ".join(said)


def looked_at(found: TreeFindings) -> str:
    """What rules looked at, and what they did not."""
    languages = {name: count for name, count in found.languages.items() if count}
    first = (
        f"Looked at: {_files(languages) or 'no file of a language that rules are for'}; "
        f"{many(found.texts, 'text')} searched for secrets."
    )
    said = [first]
    if found.uncovered:
        said.append(f"No rule about code is for {_files(found.uncovered)}.")
    if found.others:
        others = _files({other.name: other.files for other in found.others}, "framework")
        said.append(f"Not read: the routes of {others}.")
    if found.unread:
        said.append(f"{many(found.unread, 'file')} could not be searched.")
    said.append("What no rule looks for is not known.")
    return " ".join(said)


def _files(languages: Mapping[str, int], noun: str = "language") -> str:
    rows = sorted(languages.items(), key=lambda each: (-each[1], each[0]))
    named = ", ".join(f"{shown(name, 40)} ({number(count)})" for name, count in rows[:_SHORT])
    return f"{named} and {many(len(rows) - _SHORT, noun)} more" if len(rows) > _SHORT else named


def severities(found: TreeFindings) -> list[tuple[str, list[int]]]:
    """Each class that a finding's line is of, with its counts by severity, in one order."""
    rows = in_order({key: sum(counts.values()) for key, counts in found.by_attribution.items()}, AUTHORSHIPS)
    return [
        (kind.name, [found.by_attribution[key].get(severity, 0) for severity in SEVERITIES])
        for key, kind, count in rows
        if count
    ]
