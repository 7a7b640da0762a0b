"""Changes: what reached the branch, one first-parent step at a time."""

from enum import StrEnum

import msgspec

from asbuilt.model.commit import Person, SignatureKind


class Landing(StrEnum):
    """How a change came in, by the shape that git shows."""

    MERGE = "merge"  # a merge commit that brings a branch
    SQUASH = "squash"  # one commit with the mark of a forge's squash
    REBASE = "rebase"  # a run of commits that one pull request brought without a merge commit
    DIRECT = "direct"  # a plain commit with no trace of a pull request
    INITIAL = "initial"  # the first commit: an import
    BOT = "bot"  # a plain commit of a known automation


class Basis(StrEnum):
    """What a statement rests on."""

    MESSAGE = "message"  # text in a commit that anyone could have typed
    REF = "ref"  # a ref of the forge in this repository (refs/pull/N/head)
    SHAPE = "shape"  # the form of the history alone


class Mention(msgspec.Struct, frozen=True):
    """Something that a message names: a ticket, a reviewer, a pull request.

    ``kind`` is the trailer's key in lower case (``reviewed-by``) or ``ticket``, ``issue``, ``pull-request``;
    ``commit`` the commit whose message says it; ``text`` what stands there; ``person`` where it names one.
    """

    kind: str
    text: str
    commit: str
    person: Person | None = None


class Change(msgspec.Struct, frozen=True):
    """One step of the first-parent history, with everything git tells of it.

    ``id`` is the commit on the branch (of a rebase run: the last); ``commits`` all commits that the change brought,
    itself included, oldest first; ``number`` the pull or merge request, when a subject or a ref names one, and
    ``number_basis`` what that rests on. ``branch`` is the source branch a merge subject names.
    ``landed_at`` is Unix seconds (committer's clock). People are as canonical as mailmap makes them.
    ``committers`` are those who put the change's commits in place before it landed: who merged or landed it, and a
    forge that acted for somebody, are not among them.
    ``guarded`` lists changed paths that steer the pipeline or the agents (workflows, CODEOWNERS, agent files).
    """

    id: str
    parent: str | None
    landing: Landing
    commits: tuple[str, ...]
    subject: str
    landed_at: int
    authors: tuple[Person, ...]  # authors and co-authors who are persons or bots, as written
    landed_by: Person  # the committer of ``id`` (for web merges: the forge)
    number: int | None = None
    number_basis: Basis | None = None
    branch: str | None = None
    reviews: tuple[Mention, ...] = ()
    requests: tuple[Mention, ...] = ()
    signature: SignatureKind = SignatureKind.NONE
    reverts: tuple[str, ...] = ()
    emergency: bool = False
    guarded: tuple[str, ...] = ()
    committers: tuple[Person, ...] = ()


class Release(msgspec.Struct, frozen=True):
    """A tag, read as a release: git's only trace of what was shipped."""

    name: str
    commit: str
    tagged_at: int
    tagger: Person | None = None
    signature: SignatureKind = SignatureKind.NONE
