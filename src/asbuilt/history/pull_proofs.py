"""Which plain commits a pull request's ref proves to have come by it.

A forge that rebases or squashes leaves plain commits behind, and often no word of the pull request. Where
``refs/pull/N/head`` is here, it can be proved, never guessed:

1. *copied*: a commit of the branch has the same author, author date and message, was committed no later (so that a
   backport of the plain commit, made afterwards, does not explain it), and makes the same change (equal blobs
   before and after, or equal ``patch-id``);
2. *same tree*: the head's tree is the plain commit's tree, the same person wrote both, and the head was committed
   no later: a squash. (Two people mend one typo in the same way within minutes: equal trees alone prove nothing.)

What two pull requests explain equally well is explained by neither.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence

import msgspec

from asbuilt.history.commits import read_commit_set
from asbuilt.history.git import Repository
from asbuilt.history.people import People
from asbuilt.model.commit import Commit, Person

_BATCH = 400  # commits whose patches are held in memory at once

_AUTHORED = re.compile(rb"\Atree ([0-9a-f]+)\n(?:parent [0-9a-f]+\n)*author [^\n]*> (-?\d+) [^\n]*\n")


class Proof(msgspec.Struct, frozen=True):
    """The pull request that a ref proves a plain commit to have come by."""

    number: int
    squash: bool


def prove_by_pulls(
    repository: Repository,
    plain: Sequence[Commit],
    known: Mapping[str, Commit],
    heads: Mapping[int, str],
    people: People,
) -> dict[str, Proof]:
    """For each plain commit that exactly one pull request explains: which, and how.

    Args:
        repository: where the heads are.
        plain: single-parent steps of the branch without a pull request's mark, newest first.
        known: all commits read so far, by id.
        heads: pull request number -> head commit.
        people: who is who; the heads' authors are taken in.
    """
    outside = {number: head for number, head in heads.items() if head not in known}
    if not plain or not outside:
        return {}
    read = read_commit_set(repository, _likely(repository, sorted(set(outside.values())), plain))
    there = {number: read[head] for number, head in outside.items() if head in read}
    pairs = _pair_heads(plain, known, there, people)
    claims: dict[str, set[Proof]] = {}
    tops: list[tuple[Commit, Commit, int]] = []
    for number, (landed, squash, head) in pairs.items():
        if squash:
            claims.setdefault(landed.id, set()).add(Proof(number, squash=True))
        else:
            tops.append((landed, head, number))
    copies = _runs(repository, tops, {commit.id: commit for commit in plain}, known)
    same = _same_patches(repository, {(a, b) for a, b, _ in copies})
    for landed_id, branch_id, number in copies:
        if (landed_id, branch_id) in same:
            claims.setdefault(landed_id, set()).add(Proof(number, squash=False))
    return {own: next(iter(found)) for own, found in claims.items() if len({proof.number for proof in found}) == 1}


def _likely(repository: Repository, heads: Sequence[str], plain: Sequence[Commit]) -> list[str]:
    """The heads whose author date or tree a plain commit has: few of many, so the others are never parsed."""
    times = {str(commit.author_time).encode() for commit in plain}
    trees = {commit.tree.encode() for commit in plain}
    found = []
    with tempfile.TemporaryFile() as names:
        names.write(("\n".join(heads) + "\n").encode())
        names.seek(0)
        with repository.stream("cat-file", "--batch", "--buffer", stdin=names) as stream:
            for head in heads:
                about = stream.readline().split(b" ")
                if len(about) != 3:  # "<id> missing": a pull ref whose commit was not fetched
                    continue
                body = stream.read(int(about[2]) + 1)
                author = _AUTHORED.search(body)
                if author and (author[2] in times or author[1] in trees):
                    found.append(head)
    return found


def _pair_heads(
    plain: Sequence[Commit],
    known: Mapping[str, Commit],
    heads: Mapping[int, Commit],
    people: People,
) -> dict[int, tuple[Commit, bool, Commit]]:
    """Each pull request's head with the plain commit it may have become: (plain commit, by tree, head)."""
    people.learn(head.author for head in heads.values())
    written: dict[tuple[Person, int, str], Commit] = {}
    trees: dict[str, Commit] = {}
    for commit in plain:
        written.setdefault(_written(commit), commit)
        parent = known.get(commit.parents[0])
        if parent is not None and parent.tree != commit.tree:
            trees.setdefault(commit.tree, commit)
    pairs: dict[int, tuple[Commit, bool, Commit]] = {}
    for number, head in heads.items():
        landed = written.get(_written(head))
        if landed is not None and head.commit_time <= landed.commit_time:
            pairs[number] = (landed, False, head)
            continue
        landed = trees.get(head.tree)
        if (
            landed is not None
            and head.commit_time <= landed.commit_time
            and people.same(landed.author, head.author)
        ):
            pairs[number] = (landed, True, head)
    return pairs


def _runs(
    repository: Repository,
    tops: Sequence[tuple[Commit, Commit, int]],
    plain: Mapping[str, Commit],
    known: Mapping[str, Commit],
) -> list[tuple[str, str, int]]:
    """(plain commit, branch commit, number), from each head downwards as long as both sides go on alike."""
    found: list[tuple[str, str, int]] = []
    while tops:
        alike = [
            (here, there, number)
            for here, there, number in tops
            if len(there.parents) == 1
            and _written(here) == _written(there)
            and there.commit_time <= here.commit_time
        ]
        found.extend((here.id, there.id, number) for here, there, number in alike)
        below = [
            (plain[here.parents[0]], there.parents[0], number)
            for here, there, number in alike
            if here.parents[0] in plain and there.parents[0] not in known
        ]
        read = read_commit_set(repository, sorted({own for _, own, _ in below}))
        tops = [(here, read[own], number) for here, own, number in below if own in read]
    return found


def _written(commit: Commit) -> tuple[Person, int, str]:
    return commit.author, commit.author_time, commit.message.strip()


def _same_patches(repository: Repository, pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs whose two commits make the same change to their parents, and make one at all."""
    if not pairs:
        return set()
    raw = _raw_diffs(repository, sorted({own for pair in pairs for own in pair}))
    same = {(a, b) for a, b in pairs if raw.get(a) and raw.get(a) == raw.get(b)}
    rest = sorted((a, b) for a, b in pairs - same if raw.get(a) and raw.get(b))
    for at in range(0, len(rest), _BATCH):
        batch = rest[at : at + _BATCH]
        ids = _patch_ids(repository, sorted({own for pair in batch for own in pair}))
        same.update((a, b) for a, b in batch if a in ids and ids[a] == ids.get(b))
    return same


def _raw_diffs(repository: Repository, ids: Sequence[str]) -> dict[str, tuple[bytes, ...]]:
    said = repository.run(
        "diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--always", "--root",
        stdin=("\n".join(ids) + "\n").encode(),
    )  # fmt: skip
    found: dict[str, list[bytes]] = {}
    parts = iter(said.split(b"\0"))
    own: list[bytes] = []
    for part in parts:
        if part.startswith(b":"):
            own += (part, next(parts, b""))
        elif part:
            own = found.setdefault(part.decode("ascii", "replace"), [])
    return {commit: tuple(entries) for commit, entries in found.items()}


def _patch_ids(repository: Repository, ids: Sequence[str]) -> dict[str, str]:
    patches = repository.run(
        "diff-tree", "--stdin", "-r", "-p", "--no-renames", "--no-ext-diff", "--no-textconv", "--full-index",
        "--binary",
        stdin=("\n".join(ids) + "\n").encode(),
    )  # fmt: skip
    said = repository.run("patch-id", "--stable", stdin=patches).decode("ascii", "replace")
    return {own: patch for patch, _, own in (line.partition(" ") for line in said.splitlines())}
