"""Who wrote a change, from the attributions of its commits."""

from collections.abc import Mapping, Sequence

import msgspec

from asbuilt.model.attribution import Attribution, Authorship, Replay, SquashReplay
from asbuilt.model.change import Change, Landing
from asbuilt.model.commit import Commit

_EXACT = frozenset({Replay.IDENTITY, Replay.PATCH_ID, Replay.MERGE_TREE})


class ChangeAuthorship(msgspec.Struct, frozen=True):
    """Who wrote a change.

    ``authorship`` says whether AI took part at all: ai-tracked before ai-declared; else human-tracked or automation
    when every commit is, else unknown. ``known`` of ``written`` commits have a signal. ``attributions`` are those
    of the commits that wrote something, with a signal.
    """

    authorship: Authorship
    tools: tuple[str, ...]
    conflict: str | None
    known: int
    written: int
    attributions: tuple[Attribution, ...]


def authorship_of(
    change: Change,
    attributions: Mapping[str, Attribution],
    *,
    replay: SquashReplay | None = None,
    commits: Mapping[str, Commit] | None = None,
) -> ChangeAuthorship:
    """Who wrote a change.

    A merge commit writes nothing of its own, unless it is all there is. The message of a squash speaks for the
    whole change; where it says nothing, the branch that it was replayed from does.
    """
    work = _work(change, replay, attributions, commits)
    found = [attributions[own] for own in work if own in attributions]
    kinds = [one.authorship for one in found]
    kinds += [Authorship.UNKNOWN] * (len(work) - len(found))
    present = set(kinds)
    whole = Authorship.UNKNOWN
    if Authorship.AI_TRACKED in present:
        whole = Authorship.AI_TRACKED
    elif Authorship.AI_DECLARED in present:
        whole = Authorship.AI_DECLARED
    elif len(present) == 1:
        whole = kinds[0]
    signed = tuple(one for one in found if one.authorship is not Authorship.UNKNOWN)
    return ChangeAuthorship(
        authorship=whole,
        tools=tuple(dict.fromkeys(tool for one in signed for tool in one.tools)),
        conflict=next((one.conflict for one in found if one.conflict), None),
        known=len(signed),
        written=len(work),
        attributions=signed,
    )


def _work(
    change: Change,
    replay: SquashReplay | None,
    attributions: Mapping[str, Attribution],
    commits: Mapping[str, Commit] | None,
) -> Sequence[str]:
    """The commits that wrote the change."""
    own = attributions.get(change.id)
    silent = own is None or own.authorship is Authorship.UNKNOWN
    if replay is not None and replay.replay in _EXACT and replay.commits and silent:
        return replay.commits
    if len(change.commits) == 1:
        return change.commits
    if commits:
        return [one for one in change.commits if one not in commits or len(commits[one].parents) < 2] or [change.id]
    return change.commits[:-1] if change.landing is Landing.MERGE else change.commits
