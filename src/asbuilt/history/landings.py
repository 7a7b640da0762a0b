"""How each step of a branch landed: merge, squash, rebase, direct push, initial import, bot.

A mark in the message is a statement. A ref of the forge can confirm it, refute it (``(#12)`` at the end of a
subject is an issue's number when the refs of nearly all pull requests are here and none is 12), or prove what no
message says.
"""

import re
from collections.abc import Callable, Mapping

import msgspec

from asbuilt.history.git import Repository
from asbuilt.history.mainline import Mainline
from asbuilt.history.messages import PullRequest, is_squash_body, read_pull_request, split_message
from asbuilt.history.people import People
from asbuilt.history.pull_proofs import prove_by_pulls
from asbuilt.model.change import Basis, Landing
from asbuilt.model.commit import Commit

# The committers of what GitHub's and GitLab's web pages and APIs merge: machines that act for somebody.
WEB_FLOW = frozenset({"noreply@github.com", "noreply@gitlab.com"})
_BRANCH = re.compile(r"Merge (?:remote[- ](?:tracking )?)?branch '(?:refs/remotes/)?([^']+)'")
# The tip of such a branch may be the head of somebody's stray pull request, which then did not bring it.
_LONG_LIVED = re.compile(
    r"main|master|trunk|devel|develop|dev|next|maint|stable|release|.*-(?:maintenance|stable|release)|v?\d+(?:[._]\w+)*"
)
_ONE_BY_ONE = frozenset({"gerrit"})  # systems in which a request is one commit, put on top as it is


class Landed(msgspec.Struct, frozen=True):
    """How one step landed; ``parent`` is its first parent, None at a root and where history is cut off."""

    landing: Landing
    parent: str | None
    number: int | None = None
    basis: Basis | None = None
    branch: str | None = None
    style: str | None = None


def judge_landings(
    repository: Repository,
    line: Mainline,
    known: Mapping[str, Commit],
    *,
    is_automation: Callable[[Commit], bool],
    heads: Mapping[int, str],
    people: People,
) -> dict[str, Landed]:
    """How each step landed."""
    marks: dict[str, PullRequest | None] = {}
    for step in line.steps:
        subject, body = split_message(known[step].message)
        marks[step] = read_pull_request(subject, body)
    refuting = _all_heads_here(line, known, marks, heads)
    by_head: dict[str, list[int]] = {}
    for number, head in heads.items():
        by_head.setdefault(head, []).append(number)
    landed: dict[str, Landed] = {}
    plain: list[Commit] = []
    for step in line.steps:
        commit = known[step]
        mark = marks[step]
        parents = len(commit.parents) or _parents_cut_off(repository, commit)
        parent = commit.parents[0] if commit.parents else None
        if parents == 0:
            landed[step] = Landed(Landing.INITIAL, None)
        elif parents > 1:
            landed[step] = (
                Landed(Landing.DIRECT, parent)
                if step in line.syncs and mark is None
                else _merge(commit, parent, mark, brought=line.brought[step], heads=heads, by_head=by_head)
            )
        else:
            how = _single(commit, parent, mark, heads, refuting=refuting)
            if how is None:
                how = Landed(Landing.BOT if is_automation(commit) else Landing.DIRECT, parent)
                if parent is not None:
                    plain.append(commit)
            landed[step] = how
    told = {
        how.number for how in landed.values()
    }  # a request lands once: one that a message names is found already
    open_heads = {number: head for number, head in heads.items() if number not in told}
    for step, proof in prove_by_pulls(repository, plain, known, open_heads, people).items():
        landing = Landing.SQUASH if proof.squash else Landing.REBASE
        landed[step] = Landed(landing, landed[step].parent, proof.number, Basis.REF)
    return landed


def _merge(
    commit: Commit,
    parent: str | None,
    mark: PullRequest | None,
    *,
    brought: tuple[str, ...],
    heads: Mapping[int, str],
    by_head: Mapping[str, list[int]],
) -> Landed:
    if mark is not None and mark.number is not None:
        head = heads.get(mark.number) if mark.style != "gerrit" else None
        basis = Basis.REF if head is not None and head in brought[:-1] else Basis.MESSAGE
        return Landed(Landing.MERGE, parent, mark.number, basis, mark.branch, mark.style)
    branch = _BRANCH.match(commit.subject)
    source = branch[1] if branch else mark.branch if mark else None
    numbers = by_head.get(commit.parents[1], []) if len(commit.parents) == 2 else []
    own = branch is not None and not _LONG_LIVED.fullmatch(branch[1].split("/")[-1])
    if len(numbers) == 1 and (own or _by_web(commit)):
        return Landed(Landing.MERGE, parent, numbers[0], Basis.REF, source)
    # A request named in full (`owner/name#17`) is one of this repository when its own ref's head was merged.
    if source is not None and (named := source.rpartition("#")[2]).isdecimal() and int(named) in numbers:
        return Landed(Landing.MERGE, parent, int(named), Basis.REF, source, "github")
    return Landed(Landing.MERGE, parent, None, None, source, mark.style if mark else None)


def _single(
    commit: Commit, parent: str | None, mark: PullRequest | None, heads: Mapping[int, str], *, refuting: bool
) -> Landed | None:
    if mark is None:
        # A squash whose title lost the number, or `git merge --squash`: the body still lists the commits.
        squashed = is_squash_body(split_message(commit.message)[1], by_forge=_by_web(commit))
        return Landed(Landing.SQUASH, parent) if squashed else None
    if mark.style == "github" and mark.single and refuting and mark.number not in heads and not _by_web(commit):
        return None
    single = mark.single or (mark.style not in _ONE_BY_ONE and not _names_url_only(commit, mark))
    return Landed(
        Landing.SQUASH if single else Landing.REBASE,
        parent,
        mark.number,
        Basis.MESSAGE if mark.number is not None else None,
        mark.branch,
        mark.style,
    )


def _names_url_only(commit: Commit, mark: PullRequest) -> bool:
    """Whether only a trailer with the request's address names it: tools that put each commit on top write those."""
    return mark.number is not None and str(mark.number) not in commit.subject and not mark.branch


def _by_web(commit: Commit) -> bool:
    return commit.committer.email.casefold() in WEB_FLOW


def _all_heads_here(
    line: Mainline, known: Mapping[str, Commit], marks: Mapping[str, PullRequest | None], heads: Mapping[int, str]
) -> bool:
    """Whether the pull refs here are nearly complete, judged by the requests that the forge itself merged."""
    if not heads:
        return False
    sure = [
        mark.number in heads
        for step in line.steps
        if (mark := marks[step]) is not None
        and mark.style == "github"
        and (_by_web(known[step]) or not mark.single)
    ]
    return bool(sure) and sum(sure) * 10 >= len(sure) * 9


def _parents_cut_off(repository: Repository, commit: Commit) -> int:
    """How many parents the object of a parentless commit names: more than none at a shallow or graft boundary."""
    if not (repository.shallow or repository.grafted):
        return 0
    head = repository.run("cat-file", "commit", commit.id).partition(b"\n\n")[0]
    return sum(row.startswith(b"parent ") for row in head.split(b"\n"))
