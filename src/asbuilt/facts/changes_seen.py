"""Rows of ``changes_seen`` and ``ai_tools_seen`` as git alone tells them."""

from collections.abc import Iterable, Mapping
from typing import Any

from asbuilt.model.attribution import Attribution, Authorship, Replay, SquashReplay
from asbuilt.model.chain import Chain, Grade, LinkName
from asbuilt.model.change import Change, Landing
from asbuilt.model.commit import Commit, Person, moment
from asbuilt.model.inspection import ToolTotal
from asbuilt.model.text import visible

LONGEST = 300  # characters of a subject or a path; the rest is in git
LONGEST_NAME, LONGEST_ADDRESS = 120, 170
# Bytes of a list: an entry of the ledger is bounded, and a merge may bring ten thousand commits.
OF_PARTICIPANTS, OF_PATHS = 36_000, 12_000

_EXACT = frozenset({Replay.IDENTITY, Replay.PATCH_ID, Replay.MERGE_TREE})
_AI = frozenset({Authorship.AI_TRACKED, Authorship.AI_DECLARED})
# Columns of a row of ``changes`` that a row of ``changes_seen`` has too, as they are.
_AS_THEY_ARE = (
    "change_id",
    "number",
    "landing",
    "attribution",
    "came_by_pull_request",
    "request_mentions",
    "emergency",
    "ai_tool_named",
    "attribution_conflict",
)


def seen_change(
    change: Change,
    judged: Mapping[str, Any],
    *,
    repository: str,
    attributions: Mapping[str, Attribution],
    commits: Mapping[str, Commit],
    replay: SquashReplay | None,
    touched: frozenset[str],
    chain: Chain | None = None,
) -> dict[str, object]:
    """One row of ``changes_seen``; texts are shown safely, and what git does not tell is not there.

    Args:
        change: as git shows it.
        judged: its row of ``changes`` (``change_facts``).
        repository: ``owner/name``.
        attributions: by commit.
        commits: by id, the branch commits of replayed squashes among them.
        replay: the squash's replay, where the change is one.
        touched: kinds of paths that it changes (``history.touched``).
        chain: as git states it; None leaves its columns out.
    """
    return {
        **{name: judged[name] for name in _AS_THEY_ARE},
        "repository": repository,
        "landed_at": written(change.landed_at),
        "subject": visible(change.subject, LONGEST).strip() or "(no message)",
        "author": _shown(change.authors[0] if change.authors else change.landed_by),
        "participants": bounded(
            dict.fromkeys(_shown(person) for person in _participants(change, attributions, commits, replay)),
            OF_PARTICIPANTS,
        ),
        "head_commit": merged_head(change, commits, replay),
        "stated_approvals": judged["independent_human_approvals"],
        "stated_rejections": judged["approvals_rejected_for"] or None,
        **(_stated(chain) if chain is not None else {}),
        "guarded_paths": bounded((visible(path, LONGEST) for path in change.guarded), OF_PATHS) or None,
        "touches_prompts": "prompts" in touched,
        "touches_infrastructure": "infrastructure" in touched,
        "touches_migrations": "migrations" in touched,
        "touches_dependencies": "dependencies" in touched,
    }


def _stated(chain: Chain) -> dict[str, object]:
    """What of a chain its links' grades rest on and no other column tells."""
    review = chain.link(LinkName.REVIEW)
    approvers = review.people if review.grade is Grade.STATED else ()
    landed_by = chain.link(LinkName.MERGE).people
    return {
        "stated_approvers": bounded(map(_shown, approvers), OF_PATHS) or None,
        "landed_by": _shown(landed_by[0]) if landed_by else None,
        "suggestion_grade": chain.link(LinkName.SUGGESTION).grade.value,
    }


def seen_tools(totals: Iterable[ToolTotal], *, tip_at: int) -> list[dict[str, object]]:
    """Rows of ``ai_tools_seen``: what history shows of a tool, and that files set it up; times are git's.

    ``tip_at`` is the time of the commit whose tree was read: what stands in a tree was seen then.
    """
    rows: list[dict[str, object]] = []
    for total in totals:
        named = {
            "tool": total.tool,
            "name": visible(total.name, LONGEST) or None,
            "vendor": visible(total.vendor, LONGEST) or None,
        }
        if total.commits or total.branch_commits or total.lines:
            last = tip_at if total.last_seen is None else total.last_seen
            first = None if total.first_seen is None else written(total.first_seen)
            counts = {"commits": total.commits + total.branch_commits, "lines": total.lines}
            rows.append({**named, "seen_in": "git", "seen_at": written(last), "first_seen_at": first, **counts})
        if total.configured:
            rows.append({**named, "seen_in": "configuration", "seen_at": written(tip_at)})
    return rows


def written(seconds: int) -> str:
    """Unix seconds as payloads write them."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def bounded(items: Iterable[str], most: int) -> list[str]:
    """The items; of more than ``most`` bytes the first, and how many there are besides."""
    kept = list(items)
    taken = 0
    for number, item in enumerate(kept):
        taken += len(item.encode()) + 3
        if taken > most:
            return [*kept[:number], f"(and {len(kept) - number:,} more)"]
    return kept


def _participants(
    change: Change,
    attributions: Mapping[str, Attribution],
    commits: Mapping[str, Commit],
    replay: SquashReplay | None,
) -> Iterable[Person]:
    """Authors, co-authors and committers, of the branch behind a squash too, and who drove an agent."""
    yield from change.authors
    yield from change.committers
    branch = replay.commits if replay is not None else ()
    for own in (*change.commits, *branch):
        known = attributions.get(own)
        if known is not None and known.authorship in _AI and known.answers is not None:
            yield known.answers
    for own in branch:
        if own in commits:
            yield commits[own].author


def merged_head(change: Change, commits: Mapping[str, Commit], replay: SquashReplay | None) -> str | None:
    """The head that a merge brought in, or that a squash holds exactly: what was pushed later was not merged."""
    own = commits.get(change.id)
    if change.landing is Landing.MERGE and own is not None and len(own.parents) == 2:
        return own.parents[1]
    return replay.head if replay is not None and replay.replay in _EXACT else None


def _shown(person: Person) -> str:
    return f"{visible(person.name, LONGEST_NAME)} <{visible(person.email, LONGEST_ADDRESS)}>".strip()
