"""The chain that git stated when a history was recorded, from rows of ``changes`` and ``changes_seen``."""

from collections.abc import Mapping
from typing import Final

from asbuilt.facts.chains import SILENT
from asbuilt.facts.forge_chain import Row
from asbuilt.model.attribution import Authorship
from asbuilt.model.chain import Chain, Evidence, Grade, Link, LinkName
from asbuilt.model.change import Landing
from asbuilt.model.commit import Person

_WROTE: Final[Mapping[str, tuple[Grade, str]]] = {
    Authorship.AI_TRACKED: (Grade.PROVED, "A line record names an AI tool."),
    Authorship.AI_DECLARED: (Grade.STATED, "A message or identity names an AI tool."),
    Authorship.HUMAN_TRACKED: (Grade.PROVED, "A line record says that a person typed it."),
    Authorship.AUTOMATION: (Grade.STATED, "An automation's account wrote it."),
}


def seen_chain(row: Row, remedy: str) -> Chain:
    """The ten links of one change as git stated them.

    Args:
        row: of ``changes_seen``.
        remedy: the command that reads what git does not hold.
    """
    own = (Evidence(f"record {row['record']}", row["subject"]),)
    return Chain(
        row["change_id"],
        (
            _request(row, own, remedy),
            _suggestion(row, own),
            Link(LinkName.COMMIT, Grade.STATED, f"By {row['author']}.", own, _persons(row["author"])),
            _change(row, own, remedy),
            _review(row, own, remedy),
            Link(LinkName.CHECKS, Grade.UNKNOWN, SILENT[LinkName.CHECKS], remedy=remedy),
            _merge(row, own),
            Link(LinkName.BUILD, Grade.UNKNOWN, SILENT[LinkName.BUILD], remedy=remedy),
            Link(LinkName.DEPLOYMENT, Grade.UNKNOWN, SILENT[LinkName.DEPLOYMENT], remedy=remedy),
            Link(LinkName.WATCH, Grade.UNKNOWN, SILENT[LinkName.WATCH], remedy=remedy),
        ),
    )


def _request(row: Row, own: tuple[Evidence, ...], remedy: str) -> Link:
    count = row["request_mentions"]
    if count:
        return Link(LinkName.REQUEST, Grade.STATED, f"Its messages name {count} issues or tickets.", own)
    return Link(LinkName.REQUEST, Grade.UNKNOWN, "No issue or ticket is named in git.", remedy=remedy)


def _suggestion(row: Row, own: tuple[Evidence, ...]) -> Link:
    if row["attribution_conflict"]:
        return Link(LinkName.SUGGESTION, Grade.CONTRADICTED, "Two sources disagree about who wrote it.", own)
    grade, summary = _WROTE.get(row["attribution"], (Grade.UNKNOWN, "Nothing says who or what wrote it."))
    if row.get("suggestion_grade") == Grade.UNKNOWN and grade is not Grade.UNKNOWN:
        grade, summary = Grade.UNKNOWN, f"{summary} That is of a part of it, or too weak; nothing says the rest."
    return Link(LinkName.SUGGESTION, grade, summary, own if grade is not Grade.UNKNOWN else ())


def _change(row: Row, own: tuple[Evidence, ...], remedy: str) -> Link:
    if row["landing"] == Landing.INITIAL:
        return Link(LinkName.CHANGE, Grade.STATED, "The first commit: an import, with nothing before it.", own)
    if row["number"] is not None:
        return Link(LinkName.CHANGE, Grade.STATED, f"Request #{row['number']}, by git.", own)
    if row["came_by_pull_request"]:
        return Link(LinkName.CHANGE, Grade.STATED, "A request brought it, by git; its number is not named.", own)
    return Link(LinkName.CHANGE, Grade.UNKNOWN, "No request is named in git.", remedy=remedy)


def _review(row: Row, own: tuple[Evidence, ...], remedy: str) -> Link:
    if row["stated_approvals"]:
        count = row["stated_approvals"]
        people = tuple(person for shown in row.get("stated_approvers") or () for person in _persons(shown))
        summary = f"Its messages name {count} who had no part in it."
        return Link(LinkName.REVIEW, Grade.STATED, summary, own, people)
    said = row["stated_rejections"] or ()
    if row["stated_approvals"] == 0:
        if said:
            summary = f"The only review named is by {', '.join(said)}."
            return Link(LinkName.REVIEW, Grade.CONTRADICTED, summary, own, remedy=remedy)
        return Link(LinkName.REVIEW, Grade.MISSING, "No message names a reviewer.", remedy=remedy)
    if said:
        return Link(LinkName.REVIEW, Grade.UNKNOWN, f"A review named does not count: {', '.join(said)}.", own)
    return Link(LinkName.REVIEW, Grade.UNKNOWN, "No review is named in git.", remedy=remedy)


def _merge(row: Row, own: tuple[Evidence, ...]) -> Link:
    by = row.get("landed_by")
    people = _persons(by) if by else ()
    summary = f"Landed {row['landed_at']:%Y-%m-%d %H:%M}, by git's clock{f', by {by}' if by else ''}."
    return Link(LinkName.MERGE, Grade.STATED, summary, own, people)


def _persons(shown: str) -> tuple[Person, ...]:
    name, _, address = shown.rpartition(" <")
    return (Person(name, address.rstrip(">")),)
