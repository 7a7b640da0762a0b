"""Comments on a merge request: what was written on it or on its lines, each a review that says neither yes nor no.

One on lines names the head that it was written on; any other is on the request as a whole.
"""

from collections.abc import Iterator

from asbuilt.facts.forge.gitlab.answers import account_of, typist
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, moment, own_id

ON_LINES = "DiffNote"


def project_comments(page: ForgePage, number: int, notes: list[object]) -> Iterator[Row | str]:
    """The comments among the notes of a request; those of GitLab's own are none."""
    for note in notes:
        if dig(note, "system") is False:
            yield from comment_row(page, number, note)


def comment_row(page: ForgePage, number: int | None, note: object) -> Iterator[Row | str]:
    """One comment, as the list of notes tells it.

    Whether its account is a person's, only the account's name tells here: a delivery, which tells the same comment,
    tells no more of it.
    """
    told = fields(note)
    own, body, account = own_id(told.get("id")), told.get("body"), account_of(told.get("author"))
    if own is None or not isinstance(body, str):
        yield "a comment has no id or words that can be read."
        return
    on_lines, who = told.get("type") == ON_LINES, typist(account)
    yield Row(
        "reviews",
        {
            "review_id": f"note-{own}",
            "repository": page.repository,
            "number": number,
            "commit": commit_id(dig(told.get("position"), "head_sha")) if on_lines else None,
            "reviewer": account.login,
            "is_bot": who.is_bot,
            "bot_because": who.because,
            "state": "commented",
            "submitted_at": moment(told.get("created_at")),
            "body_length": len(body),
            "line_comments": 1 if on_lines else 0,
        },
    )
