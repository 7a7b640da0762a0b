"""The review and the decision chain of a commit, written as signed statements.

1. Find the change, and its chain with what the ledger knows of it.
2. Recompute what became of the reviewed head when it landed.
3. Bind each approval and each check to the tree that it was given for.
4. Write both statements, signed with the ledger's key.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from asbuilt.app.chain_facts import LedgerFacts, Meant, open_ledger_facts, seconds_of, utc
from asbuilt.app.trace import trace
from asbuilt.facts.authorship import authorship_of
from asbuilt.facts.forge_chain import Row, Told
from asbuilt.history.attestations.envelope import STATEMENT, sign_envelope
from asbuilt.history.attestations.transform import recompute_merge
from asbuilt.history.commits import read_commit_set
from asbuilt.history.git import Repository, open_repository
from asbuilt.history.graph import present_commits
from asbuilt.ledger.keys import load_key
from asbuilt.model.attestation import Approval, CheckRun, MergeTransform
from asbuilt.model.commit import Commit
from asbuilt.model.errors import UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.trace import Step
from asbuilt.reports.attestations import chain_statement, review_statement

_APPROVALS: Final = frozenset({"approved", "dismissed"})


class Written(msgspec.Struct, frozen=True):
    """Both envelopes as JSON lines, and what the review came to."""

    envelopes: tuple[bytes, ...]
    commit: str
    verdict: str
    transform: MergeTransform


def write_statements(
    target: str, *, path: str | os.PathLike[str] = ".", ledger: Path, on: Listener = silent
) -> Written:
    """The review and the chain of the change behind a commit, each as a signed in-toto statement.

    Args:
        target: a commit or a tag; the change that brought it to the branch is meant.
        path: a folder inside the repository.
        ledger: whose key signs, and which knows what the forge said.
        on: hears of progress.

    Raises:
        UsageError: it is no commit of this branch, or there is no ledger.
        SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    # (1)
    found = trace(target, path=path, ledger=ledger, on=on)
    if len(found.steps) != 1 or found.steps[0].change is None or found.steps[0].runs:
        raise UsageError(
            f"{target!r} is no single commit.", fix="Name one commit or tag; `asbuilt trace` shows those of lines."
        )
    step = found.steps[0]
    with open_repository(path) as repository, open_ledger_facts(ledger, on) as facts:
        own = step.chain.change
        commits = read_commit_set(repository, [own])
        told = _told(facts, step, _merged_head(commits[own]))
        # (2)
        transform = recompute_merge(repository, own, _head_of(step, told) or _merged_head(commits[own]))
        # (3)
        trees = present_commits(repository, _bound(told))
        wrote = authorship_of(
            step.change,  # type: ignore[arg-type]  # looked at above
            {one.commit: one for one in step.attributions},
            replay=step.replay,
            commits=commits,
        )
        review = review_statement(
            own,
            _name(told, repository),
            transform=transform,
            approvals=tuple(_approvals(told, trees)),
            checks=tuple(_checks(told, trees)),
            verdict=_verdict(told),
            authorship=wrote.authorship.value,
            tools=wrote.tools,
            operators=sorted(
                {f"{one.answers.name} <{one.answers.email}>" for one in wrote.attributions if one.answers}
            ),
        )
        chain = chain_statement(own, transform.tree, _name(told, repository), step.chain)
    # (4)
    key = load_key(ledger)
    signers = [(f"{key.verifier.name}+{key.verifier.key_id.hex()}", key.sign)]
    envelopes = tuple(sign_envelope(STATEMENT, payload, signers) for payload in (review, chain))
    return Written(envelopes, own, _verdict(told), transform)


def _told(facts: LedgerFacts, step: Step, merged: str | None) -> Told | None:
    change = step.change
    if change is None:
        return None
    repository = facts.repository_of([change.id], None)
    if repository is None:
        return None
    head = step.replay.head if step.replay else merged
    return next(iter(facts.told_of([Meant(change.id, repository, change.number, head, utc(change.landed_at))])))


def _name(told: Told | None, repository: Repository) -> str:
    return told.repository if told is not None else (repository.work_tree or repository.common_dir).name


def _head_of(step: Step, told: Told | None) -> str | None:
    """The head that was reviewed: the forge's word, else the one that the replay found, else a merge's own."""
    if told is not None and told.landed_as is not None and (head := told.landed_as.get("head_commit")):
        return str(head)
    if step.replay is not None and step.replay.head:
        return step.replay.head
    if told is not None and told.change.get("head_commit"):
        return str(told.change["head_commit"])
    return None


def _merged_head(landed: Commit) -> str | None:
    """Of a merge commit the head that it merged, as its own shape says."""
    return landed.parents[1] if len(landed.parents) == 2 else None


def _bound(told: Told | None) -> list[str]:
    rows: Iterable[Row] = () if told is None else (*told.reviews, *told.checks)
    return [str(row["commit"]) for row in rows if row["commit"]]


def _approvals(told: Told | None, trees: dict[str, str]) -> Iterator[Approval]:
    if told is None:
        return
    fails: dict[str, list[str]] = {}
    for pair in told.change.get("rejected_approvals") or ():
        who, _, test = str(pair).rpartition(": ")
        fails.setdefault(who, []).append(test)
    rows = [row for row in told.reviews if row["state"] in _APPROVALS]
    for row in sorted(rows, key=lambda own: (own["submitted_at"], own["review_id"])):
        who = row["reviewer"] or "(an account that is gone)"
        commit = row["commit"]
        named = [*fails.get(who, ()), *(["dismissed"] if row["state"] == "dismissed" else [])]
        yield Approval(who, commit, trees.get(commit or ""), seconds_of(row["submitted_at"]), _once(named))


def _checks(told: Told | None, trees: dict[str, str]) -> Iterator[CheckRun]:
    rows: Sequence[Row] = () if told is None else told.checks
    for row in sorted(rows, key=lambda own: (own["name"], own["check_id"])):
        yield CheckRun(row["name"], row["commit"], trees.get(row["commit"]), row["conclusion"], row.get("app"))


def _verdict(told: Told | None) -> str:
    verdict: Any = None if told is None else told.change.get("review_verdict")
    return str(verdict) if verdict else "unknown"


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
