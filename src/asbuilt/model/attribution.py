"""Who or what wrote a commit or a line, and the evidence that says so."""

from enum import StrEnum

import msgspec

from asbuilt.model.commit import Person


class Authorship(StrEnum):
    """The class of a line or a commit. A missing signal is ``UNKNOWN``, never human."""

    AI_TRACKED = "ai-tracked"  # a record names these very lines as written by a tool
    AI_DECLARED = "ai-declared"  # the commit as a whole says that a tool took part
    HUMAN_TRACKED = "human-tracked"  # a record names these very lines as typed by a person
    AUTOMATION = "automation"  # a bot that is no AI: dependency updates, release scripts
    UNKNOWN = "unknown"


class Proves(StrEnum):
    """What a signal proves; different facts, never added up."""

    AUTHORED = "authored"  # the tool wrote some of the change
    ASSISTED = "assisted"  # a person or an editor declared help
    SUGGESTED = "suggested"  # a reviewer bot's suggestion was applied by a person
    SESSION = "session"  # a link or id of the transcript
    CONFIGURED = "configured"  # the repository is set up for the tool
    REVIEWED = "reviewed"  # the account reviews; not a human approval
    AUTOMATION = "automation"  # a bot that is no AI
    TRANSPORT = "transport"  # the tool only ran ``git commit``
    STORE = "store"  # a store of line-level records


class Confidence(StrEnum):
    """How far a signal can be trusted."""

    HIGH = "high"  # vendor-written string or numeric bot id
    MEDIUM = "medium"  # convention, or it drifts
    LOW = "low"  # a hint


class Signal(msgspec.Struct, frozen=True):
    """One piece of evidence about one commit, side by side with all others.

    ``source`` names the kind of record: ``signature`` (the catalogue), ``git-ai``, ``agent-trace``, ``entire``.
    ``rule`` is the id of the catalogue rule (``claude_code/trailer-1``) or the schema of the record;
    ``where`` is the part of the commit that matched; ``text`` is what stood there (at most 200 characters);
    ``session`` a link or id of the transcript. ``void`` says why it is no evidence all the same (a signature that
    was written without the tool being used); None for every other signal.
    """

    source: str
    tool: str
    rule: str
    where: str
    proves: Proves
    confidence: Confidence
    text: str
    commit: str
    model: str | None = None
    session: str | None = None
    void: str | None = None


class Attribution(msgspec.Struct, frozen=True):
    """What is known of who wrote one commit.

    ``tools`` lists every tool that a signal of class authored, assisted or session names, best evidence first;
    ``conflict`` is one sentence when two sources disagree (both stay in ``signals``);
    ``mixed_possible`` marks a squash whose branch could not be replayed: its signals may belong to part of it;
    ``answers`` is the person who accepted the work.
    """

    commit: str
    authorship: Authorship
    tools: tuple[str, ...] = ()
    model: str | None = None
    confidence: Confidence | None = None
    signals: tuple[Signal, ...] = ()
    conflict: str | None = None
    mixed_possible: bool = False
    answers: Person | None = None

    @property
    def tool(self) -> str | None:
        """The tool with the best evidence, or None."""
        return self.tools[0] if self.tools else None


class Replay(StrEnum):
    """How a squash commit was tied to the branch it came from; recomputed, never guessed by similarity."""

    IDENTITY = "identity"  # tree(S) = tree(head)
    PATCH_ID = "patch-id"  # patch-id(S) = patch-id(merge-base..head)
    MERGE_TREE = "merge-tree"  # merge-tree(parent(S), head) = tree(S)
    RESIDUAL = "residual"  # the head is known and none of the three holds: only surviving lines map
    MIXED_POSSIBLE = "mixed-possible"  # no head is known: commit-level signals only


class SquashReplay(msgspec.Struct, frozen=True):
    """One squash commit and what replaying its pull request gave.

    ``head`` is the commit of ``refs/pull/N/head`` (None when the ref is not here); ``base`` the merge base of the
    squash's parent and the head; ``commits`` the branch's own commits, oldest first; ``note`` one sentence where
    something about the replay must be said (no ref, no relation, pushed to after the merge).
    """

    commit: str
    number: int
    replay: Replay
    head: str | None = None
    base: str | None = None
    commits: tuple[str, ...] = ()
    note: str | None = None
