"""Whether what was approved before the newest head is what would land, as git recomputes it for landed changes."""

from collections.abc import Sequence

from asbuilt.app.gate_change import Pending
from asbuilt.app.gate_request import Known
from asbuilt.history.coverings import Question, prove_coverings
from asbuilt.history.git import Repository


def covered(repository: Repository, pending: Pending, approved: Sequence[str]) -> Known:
    """A row of ``coverings`` for each approved commit, held against the merge that would land.

    Args:
        repository: where the change was read; the merge's own objects are in its private folder.
        pending: the change.
        approved: ids of commits that somebody approved, other than the head.

    Raises:
        SourceError: git could not read a commit that a history needs.
    """
    asked = [Question(commit, pending.merge, pending.head) for commit in approved]
    rows = [
        {
            "repository": pending.repository,
            "commit": answer.commit,
            "change_id": pending.head,
            "covers": answer.covers,
            "how": answer.how,
        }
        for answer in prove_coverings(repository, asked)
    ]
    return Known({"coverings": rows}, frozenset(), (), "git")
