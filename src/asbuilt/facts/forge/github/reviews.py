"""Reviews: REST (``pull/reviews``), GraphQL (``reviews`` of a request) and events of an export tell the same rows.

A dismissed review keeps who gave it; that it once was an approval stands in its dismissal event. A review that was
not handed in yet (pending) is nobody's word and no row.
"""

from collections.abc import Iterator

from asbuilt.facts.forge.accounts import account_of, app_of, typist_of
from asbuilt.facts.forge.github.answers import inner_nodes
from asbuilt.facts.forge.github.node_ids import any_id
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, flag, items, moment, nodes, text, whole

_STATES = {
    "approved": "approved",
    "changes_requested": "changes-requested",
    "commented": "commented",
    "dismissed": "dismissed",
}


def project_reviews(page: ForgePage) -> Iterator[Row | str]:
    """``pull/reviews``: the list of one request's reviews."""
    if not isinstance(page.document, list):
        yield "it is no list of reviews."
    number = page.number
    for review in items(page.document):
        yield from review_row(page, number, review)


def project_inner(page: ForgePage) -> Iterator[Row | str]:
    """``graphql/request-reviews``: a further page of one request's reviews."""
    for number, node in inner_nodes(page, "reviews"):
        yield from graphql_reviews(page, number, node)


def graphql_reviews(page: ForgePage, number: int | None, node: object) -> Iterator[Row | str]:
    """The reviews that a request's GraphQL node holds."""
    for review in nodes(dig(node, "reviews")):
        yield from review_row(page, number, review)


def review_row(
    page: ForgePage, number: int | None, review: object, line_comments: int | None = None
) -> Iterator[Row | str]:
    """One review as a row, of whichever shape; nothing of one that is pending.

    Args:
        page: where it stands.
        number: the request (None: cannot be told, and no row is made).
        review: what tells it.
        line_comments: how many comments on lines it holds, where these stand elsewhere.
    """
    told = fields(review)
    word = told.get("state")
    state = _STATES.get(word.casefold()) if isinstance(word, str) else None
    if state is None:
        if not (isinstance(word, str) and word.casefold() == "pending"):
            yield f"a review has no state that is known: {text(word, 40) or 'none'}."
        return
    if number is None:
        yield "a review does not say on which request it is."
        return
    account = account_of(told.get("user") if "user" in told else told.get("author"))
    via_app = app_of(told.get("performed_via_github_app"))
    typist = typist_of(account, via_app)
    body = told.get("body")
    yield Row(
        "reviews",
        {
            "review_id": any_id(told),
            "repository": page.repository,
            "number": number,
            "commit": commit_id(told.get("commit_id")) or commit_id(dig(told, "commit", "oid")),
            "reviewer": account.login,
            "is_bot": typist.is_bot,
            "bot_because": typist.because,
            "state": state,
            "submitted_at": moment(told.get("submitted_at")) or moment(told.get("submittedAt")),
            "via_app": via_app,
            "may_push": _may_push(told),
            "body_length": _length(told, body),
            "line_comments": whole(dig(told, "comments", "totalCount")) if line_comments is None else line_comments,
        },
    )


# Whom GitHub calls so has no part in the repository. ``CONTRIBUTOR`` tells nothing: maintainers whose membership is
# private are called so too; ``MEMBER`` and ``COLLABORATOR`` may be allowed to read alone.
_OUTSIDERS = frozenset({"NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN"})


def _may_push(told: object) -> bool | None:
    """Whether the reviewer might push when the forge was read: its word, or what the association comes to."""
    word = flag(dig(told, "authorCanPushToRepository"))
    if word is not None:
        return word
    association = dig(told, "author_association") or dig(told, "authorAssociation")
    if association == "OWNER":
        return True
    return False if isinstance(association, str) and association in _OUTSIDERS else None


def _length(told: object, body: object) -> int | None:
    """Characters of the body; 0 where the forge says that there is none."""
    if isinstance(body, str):
        return len(body)
    return 0 if body is None and "body" in fields(told) else None


PAGES = {
    "pull/reviews": project_reviews,
    "graphql/request-reviews": project_inner,
}
