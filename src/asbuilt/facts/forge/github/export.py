"""Files of an export in the layout of the public metadata backups: ``pulls/N.json`` and ``issues/N.json``.

A pull holds REST's object of the request, its timeline as REST tells it (with reviews and commits in it), and the
comments on its lines. An issue that is no pull makes no row: what a request closes is told by the request.
"""

from collections import Counter
from collections.abc import Iterator

from asbuilt.facts.forge.github.commits import commit_row
from asbuilt.facts.forge.github.requests import pull_row
from asbuilt.facts.forge.github.reviews import review_row
from asbuilt.facts.forge.github.timeline import event_row
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, items, own_id, text, whole


def project_pull(page: ForgePage) -> Iterator[Row | str]:
    """``export/pull``: one request with everything around it."""
    told = fields(page.document)
    pull = fields(told.get("pull"))
    number = whole(pull.get("number"))
    fault = _fault(page, pull, number)
    if fault:
        yield fault
        return
    listed = told.get("events")
    if not isinstance(listed, list):
        yield f"request {number}: its events are missing."
    yield from pull_row(page, pull, landed_as=_landed(items(listed)))
    on_lines: Counter[str | None] = Counter(
        own_id(dig(comment, "pull_request_review_id")) for comment in items(told.get("comments"))
    )
    for event in items(listed):
        name = dig(event, "event")
        if name == "reviewed":
            own = own_id(dig(event, "id"))
            counted = on_lines[own] if isinstance(told.get("comments"), list) else None
            yield from review_row(page, number, event, counted)
        elif name == "committed":
            yield from commit_row(page, number, dig(event, "sha"), event, {})
        else:
            yield from event_row(page, number, event)


def _landed(events: list[object]) -> str | None:
    commits = [commit_id(dig(event, "commit_id")) for event in events if dig(event, "event") == "merged"]
    return commits[-1] if commits else None


def _fault(page: ForgePage, pull: object, number: int | None) -> str | None:
    """Why the file cannot be what its name says."""
    if number is None:
        return "it holds no request with a number."
    if page.number != number:
        return f"it holds request {number}, and not the one that its name says."
    own = dig(pull, "base", "repo", "full_name")
    if isinstance(own, str) and page.repository and own.casefold() != page.repository.casefold():
        return f"it is of the repository {text(own, 120)}."
    return None


def project_issue(page: ForgePage) -> Iterator[Row | str]:
    """``export/issue``: one issue; it makes no row."""
    number = whole(dig(page.document, "issue", "number"))
    if number is None:
        yield "it holds no issue with a number."
    elif number != page.number:
        yield f"it holds issue {number}, and not the one that its name says."


PAGES = {"export/pull": project_pull, "export/issue": project_issue}
