"""The report's long lists: changes and releases, newest first, cut where a file would grow too large."""

from asbuilt.model.change import Change
from asbuilt.model.inspection import ChangeRow, Inspection
from asbuilt.reports.markup import Safe, element, escape, folded, join, table
from asbuilt.reports.words import AUTHORSHIPS, GRADES, LANDINGS, LINKS, day, many, number, short

_MOST_CHANGES, _MOST_RELEASES = 500, 40


def changes(inspection: Inspection) -> Safe:
    """The newest changes with the grade of each link, and the tags read as releases."""
    rows = inspection.changes
    if not rows:
        return element("p", "No change landed in this window.")
    newest = rows[:_MOST_CHANGES]
    said = f"The {number(len(newest))} newest of {many(len(rows), 'change')}: the JSON report holds all."
    marks = ", ".join(f"{kind.mark} {kind.name}" for kind in GRADES.values())
    return join(
        element("p", said if len(newest) < len(rows) else f"All {many(len(rows), 'change')}, newest first."),
        folded(
            "The table of changes",
            element("p", f"The last column holds the ten links in order: {marks}.", class_="note"),
            table(
                "Changes",
                ("Landed", "Commit", "Subject", "Way", "By", "Attribution", "Links 1 to 10"),
                "ddhllll",
                [_change(row) for row in newest],
                class_="changes",
            ),
        ),
        _releases(inspection),
    )


def _change(row: ChangeRow) -> tuple[Safe | str, ...]:
    change = row.change
    said = AUTHORSHIPS[row.authorship].name if row.authorship in AUTHORSHIPS else row.authorship
    tools = f" ({', '.join(row.tools)})" if row.tools else ""
    grades = "".join(GRADES[row.grades[name]].mark if row.grades.get(name) in GRADES else " " for name in LINKS)
    spoken = ", ".join(f"{name} {row.grades.get(name, 'unknown')}" for name in LINKS)
    return (
        day(change.landed_at),
        element("code", short(change.id)),
        escape(change.subject, 120),
        LANDINGS[change.landing].name,
        _authors(change),
        escape(said + tools, 80),
        element("span", grades, class_="grades", role="img", aria_label=spoken),
    )


def _authors(change: Change) -> Safe:
    named = [element("bdi", escape(person.name or person.email, 40)) for person in change.authors[:3]]
    more = f" and {len(change.authors) - 3} more" if len(change.authors) > 3 else None
    return join([join(", " if at else None, name) for at, name in enumerate(named)], more)


def _releases(inspection: Inspection) -> Safe | None:
    releases = sorted(inspection.releases, key=lambda release: (-release.tagged_at, release.name))
    if not releases:
        return None
    title = f"Tags, read as releases: {number(len(releases))}"
    if len(releases) > _MOST_RELEASES:
        title += f", the {_MOST_RELEASES} newest (JSON holds all)"
    return folded(
        title,
        table(
            "Tags, read as releases",
            ("Tag", "Date", "Commit", "By", "Signature"),
            "hddld",
            [
                (
                    escape(release.name, 80),
                    day(release.tagged_at),
                    element("code", short(release.commit)),
                    escape(release.tagger.name, 60) if release.tagger else "–",
                    "none" if release.signature == "none" else f"{release.signature}, not verified",
                )
                for release in releases[:_MOST_RELEASES]
            ],
        ),
    )
