"""The decision chain of every change of a gathered history."""

from asbuilt.app.gather import Gathered
from asbuilt.facts.chains import build_chain, find_reverts
from asbuilt.model.chain import Chain


def build_chains(found: Gathered) -> dict[str, Chain]:
    """The chains by change id."""
    reverts = find_reverts(found.changes)
    releases = release_names(found)
    return {
        change.id: build_chain(
            change,
            commits=found.by_id,
            attributions=found.attributions,
            replay=found.replays.get(change.id),
            same_person=found.people.same,
            forge=found.forge,
            forge_project=found.project,
            releases=[releases[change.id]] if change.id in releases else (),
            is_bot=found.is_bot,
            recorded_in=found.config.reviews_recorded_in,
            reverted_by=reverts.get(change.id, ()),
        )
        for change in found.changes
    }


def release_names(found: Gathered) -> dict[str, str]:
    """Change id -> the first release that contains it; changes that no tag reaches are left out.

    Tags are visited oldest first; each takes what is reachable from it and not yet taken, so that every commit is
    visited once. Only the first release is named: ``containing_releases`` lists all of them for one commit.
    """
    parents = {commit.id: commit.parents for commit in found.commits}
    changes = {change.id for change in found.changes}
    first: dict[str, str] = {}
    taken: set[str] = set()
    for release in sorted(found.releases, key=lambda one: (one.tagged_at, one.name)):
        waiting = [release.commit]
        while waiting:
            commit = waiting.pop()
            if commit in taken or commit not in parents:
                continue
            taken.add(commit)
            waiting.extend(parents[commit])
            if commit in changes:
                first[commit] = release.name
    return first
