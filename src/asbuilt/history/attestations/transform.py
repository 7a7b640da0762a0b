"""What became of a reviewed head when it landed, recomputed: never taken from anybody's word.

1. What landed is the head itself: *identity*.
2. No head is known, or it is not among the objects: *unverifiable*.
3. The same tree: *replay*, whatever way it took.
4. git's own merge of base and head gives the tree that landed: *replay*.
5. The patch is the same (``history.squash``, step 2 and 5): *replay*.
6. Anything else: *residual*: what landed holds more or less than what was reviewed.
"""

from asbuilt.history.commits import read_commit_set
from asbuilt.history.git import Repository
from asbuilt.history.graph import present_commits
from asbuilt.history.squash import merged_tree, replay_squashes
from asbuilt.model.attestation import MergeTransform
from asbuilt.model.attribution import Replay
from asbuilt.model.commit import Commit

_EXACT = frozenset({Replay.IDENTITY, Replay.PATCH_ID, Replay.MERGE_TREE})


def recompute_merge(repository: Repository, commit: str, head: str | None) -> MergeTransform:
    """How a reviewed head became a commit on the branch.

    Raises:
        SourceError: the commit is not here.
    """
    landed = read_commit_set(repository, [commit])[commit]
    trees = present_commits(repository, [head]) if head else {}
    kind = _kind(landed, head)

    def told(result: str, *, expected: str | None = None, clean: bool | None = None, by: str) -> MergeTransform:
        return MergeTransform(
            kind=kind,
            result=result,
            reviewed_head=head,
            base_at_merge=landed.parents[0] if landed.parents else None,
            parents=landed.parents,
            tree=landed.tree,
            expected_tree=expected,
            replay_clean=clean,
            strategy=by,
            git_version=".".join(map(str, repository.git_version)),
        )

    # (1)
    if head == commit:
        return told("identity", expected=landed.tree, clean=True, by="same commit")
    # (2)
    if head is None or head not in trees or not landed.parents:
        return told("unverifiable", by="none")
    # (3)
    if trees[head] == landed.tree:
        return told("replay", expected=landed.tree, clean=True, by="same tree")
    # (4)
    expected = merged_tree(repository, landed.parents[0], head)
    if expected == landed.tree:
        return told("replay", expected=expected, clean=True, by="git merge-tree")
    # (5)
    if len(landed.parents) == 1:
        found = replay_squashes(repository, [landed], {commit: 0}, {0: head}).get(commit)
        if found is not None and found.replay in _EXACT:
            return told("replay", expected=landed.tree, clean=True, by=found.replay.value)
    # (6)
    return told("residual", expected=expected, clean=False, by="git merge-tree")


def _kind(landed: Commit, head: str | None) -> str:
    if head == landed.id:
        return "identity"
    if len(landed.parents) > 1:
        return "merge-commit"
    return "squash" if head is not None and landed.parents else "unknown"
