"""Reviews of a merge request: GitLab's own notes tell who approved, took it back, asked for changes, and when.

1. An approval is bound to no commit. It is of the head that the request had at that moment, by its versions; where
   they do not tell, the commit is unknown.
2. An approval whose account no longer stands among those who approve was taken away: by a note that says so, else
   at a moment that nobody knows; then it is dismissed. Where GitLab does not show who approves, nobody knows if an
   approval stood, and its commit is unknown.
3. A comment in a person's own words that says the same is no note of GitLab's.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from asbuilt.facts.forge.accounts import Account
from asbuilt.facts.forge.gitlab.answers import Answers, People, account_of, people_of, typist
from asbuilt.facts.forge.gitlab.comments import ON_LINES, project_comments
from asbuilt.facts.forge.gitlab.heads import Heads, exact_moment
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import LONGEST_TITLE, dig, fields, items, moment, own_id, text

APPROVED = "approved this merge request"
_UNAPPROVED = "unapproved this merge request"
_CHANGES = "requested changes"
_RESET = re.compile(r"reset approvals from (?P<who>.{1,10000}) by pushing to the branch", re.DOTALL)
_NAMED = re.compile(r"@([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)")
_EVENTS = (
    (re.compile(r"enabled an? (?:automatic merge|auto-?merge)\b"), "auto-merge-on"),
    (re.compile(r"(?:canceled|aborted) the (?:automatic merge|auto-?merge)\b"), "auto-merge-off"),
    (re.compile(r"(?:started a merge train|added this merge request to the merge train)\b"), "queued"),
    (re.compile(r"removed this merge request from the merge train\b"), "unqueued"),
    (re.compile(r"aborted this merge request from the merge train\b"), "unqueued"),
    (re.compile(r"changed target branch from\b"), "base-changed"),
    (re.compile(r"requested review from\b"), "review-requested"),
    (re.compile(r"marked this merge request as \*?\*?draft"), "draft"),
    (re.compile(r"marked this merge request as \*?\*?ready"), "ready"),
    (re.compile(r"merged\b"), "merged"),
    (re.compile(r"closed\b"), "closed"),
    (re.compile(r"reopened\b"), "reopened"),
)


class Note(NamedTuple):
    """A note of GitLab's own: its id, what it says, who did it, when."""

    own: str
    said: str
    account: Account
    at: str
    exact: Any


def project_notes(page: ForgePage, number: int, told: Answers, heads: Heads) -> Iterator[Row | str]:
    """Reviews and events of one request."""
    notes = told.listed("notes")
    if notes is None:
        return
    own, faults = _own_notes(notes, people_of(told))
    yield from faults
    yield from project_comments(page, number, notes)
    yield from _reviews(page, number, own, _Said(notes), _standing(told), heads)
    for note in own:
        yield from _event(page, number, note)
    yield from _resets(page, number, own)
    yield from _pushes(page, number, heads)


def _own_notes(notes: list[Any], people: People) -> tuple[list[Note], list[str]]:
    found, faults = [], []
    for each in notes:
        if dig(each, "system") is not True:
            continue
        body, own, at = dig(each, "body"), own_id(dig(each, "id")), moment(dig(each, "created_at"))
        exact = exact_moment(dig(each, "created_at"))
        if not isinstance(body, str) or own is None or at is None or exact is None:
            faults.append("a note of GitLab's own has no id, words or time that can be read.")
            continue
        found.append(Note(own, body[:20_000].strip(), people.account(dig(each, "author")), at, exact))
    return sorted(found, key=lambda note: (note.exact, int(note.own) if note.own.isdigit() else 0)), faults


class _Said:
    """How much each person wrote, by when."""

    def __init__(self, notes: list[Any]) -> None:
        self._notes = [
            (account_of(dig(each, "author")).login, exact_moment(dig(each, "created_at")), fields(each))
            for each in notes
            if dig(each, "system") is False
        ]

    def by(self, login: str | None, until: Any) -> tuple[int, int]:
        """Characters, and comments on lines."""
        mine = [note for who, at, note in self._notes if who is not None and who == login and at and at <= until]
        length = sum(len(note["body"]) for note in mine if isinstance(note.get("body"), str))
        return length, sum(note.get("type") == ON_LINES for note in mine)


def _standing(told: Answers) -> set[str | None] | None:
    """Who approves as GitLab shows it; None where it does not."""
    approvals = told.single("approvals")
    listed = dig(approvals, "approved_by")
    if not isinstance(listed, list):
        return None
    return {account_of(dig(each, "user")).login for each in items(listed)}


def _reviews(  # noqa: PLR0917 - what one review is told by
    page: ForgePage, number: int, notes: list[Note], said: _Said, standing: set[str | None] | None, heads: Heads
) -> Iterator[Row | str]:
    last: dict[str | None, str] = {}
    for note in notes:
        if note.said in {APPROVED, _UNAPPROVED, _CHANGES}:
            last[note.account.login] = note.own
    seen = set()
    for note in notes:
        if note.said not in {APPROVED, _CHANGES}:
            continue
        login = note.account.login
        is_approval = note.said == APPROVED
        state = "approved" if is_approval else "changes-requested"
        if is_approval:
            seen.add(login)
        # (2)
        if is_approval and standing is not None and login not in standing and last[login] == note.own:
            state = "dismissed"
        known = heads.at(_text_of(note)) if standing is not None or not is_approval else None
        length, on_lines = said.by(login, note.exact)
        who = typist(note.account)
        yield Row(
            "reviews",
            {
                "review_id": f"note-{note.own}",
                "repository": page.repository,
                "number": number,
                "commit": known,
                "reviewer": login,
                "is_bot": who.is_bot,
                "bot_because": who.because,
                "state": state,
                "submitted_at": note.at,
                "body_length": length,
                "line_comments": on_lines,
            },
        )
    for login in sorted(each for each in (standing or set()) - seen if each):
        yield f"{login} stands among those who approve request {number}, and no note tells when."


def _text_of(note: Note) -> str:
    return str(note.exact.isoformat())


def _event(page: ForgePage, number: int, note: Note) -> Iterator[Row | str]:
    if note.said == _UNAPPROVED:
        yield _event_row(page, number, note, "approval-withdrawn")
        return
    for words, kind in _EVENTS:
        if words.match(note.said):
            detail = text(note.said, LONGEST_TITLE)
            yield _event_row(page, number, note, kind, detail=None if detail == kind else detail)
            return


def _resets(page: ForgePage, number: int, notes: list[Note]) -> Iterator[Row | str]:
    """(2) A push takes away the approvals of those whom its note names."""
    approved: dict[str, Note] = {}
    for note in notes:
        login = note.account.login
        if note.said == APPROVED and login is not None:
            approved[login] = note
        elif note.said == _UNAPPROVED and login is not None:
            approved.pop(login, None)
        elif match := _RESET.fullmatch(note.said):
            for name in dict.fromkeys(_NAMED.findall(match["who"])):
                taken = approved.pop(name, None)
                if taken is not None:
                    yield _event_row(
                        page,
                        number,
                        note,
                        "review-dismissed",
                        own=f"note-{note.own}-{taken.own}",
                        review=f"note-{taken.own}",
                        detail="approved: taken away by a push",
                    )


def _event_row(
    page: ForgePage,
    number: int,
    note: Note,
    kind: str,
    *,
    own: str | None = None,
    review: str | None = None,
    detail: str | None = None,
) -> Row:
    return Row(
        "request_events",
        {
            "repository": page.repository,
            "event_id": own or f"note-{note.own}",
            "number": number,
            "kind": kind,
            "happened_at": note.at,
            "actor": note.account.login,
            "actor_kind": note.account.kind,
            "review_id": review,
            "detail": detail,
        },
    )


def _pushes(page: ForgePage, number: int, heads: Heads) -> Iterator[Row | str]:
    """Each version after the first is a push; who pushed, the version does not tell."""
    for before, head in zip(heads.all, heads.all[1:], strict=False):
        yield Row(
            "request_events",
            {
                "repository": page.repository,
                "event_id": f"version-{head.version}",
                "number": number,
                "kind": "pushed",
                "happened_at": head.at,
                "before_commit": before.commit,
                "after_commit": head.commit,
            },
        )
