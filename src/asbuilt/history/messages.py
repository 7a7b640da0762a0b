"""What a commit message says: pull-request marks, trailers, persons, reverts, co-authors.

Trailers are read at column 0 of any line of the body, not only in the last paragraph: git's own trailer parser
loses up to a fifth of them in squash bodies. Everything read here is text that anyone could have typed.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from asbuilt.model.commit import Person


class PullRequest(msgspec.Struct, frozen=True):
    """The mark of a pull or merge request in a message.

    ``style`` is the forge whose words they are (github, gitlab, bitbucket, azure, gitea, bors, gerrit,
    phabricator); ``single`` is True when the mark alone says that one commit stands for the whole request (a
    squash); ``number`` is None where there is none of a forge's kind: Phabricator's revisions, the private pull
    requests of a GitHub security advisory, whose id is then the ``branch``, and a request named in full
    (``owner/name#17``, then the ``branch``): that may be one of another repository.
    """

    style: str
    number: int | None
    branch: str | None = None
    single: bool = False


_NUMBER = r"(?P<number>[1-9]\d{0,8})"
_SUBJECTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("bitbucket", rf"Merge pull request #{_NUMBER} in \S+ from (?P<branch>\S+) to \S+"),
        ("github", rf"Merge (?:pull request|PR) #{_NUMBER}\b(?: from (?:(?P<owner>[^\s/]+)/)?(?P<branch>\S+))?"),
        ("gitea", rf"Merge pull request '.*' \(#{_NUMBER}\) from (?:[^\s:]+:)?(?P<branch>\S+)"),
        ("bitbucket", rf"Merged in (?P<branch>\S+) \(pull request #{_NUMBER}\)"),
        ("azure", rf"Merged PR {_NUMBER}\b"),
        ("bors", rf"(?:Auto merge of|Rollup merge of|Merge) #{_NUMBER}\b(?: - (?:[^\s:]+:)?(?P<branch>[^\s,]+))?"),
    )
)
_SQUASH = re.compile(rf"\((?P<mark>[#!]){_NUMBER}\)\s*\Z")
_GITLAB = re.compile(rf"^See merge request (?:\S*?!|https?://\S+/merge_requests/){_NUMBER}\s*$", re.MULTILINE)
_GITLAB_BRANCH = re.compile(r"Merge branch '(?P<branch>[^']+)'")
_CLOSES_FROM = re.compile(rf"^Closes #{_NUMBER} from (?:[^\s/]+/)?(?P<branch>\S+?)\.?\s*$", re.MULTILINE)
_PULL_URL = re.compile(
    r"^(?:PR-URL|PR|Pull[- ]Request(?:[- ](?:URL|resolved))?|COPYBARA_INTEGRATE_REVIEW)\s*[:=]\s*"
    rf"(?:https?://\S+/(?:pulls?|merge_requests|pull-requests)/|#){_NUMBER}\b",
    re.MULTILINE | re.IGNORECASE,
)
_GERRIT = re.compile(rf"^Reviewed-on: https?://\S*?/(?:\+/|#/c/|c/)?{_NUMBER}/?\s*$", re.MULTILINE)
_PHABRICATOR = re.compile(r"^Differential Revision: \S*?\bD\d+\s*$", re.MULTILINE)
_TAG = re.compile(r"\A\[[^\]\n]{1,24}\]\s*")
_ADVISORY = re.compile(r"Merge (?:pull request|commit) from (?P<branch>GHSA(?:-[0-9a-z]{4}){3})\b")
_IN_FULL = re.compile(r"Merge (?P<branch>[\w.-]+/[\w.-]+#[1-9]\d{0,8}): ", re.ASCII)
_BULLET = re.compile(r"^\* \S", re.MULTILINE)
_REVERTS = re.compile(r"This reverts (?:commit|merge|changeset)s?\s+([0-9a-f]{7,64})\b", re.IGNORECASE)


def read_pull_request(subject: str, body: str) -> PullRequest | None:
    """The pull or merge request that a message says it lands, or None.

    ``body`` may be the whole message or what follows the subject.
    """
    if subject.startswith("["):
        subject = _TAG.sub("", subject)  # "[ci skip] Merge pull request ..."
    if subject.startswith(("Merge", "Auto merge", "Rollup merge")):
        for style, pattern in _SUBJECTS:
            match = pattern.match(subject)
            if match:
                branch = match.groupdict().get("branch")
                return PullRequest(style, int(match["number"]), branch)
        if "GHSA-" in subject and (match := _ADVISORY.match(subject)):
            return PullRequest("github", None, match["branch"], single=True)
        if match := _IN_FULL.match(subject):
            return PullRequest("github", None, match["branch"])
        match = _GITLAB.search(body) if "See merge request" in body else None
        if match:
            branch_match = _GITLAB_BRANCH.match(subject)
            return PullRequest("gitlab", int(match["number"]), branch_match["branch"] if branch_match else None)
    if subject.rstrip().endswith(")"):
        match = _SQUASH.search(subject)
        if match:
            return PullRequest("github" if match["mark"] == "#" else "gitlab", int(match["number"]), single=True)
    return _in_body(body)


def _in_body(body: str) -> PullRequest | None:
    if "See merge request" in body and (match := _GITLAB.search(body)):
        return PullRequest("gitlab", int(match["number"]), single=True)
    if "Closes #" in body and (match := _CLOSES_FROM.search(body)):
        return PullRequest("github", int(match["number"]), match["branch"], single=True)
    if "Reviewed-on: http" in body and (match := _GERRIT.search(body)):
        return PullRequest("gerrit", int(match["number"]))
    if "Differential Revision:" in body and _PHABRICATOR.search(body):
        return PullRequest("phabricator", None, single=True)
    if ("PR" in body or "ull" in body) and (match := _PULL_URL.search(body)):
        return PullRequest("github", int(match["number"]))
    return None


def pull_request_number(subject: str, body: str) -> int | None:
    """The number of the forge's pull or merge request that a message says it lands, or None.

    Gerrit's change numbers and Phabricator's revisions are no such numbers: no pull ref has their name.
    """
    found = read_pull_request(subject, body)
    return found.number if found and found.style not in {"gerrit", "phabricator"} else None


def is_squash_body(body: str, *, by_forge: bool) -> bool:
    """Whether a body lists the commits it squashes: git's way or, where a forge committed it, as bullets."""
    if "Squashed commit of the following:" in body:
        return True
    return by_forge and "\n\n* " in body and len(_BULLET.findall(body)) >= 2


def split_message(message: str) -> tuple[str, str]:
    """Subject and body of a message."""
    subject, _, body = message.lstrip("\n").partition("\n")
    return subject.rstrip(), body.strip("\n")


# Keys that Change.reviews keeps. Which of them are approvals is judged in facts, not here.
REVIEW_KEYS = frozenset({
    "reviewed-by", "acked-by", "approved-by", "reviewed-on", "tested-by", "signed-off-by", "change-id", "pr-url",
    "differential-revision", "merged-by", "review-url", "reviewed-at", "pull-request-resolved", "helped-by",
})  # fmt: skip
# Keys whose value names a request: a number, a tracker's key or a link.
REQUEST_KEYS = frozenset({
    "bug", "bugs", "bug-id", "bug-url", "bugzilla", "issue", "issues", "issue-id", "issue-url", "jira", "ticket",
    "tickets", "task", "story", "fixes", "closes", "resolves", "refs", "ref", "references", "related-to",
    "work-item",
    "workitem", "entire-checkpoint", "change-request", "requested-by",
})  # fmt: skip
_KEEP = REVIEW_KEYS | REQUEST_KEYS | {"co-authored-by"}
_TRAILER = re.compile(
    r"^([A-Za-z][A-Za-z-]{1,24}(?: (?:[Bb]y|[Rr]evision|[Rr]esolved))?)[ \t]*[:=][ \t]*(\S[^\n]*)", re.MULTILINE
)
_PERSON = re.compile(r"\s*\"?([^<\"]*?)\"?\s*<\s*([^<>\s]+(?: at [^<>\s]+)?)\s*>")
_BORS = re.compile(r"\br=([A-Za-z0-9][\w.,-]*)")


def read_trailers(message: str) -> Iterator[tuple[str, str]]:
    """Every known ``Key: value`` at column 0, key in lower case with dashes."""
    for key, value in _TRAILER.findall(message):
        name = key.lower().replace(" ", "-")
        if name in _KEEP:
            yield name, value.rstrip()


def read_bors_reviewers(subject: str) -> list[str]:
    """The logins that ``r=login`` names at the end of a bors or Mozilla subject; ``r=me`` names nobody."""
    return [name.strip(".-") for group in _BORS.findall(subject) for name in group.split(",") if name.strip(".-")]


def read_person(value: str) -> Person | None:
    """The person that a trailer's value names: ``Name <address>``, an address alone, or a name alone."""
    match = _PERSON.match(value[:500])
    if match:
        return Person(match[1].strip(), match[2].replace(" at ", "@"))
    text = value[:500].strip()
    if not text or text.startswith(("http:", "https:")):
        return None
    if "@" in text[1:] and " " not in text:
        return Person("", text.strip("<>"))
    return Person(text.split("(")[0].split("<")[0].strip()[:100], "")


@lru_cache(maxsize=1 << 16)  # a history names few people many times
def read_persons(key: str, value: str) -> tuple[Person, ...]:
    """All persons of one trailer; only ``Reviewed By: a, b`` without addresses is a list."""
    if "<" not in value and "," in value and key in {"reviewed-by", "approved-by", "acked-by"}:
        parts = [read_person(part) for part in value.split(",") if part.strip()]
    else:
        parts = [read_person(value)]
    return tuple(person for person in parts if person is not None and (person.name or person.email))


def read_reverts(message: str) -> list[str]:
    """Ids (whole or abbreviated) of the commits that a message says it reverts."""
    return [found.lower() for found in _REVERTS.findall(message)] if "revert" in message else []
