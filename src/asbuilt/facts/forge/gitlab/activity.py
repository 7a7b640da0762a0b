"""Pushes by GitLab's own log of activity, and findings of its scanners.

The log does not tell a merge in the browser from a push: both are pushes; the request that names the commit tells.
"""

from collections.abc import Iterator

from asbuilt.facts.forge.gitlab.answers import account_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import LONGEST_TITLE, commit_id, dig, items, moment, moment_of, own_id, text

KINDS = {"created": "branch-created", "removed": "branch-deleted", "pushed": "push"}


def project_events(page: ForgePage) -> Iterator[Row | str]:
    """``events``: pushes to branches; tags are left out."""
    if not isinstance(page.document, list):
        yield "it is no list of events."
    for event in items(page.document):
        push = dig(event, "push_data")
        if dig(push, "ref_type") != "branch":
            continue
        action, actor = dig(push, "action"), account_of(dig(event, "author"))
        yield Row(
            "pushes",
            {
                "repository": page.repository,
                "push_id": own_id(dig(event, "id")),
                "branch": text(dig(push, "ref")),
                "pushed_at": moment(dig(event, "created_at")),
                "kind": KINDS.get(action) if isinstance(action, str) else None,
                "actor": actor.login,
                "actor_kind": actor.kind,
                "before_commit": commit_id(dig(push, "commit_from")),
                "after_commit": commit_id(dig(push, "commit_to")),
            },
        )


def project_findings(page: ForgePage) -> Iterator[Row | str]:
    """``vulnerability_findings``: as they stand at the moment of reading; a dismissal is a person's decision."""
    if not isinstance(page.document, list):
        yield "it is no list of findings."
    for each in items(page.document):
        own = own_id(dig(each, "uuid")) or own_id(dig(each, "id"))
        finding = None if own is None else f"{page.repository} vulnerability {own}"
        tool = text(dig(each, "scanner", "name")) or text(dig(each, "report_type"))
        yield Row(
            "findings_seen",
            {
                "finding": finding,
                "seen_at": moment_of(page.observed),
                "target": page.repository,
                "found_by": tool,
                "severity": text(dig(each, "severity"), 40),
                "title": text(dig(each, "name"), LONGEST_TITLE),
                "first_seen_at": moment(dig(each, "vulnerability", "created_at")),
                "closed_at": moment(dig(each, "vulnerability", "resolved_at")),
            },
        )
        dismissal = dig(each, "dismissal_feedback")
        decided = moment(dig(dismissal, "created_at"))
        if decided is None and dig(each, "state") == "dismissed":
            yield f"{finding or 'a finding'} was dismissed, and when, and by whom, is not told."
        if decided is not None:
            said = [text(dig(dismissal, "dismissal_reason")), text(dig(dismissal, "comment"), LONGEST_TITLE)]
            said[1] = said[1] or text(dig(dismissal, "comment_details", "comment"), LONGEST_TITLE)
            yield Row(
                "finding_decisions",
                {
                    "finding": finding,
                    "decided_at": decided,
                    "decision": "accepted",
                    "decided_by": account_of(dig(dismissal, "author")).login,
                    "reason": ": ".join(part for part in said if part) or None,
                },
            )


PAGES = {"events": project_events, "vulnerability_findings": project_findings}
