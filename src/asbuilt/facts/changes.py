"""Rows of the ``changes`` table, from git alone.

What the forge would tell is NULL. Where the policy says that reviews are recorded in commits, a missing trailer is
a zero: the source was read, and it is not there.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from asbuilt.facts.authorship import ChangeAuthorship, authorship_of
from asbuilt.facts.reviews import Reviews, judge_reviews, nobody
from asbuilt.model.attribution import Attribution, Authorship, SquashReplay
from asbuilt.model.chain import Chain, Grade, LinkName
from asbuilt.model.change import Change, Landing
from asbuilt.model.commit import Commit, Person, moment

# Mentions that name a request; a mention of another pull request is not one.
REQUESTS = frozenset({"issue", "ticket", "change-request"})
# Columns that git alone says nothing about.
FORGE_ONLY = (
    "repository",
    "merged_by",
    "head_commit",
    "request_author",
    "opened_at",
    "changed_lines",
    "bypassed_rules",
    "request_older",
    "static_analysis_succeeded",
    "isolation_tests_succeeded",
    "evaluation_succeeded",
    "has_dependency_scan",
    "has_secret_scan",
    "touches_prompts",
    "touches_infrastructure",
    "touches_migrations",
    "touches_dependencies",
    "deployed_at",
    "record",
)
_AI = frozenset({Authorship.AI_TRACKED, Authorship.AI_DECLARED})


def change_facts(
    changes: Iterable[Change],
    chains: Mapping[str, Chain],
    attributions: Mapping[str, Attribution],
    *,
    same_person: Callable[[Person, Person], bool],
    is_bot: Callable[[Person], bool] = nobody,
    recorded_in: str = "forge",
    commits: Mapping[str, Commit] | None = None,
    replays: Mapping[str, SquashReplay] | None = None,
) -> list[dict[str, Any]]:
    """One row for each change, in the order given; columns as ``schemas.TABLES["changes"]`` declares them.

    Args:
        changes: what reached the branch.
        chains: by change id; what a link has proved wins over what git alone can say.
        attributions: by commit.
        same_person: whether two spellings are one human.
        is_bot: whether no human types with an account.
        recorded_in: ``commits`` when the company records its reviews in commit messages, else ``forge``.
        commits: by id, for telling merges from commits that write (see ``judge_reviews``).
        replays: by squash commit.
    """
    return [
        _row(
            change,
            chain=chains.get(change.id),
            wrote=authorship_of(change, attributions, replay=(replays or {}).get(change.id), commits=commits),
            reviews=judge_reviews(
                change, same_person=same_person, is_bot=is_bot, attributions=attributions, commits=commits
            ),
            recorded_in=recorded_in,
        )
        for change in changes
    ]


def _row(
    change: Change, *, chain: Chain | None, wrote: ChangeAuthorship, reviews: Reviews, recorded_in: str
) -> dict[str, Any]:
    author = change.authors[0] if change.authors else change.landed_by
    mentions = sum(mention.kind in REQUESTS for mention in change.requests)
    approvals = _approvals(reviews, recorded_in)
    return {
        "change_id": change.id,
        "number": change.number,
        "landed_at": moment(change.landed_at),
        "landing": change.landing.value,
        "subject": change.subject,
        "author": f"{author.name} <{author.email}>",
        "attribution": wrote.authorship.value,
        "is_initial_import": change.landing is Landing.INITIAL,
        "automation_only": wrote.authorship is Authorship.AUTOMATION,
        "came_by_pull_request": True if _by_request(change, chain) else None,
        "review_verdict": _verdict(change, approvals),
        "independent_human_approvals": approvals,
        "approvers": [person.name for person in reviews.approvers],
        "approved_at": None,
        "approvals_given": approvals,
        "approvals_rejected_for": list(reviews.reasons),
        "rejected_approvals": sorted(
            {f"{mention.person.name}: {reason}" for reason, mention in reviews.rejected if mention.person}
        ),
        "review_signals": [],
        "agent_under_login": [],
        "request_conflicts": [],
        "approval_covers_merged": None,
        "checks_succeeded": None,
        "request_mentions": mentions or None,
        "emergency": change.emergency,
        "after_reviewed": None,
        "after_review_business_days": None,
        "ai_tool_named": bool(wrote.tools) if wrote.authorship in _AI else None,
        "attribution_conflict": wrote.conflict is not None,
        "touches_guarded_paths": bool(change.guarded),
        "guarded_paths": list(change.guarded),
        "guarded_owner_approved": None,
        **dict.fromkeys(FORGE_ONLY),
    }


def _by_request(change: Change, chain: Chain | None) -> bool:
    """Whether a message or a ref names the request that brought the change."""
    if change.landing is Landing.INITIAL:
        return False
    if chain is not None:
        return chain.link(LinkName.CHANGE).grade in {Grade.PROVED, Grade.STATED}
    return change.number is not None


def _approvals(reviews: Reviews, recorded_in: str) -> int | None:
    if reviews.approvals:
        return len(reviews.approvers)
    if recorded_in == "commits" or reviews.only_by_parties:
        return 0
    return None


def _verdict(change: Change, approvals: int | None) -> str:
    """As ``derived/changes.sql`` says it; what came after the landing git does not know."""
    if change.landing is Landing.INITIAL:
        return "exempt"
    if approvals is None:
        return "unknown"
    return "reviewed" if approvals else "not-reviewed"
