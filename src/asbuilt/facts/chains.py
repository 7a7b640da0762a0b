"""The decision chain of a change, from git alone: ten links, each graded, with evidence and a remedy.

A link is Stated when text in the repository says it, Proved only by a record made where the act happened, Missing
only when its source was read. What a forge, a build or a deployment system would tell is Unknown, with the command
that would open it: not Missing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from asbuilt.facts.authorship import ChangeAuthorship, authorship_of
from asbuilt.facts.changes import REQUESTS
from asbuilt.facts.reviews import Reviews, judge_reviews, nobody
from asbuilt.model.attribution import Attribution, Authorship, Confidence, Proves, Signal, SquashReplay
from asbuilt.model.chain import Chain, Evidence, Grade, Link, LinkName
from asbuilt.model.change import Basis, Change, Landing
from asbuilt.model.commit import Commit, Person, SignatureKind

_WEB = frozenset({"noreply@github.com", "noreply@gitlab.com"})
_SHOWN = 5  # pieces of evidence that a link lists
_TRACKED = frozenset({Authorship.AI_TRACKED, Authorship.HUMAN_TRACKED})
_REASONS = {
    "author": "who wrote it",
    "co-author": "who co-wrote it",
    "drives-the-agent": "who drives the agent that wrote it",
    "committer": "who committed it",
    "bot": "a bot",
    "covers-part": "for part of it",
}


def build_chain(
    change: Change,
    *,
    commits: Mapping[str, Commit],
    attributions: Mapping[str, Attribution],
    replay: SquashReplay | None,
    same_person: Callable[[Person, Person], bool],
    forge: str | None,
    forge_project: str | None,
    releases: Sequence[str] = (),
    is_bot: Callable[[Person], bool] = nobody,
    recorded_in: str = "forge",
    reverted_by: Sequence[str] = (),
) -> Chain:
    """The chain of one change.

    Args:
        change: whose chain.
        commits: by id; those of the change, as far as they are at hand.
        attributions: by commit, those of a replayed branch among them.
        replay: of the squash, when the change is one.
        same_person: whether two spellings are one human.
        forge: the forge's kind, when the remote or the merges name it.
        forge_project: ``owner/repo`` there, when known.
        releases: names of the releases that contain the change, oldest first.
        is_bot: whether no human types with an account.
        recorded_in: ``commits`` when reviews are recorded in commit messages, else ``forge``.
        reverted_by: later changes whose message says that they revert this one (see ``find_reverts``).
    """
    remedy = open_command(forge, forge_project)
    wrote = authorship_of(change, attributions, replay=replay, commits=commits)
    reviews = judge_reviews(
        change, same_person=same_person, is_bot=is_bot, attributions=attributions, commits=commits
    )
    return Chain(
        change.id,
        (
            _request(change, remedy),
            _suggestion(wrote),
            _commit(change, commits, wrote, is_bot),
            _change(change, remedy),
            _review(reviews, recorded_in, remedy),
            _not_in_git(LinkName.CHECKS, remedy),
            _merge(change, commits, remedy),
            _not_in_git(LinkName.BUILD, remedy),
            _deployment(releases, remedy),
            _watch(change, reverted_by, remedy),
        ),
    )


def find_reverts(changes: Iterable[Change]) -> dict[str, tuple[str, ...]]:
    """Change id -> the later changes that say they revert it or one of its commits, oldest first."""
    ordered = list(changes)
    owner = {own: change.id for change in ordered for own in change.commits}
    found: dict[str, list[str]] = {}
    for change in reversed(ordered):
        for ref in change.reverts:
            target = owner.get(ref)
            if target is not None and target != change.id:
                found.setdefault(target, []).append(change.id)
    return {target: tuple(dict.fromkeys(by)) for target, by in found.items()}


@lru_cache(maxsize=16)
def open_command(forge: str | None, project: str | None) -> str:
    """The command that brings what git does not hold, with the real names as far as they are known.

    A forge that ``asbuilt sync`` does not read is recorded from its own exports.
    """
    if forge in {None, "github", "gitlab"}:
        return f"asbuilt sync {forge or 'github'} {project or 'OWNER/REPO'}"
    return "asbuilt record TABLE --jsonl FILE, with TABLE requests, reviews, checks or deployments"


SILENT = {
    LinkName.CHECKS: "Which tests and scans ran on it is not in git.",
    LinkName.BUILD: "Which artifact was built from it is not in git.",
    LinkName.DEPLOYMENT: "Whether and where it was deployed is not in git.",
    LinkName.WATCH: "Incidents and rollbacks are not in git; no later change says that it reverts this one.",
}


@lru_cache(maxsize=64)
def _not_in_git(name: LinkName, remedy: str) -> Link:
    return Link(name, Grade.UNKNOWN, SILENT[name], remedy=remedy)


@lru_cache(maxsize=64)
def _unknown(name: LinkName, summary: str, remedy: str) -> Link:
    return Link(name, Grade.UNKNOWN, summary, remedy=remedy)


def _request(change: Change, remedy: str) -> Link:
    named = [mention for mention in change.requests if mention.kind in REQUESTS]
    if not named:
        return _unknown(LinkName.REQUEST, "No issue or ticket is named in git; the forge may link one.", remedy)
    texts = list(dict.fromkeys(mention.text for mention in named))
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return Link(
        LinkName.REQUEST,
        Grade.STATED,
        f"Names {', '.join(texts[:_SHOWN])}{more}.",
        tuple(Evidence(mention.commit, mention.text) for mention in named[:_SHOWN]),
        tuple(
            dict.fromkeys(
                mention.person for mention in change.requests if mention.kind == "requested-by" and mention.person
            )
        ),
    )


def _suggestion(wrote: ChangeAuthorship) -> Link:
    evidence = tuple(
        Evidence(f"{signal.source}:{signal.rule}@{signal.commit}", signal.text)
        for one in wrote.attributions[:_SHOWN]
        for signal in _telling(one)[:2]
    )[:_SHOWN]
    answers = tuple(dict.fromkeys(one.answers for one in wrote.attributions if one.answers))
    tools = ", ".join(wrote.tools)
    if wrote.conflict:
        return Link(LinkName.SUGGESTION, Grade.CONTRADICTED, wrote.conflict, evidence, answers)
    if wrote.known == 0:
        return _nothing_says(LinkName.SUGGESTION)
    kind = _kind_words(wrote, tools)
    if wrote.known < wrote.written:
        summary = f"{kind} on {wrote.known} of {wrote.written} commits; nothing says who or what wrote the rest."
        return Link(LinkName.SUGGESTION, Grade.UNKNOWN, summary, evidence, answers, _RECORD)
    tracked = all(one.authorship in _TRACKED for one in wrote.attributions)
    low = all(one.confidence is Confidence.LOW for one in wrote.attributions)
    mixed = any(one.mixed_possible for one in wrote.attributions)
    note = " The branch behind this squash could not be replayed: it may hold for part of it only." if mixed else ""
    grade = Grade.PROVED if tracked else Grade.UNKNOWN if low and wrote.authorship in _AI_DECLARED else Grade.STATED
    return Link(LinkName.SUGGESTION, grade, f"{kind}.{note}", evidence, answers)


def _telling(attribution: Attribution) -> tuple[Signal, ...]:
    """The signals that made the attribution what it is; all of them where none stands out."""
    wanted = _TELLING.get(attribution.authorship, frozenset())
    return tuple(signal for signal in attribution.signals if signal.proves in wanted) or attribution.signals


_AI_PROOFS = frozenset({Proves.AUTHORED, Proves.ASSISTED, Proves.SESSION})
_TELLING = {
    Authorship.AI_TRACKED: _AI_PROOFS,
    Authorship.AI_DECLARED: _AI_PROOFS,
    Authorship.AUTOMATION: frozenset({Proves.AUTOMATION}),
}
_AI_DECLARED = frozenset({Authorship.AI_DECLARED})
_RECORD = "Record who writes what as it is written (git-ai, Agent Trace), or have the tool sign its commits."


@lru_cache(maxsize=4)
def _nothing_says(name: LinkName) -> Link:
    return Link(name, Grade.UNKNOWN, "Nothing says who or what wrote it; no signal is not a human.", remedy=_RECORD)


def _kind_words(wrote: ChangeAuthorship, tools: str) -> str:
    kinds = {one.authorship for one in wrote.attributions}
    if Authorship.AI_TRACKED in kinds:
        return f"A line record names {tools or 'an AI tool'}"
    if Authorship.AI_DECLARED in kinds:
        return f"A message or identity names {tools or 'an AI tool'}"
    if Authorship.HUMAN_TRACKED in kinds:
        return "A line record says that a person typed it"
    return "An automation's account wrote it"


def _commit(
    change: Change, commits: Mapping[str, Commit], wrote: ChangeAuthorship, is_bot: Callable[[Person], bool]
) -> Link:
    names = ", ".join(person.name or person.email for person in change.authors[:3])
    more = f" and {len(change.authors) - 3} more" if len(change.authors) > 3 else ""
    signed = (
        "no signature"
        if change.signature is SignatureKind.NONE
        else f"a {change.signature.value} signature is present, not verified"
    )
    count = len(change.commits)
    what = "1 commit" if count == 1 else f"{count} commits"
    evidence = [Evidence(change.id, change.subject)]
    own = commits.get(change.id)
    if own is not None:
        evidence.append(Evidence(change.id, f"author {own.author.name} <{own.author.email}>"))
        evidence.append(Evidence(change.id, f"committer {own.committer.name} <{own.committer.email}>"))
    return Link(
        LinkName.COMMIT,
        Grade.STATED,
        f"{what} by {names}{more}; {signed}.",
        tuple(evidence),
        tuple(person for person in change.authors if not (is_bot(person) or _is_tool(person, wrote))),
    )


def _is_tool(person: Person, wrote: ChangeAuthorship) -> bool:
    """Whether a co-author is the very address by which a tool signed: a tool answers for nothing."""
    return bool(person.email) and any(
        signal.where == "trailer" and person.email in signal.text
        for one in wrote.attributions
        for signal in one.signals
    )


def _change(change: Change, remedy: str) -> Link:
    name = LinkName.CHANGE
    if change.landing is Landing.INITIAL:
        return Link(name, Grade.STATED, "The first commit: an import, with nothing before it.", _subject(change))
    if change.number is not None:
        branch = f" from {change.branch}" if change.branch and "#" not in change.branch else ""
        if change.number_basis is Basis.REF:
            summary = f"Request #{change.number}{branch}, by the forge's own ref."
            kind = Evidence(f"refs/pull/{change.number}/head", f"#{change.number}")
            return Link(name, Grade.STATED, summary, (kind, *_subject(change)))
        return Link(name, Grade.STATED, f"Request #{change.number}{branch}, by the message.", _subject(change))
    if (named := _named_otherwise(change)) is not None:
        return Link(name, Grade.STATED, named, _subject(change))
    reviewed = next((mention for mention in change.reviews if mention.kind in _REVIEW_SYSTEMS), None)
    if reviewed is not None and change.landing is not Landing.DIRECT:
        summary = "A review system's footer names the request."
        return Link(name, Grade.STATED, summary, (Evidence(reviewed.commit, reviewed.text),))
    return _unknown(name, _UNTRACED[change.landing], remedy)


def _named_otherwise(change: Change) -> str | None:
    """The request that a message names without a number of this repository: an advisory, or ``owner/name#17``."""
    branch = change.branch or ""
    if branch.startswith("GHSA-"):
        return f"The private pull request of advisory {branch}."
    in_full = "#" in branch and change.landing is Landing.MERGE
    return f"Request {branch}, by the message." if in_full else None


_REVIEW_SYSTEMS = frozenset({"differential-revision", "reviewed-on", "pr-url"})
_UNTRACED = {
    Landing.MERGE: "A branch was merged; no pull request is named.",
    Landing.SQUASH: "A squash of several commits; no pull request is named.",
    Landing.REBASE: "No pull request is named.",
    Landing.DIRECT: "No trace of a pull request: a direct push, or a rebase merge, which leaves none.",
    Landing.BOT: "An automation's commit with no trace of a pull request.",
    Landing.INITIAL: "The first commit.",
}


def _subject(change: Change) -> tuple[Evidence, ...]:
    return (Evidence(change.id, change.subject),)


def _review(reviews: Reviews, recorded_in: str, remedy: str) -> Link:
    name = LinkName.REVIEW
    if reviews.approvals:
        people = reviews.approvers
        names = ", ".join(person.name or person.email for person in people[:3])
        more = f" and {len(people) - 3} more" if len(people) > 3 else ""
        evidence = tuple(
            Evidence(mention.commit, f"{mention.kind}: {mention.text}") for mention in reviews.approvals[:_SHOWN]
        )
        return Link(name, Grade.STATED, f"A trailer names {names}{more}, who had no part in it.", evidence, people)
    evidence = tuple(
        Evidence(mention.commit, f"{mention.kind}: {mention.text}") for _, mention in reviews.rejected[:_SHOWN]
    )
    people = tuple(dict.fromkeys(mention.person for _, mention in reviews.rejected if mention.person))
    if reviews.only_by_parties:
        reasons = " and ".join(_REASONS[reason] for reason in reviews.reasons)
        return Link(name, Grade.CONTRADICTED, f"The only review named is by {reasons}.", evidence, people, _ASK)
    read = recorded_in == "commits"
    grade = Grade.MISSING if read else Grade.UNKNOWN
    open_with = _ASK if read else remedy
    if not reviews.rejected:
        if not read:
            return _unknown(name, "No review is named in git; the forge may hold one.", remedy)
        return Link(
            name, grade, "No trailer names a reviewer, and reviews are recorded in commits.", remedy=open_with
        )
    if "covers-part" in reviews.reasons:
        summary = f"A trailer names a reviewer on {reviews.covered} of {reviews.written} commits only."
    else:
        part = "" if reviews.claims_whole else ", for part of it"
        summary = f"The review named is by {' and '.join(_REASONS[reason] for reason in reviews.reasons)}{part}."
    return Link(name, grade, summary, evidence, people, open_with)


_ASK = "Have a person who had no part in it review it now, and record that review."


def _merge(change: Change, commits: Mapping[str, Commit], remedy: str) -> Link:
    name = LinkName.MERGE
    own = commits.get(change.id)
    if change.landed_by.email.casefold() in _WEB:
        if change.landing is Landing.MERGE and own is not None:
            who = own.author
            evidence = (Evidence(change.id, f"author {who.name} <{who.email}>"),)
            return Link(name, Grade.STATED, f"Merged on the forge's pages by {who.name}.", evidence, (who,))
        how = _HOW[change.landing]
        summary = f"{how} by the forge itself; who let it in is not in git."
        return Link(
            name, Grade.STATED, summary, (Evidence(change.id, f"committer {change.landed_by.name}"),), (), remedy
        )
    evidence = (Evidence(change.id, f"committer {change.landed_by.name} <{change.landed_by.email}>"),)
    signs = any(
        mention.kind == "signed-off-by" and mention.person == change.landed_by and mention.commit == change.id
        for mention in change.reviews
    )
    applied = signs and change.landing is Landing.DIRECT and change.landed_by not in change.authors
    how = "Applied and signed off" if applied else _HOW[change.landing]
    return Link(name, Grade.STATED, f"{how} by {change.landed_by.name}.", evidence, (change.landed_by,))


_HOW = {
    Landing.MERGE: "Merged",
    Landing.SQUASH: "Squashed and landed",
    Landing.REBASE: "Landed commit by commit",
    Landing.DIRECT: "Committed",
    Landing.INITIAL: "Committed",
    Landing.BOT: "Committed",
}


def _deployment(releases: Sequence[str], remedy: str) -> Link:
    if not releases:
        return _not_in_git(LinkName.DEPLOYMENT, remedy)
    return Link(
        LinkName.DEPLOYMENT,
        Grade.UNKNOWN,
        f"First in release {releases[0]}; a tag is not a deployment, and deployments are not in git.",
        tuple(Evidence(f"refs/tags/{release}", release) for release in releases[:_SHOWN]),
        remedy=remedy,
    )


def _watch(change: Change, reverted_by: Sequence[str], remedy: str) -> Link:
    if reverted_by:
        times = "" if len(reverted_by) == 1 else f" and {len(reverted_by) - 1} more"
        return Link(
            LinkName.WATCH,
            Grade.STATED,
            f"Reverted by {reverted_by[0][:12]}{times}.",
            tuple(Evidence(own, f"reverts {change.id[:12]}") for own in reverted_by[:_SHOWN]),
        )
    return _not_in_git(LinkName.WATCH, remedy)
