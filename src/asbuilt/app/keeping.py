"""Keeping a gathered history in the user's cache, for ``kept`` to open again."""

from pathlib import Path

import msgspec

from asbuilt.app.chains import release_names
from asbuilt.app.gather import Gathered
from asbuilt.app.kept import FILE, Entry, General, state_digest
from asbuilt.facts.chains import find_reverts
from asbuilt.history.origins.container import write_container
from asbuilt.model.attribution import Attribution
from asbuilt.model.commit import Person

_KEPT = 3  # histories of so many revisions are kept


def keep_history(found: Gathered, folder: Path) -> None:
    """Keep a history in the cache, whole or not at all; a folder that cannot be written keeps nothing."""
    place = {own: at for at, change in enumerate(found.changes) for own in change.commits}
    releases = release_names(found)
    ids = sorted(found.by_id)
    encode = msgspec.msgpack.encode
    entries = [
        encode(
            Entry(
                place.get(own, -1),
                _told(found.attributions.get(own)),
                found.replays.get(own),
                own in found.records.lines,
                releases.get(own),
            )
        )
        for own in ids
    ]
    bodies = [encode(change) for change in found.changes]
    general = General(
        found.releases,
        found.forge,
        found.project,
        found.gaps,
        found.config.reviews_recorded_in,
        found.config.same_people,
        find_reverts(found.changes),
        frozenset(person for person in named_persons(found) if found.is_bot(person)),
    )
    sections: dict[str, tuple[str, bytes | memoryview]] = {
        "general": ("b", encode(general)),
        "ids": ("b", bytes.fromhex("".join(ids))),
        "entry_at": ("q", _offsets(entries)),
        "entries": ("b", b"".join(entries)),
        "change_at": ("q", _offsets(bodies)),
        "changes": ("b", b"".join(bodies)),
    }
    try:
        write_container(folder / FILE.format(tip=found.tip), {"state": state_digest(found.repository)}, sections)
        kept = sorted(folder.glob(FILE.format(tip="*")), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in kept[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:  # a cache that cannot be written costs time, not truth
        return


def named_persons(found: Gathered) -> set[Person]:
    """Everybody whom a commit or a change names: authors, committers, co-authors, reviewers."""
    persons = {person for commit in found.by_id.values() for person in (commit.author, commit.committer)}
    for change in found.changes:
        persons |= {*change.authors, *change.committers, change.landed_by}
        persons |= {mention.person for mention in change.reviews if mention.person}
    return persons


def _told(attribution: Attribution | None) -> Attribution | None:
    """An attribution that says nothing is not kept: absent means unknown."""
    if attribution is None or not (attribution.signals or attribution.answers or attribution.mixed_possible):
        return None
    return attribution


def _offsets(bodies: list[bytes]) -> bytes:
    total, out = 0, bytearray((0).to_bytes(8, "little"))
    for body in bodies:
        total += len(body)
        out += total.to_bytes(8, "little")
    return bytes(out)
