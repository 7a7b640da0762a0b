"""The forge's own refs for pull and merge requests: the way back from a squash to the branch."""

import re

from asbuilt.history.git import Repository

# In order of trust: what the forge wrote itself, then copies that a fetch put below a remote's name.
_FORMS = (
    re.compile(r"refs/pull/([1-9][0-9]{0,8})/head\Z"),
    re.compile(r"refs/merge-requests/([1-9][0-9]{0,8})/head\Z"),
    re.compile(
        r"refs/remotes/[^/]+/(?:pr|pull|pull-requests|merge-requests|mr)/([1-9][0-9]{0,8})(?:/head|/from)?\Z"
    ),
)


def pull_heads(repository: Repository) -> dict[int, str]:
    """The head of each pull or merge request whose ref is here, by number.

    Sources: GitHub ``refs/pull/N/head``, GitLab ``refs/merge-requests/N/head``; a fetch may have put them below
    ``refs/remotes/REMOTE/pr/N`` and the like. Where several name one number, the forge's own ref is taken.
    The objects need not be here.
    """
    listing = repository.run(
        "for-each-ref", "--format=%(refname) %(objectname)", "refs/pull", "refs/merge-requests", "refs/remotes"
    )
    found: tuple[dict[int, str], ...] = ({}, {}, {})
    for line in listing.decode("utf-8", "replace").splitlines():
        name, _, own = line.rpartition(" ")
        for form, heads in zip(_FORMS, found, strict=True):
            if match := form.fullmatch(name):
                heads.setdefault(int(match[1]), own)
                break
    forge, gitlab, copies = found
    return copies | gitlab | forge
