"""Whether what was approved before the newest head is what would land, as git recomputes it for landed changes."""

from collections.abc import Sequence

from asbuilt.app.gate_change import Pending
from asbuilt.app.gate_request import Known
from asbuilt.history.coverings import Question, prove_coverings
from asbuilt.history.git import Repository


def covered(
    repository: Repository, pending: Pending, approved: Sequence[str], queued_head: str | None = None
) -> Known:
    """A row of ``coverings`` for each approved commit, held against the merge that would land.

    Args:
        repository: where the change was read; the merge's own objects are in its private folder.
        pending: the change.
        approved: ids of commits that somebody approved, other than the head.
        queued_head: the request's head, where the head that is judged is what a merge queue made of it.

    Raises:
        SourceError: git could not read a commit that a history needs.
    """
    asked = [Question(commit, pending.merge, queued_head or pending.head) for commit in approved]
    rows = [
        {
            "repository": pending.repository,
            "commit": answer.commit,
            "change_id": pending.head,
            # What a queue made of a head must be proved to be that head's: it is nothing that a person saw.
            "covers": bool(answer.covers) if answer.commit == queued_head else answer.covers,
            "how": answer.how,
        }
        for answer in prove_coverings(repository, asked)
    ]
    return Known({"coverings": rows}, frozenset(), (), "git")
