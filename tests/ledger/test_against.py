"""A ledger held against what was kept: each kind of change, named with the first entry that differs."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asbuilt.ledger.against import (
    FORK,
    REORDER,
    REWRITE,
    TRUNCATION,
    UNSIGNED,
    Difference,
    compare,
    read_evidence,
)
from asbuilt.ledger.backup import backup_ledger
from asbuilt.ledger.checkpoints import (
    CHECKPOINTS,
    checkpoint_text,
    keep_checkpoint,
    kept_checkpoints,
    latest_checkpoint,
    sign_checkpoint,
)
from asbuilt.ledger.keys import load_key
from asbuilt.ledger.ledger import Ledger
from asbuilt.ledger.notes import sign_note
from asbuilt.ledger.published import keys_of
from asbuilt.ledger.tiles import export_tiles
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.record import Record
from tests.ledger.sealing import NOW, ORIGIN, alter, made, record, remade

SIZE = 12


def another(number: int) -> Record:
    return record(number, payload=b"another")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A ledger of twelve entries and what was kept of it: an export, a backup, a checkpoint each at 4, 8 and 12."""
    with made(tmp_path / "ledger", entries=SIZE, signed=[4, 8, SIZE]) as ledger:
        newest = latest_checkpoint(ledger)
        assert newest is not None
        export_tiles(ledger, tmp_path / "export", newest)
        backup_ledger(ledger, tmp_path / "backup", newest)
        for size, path in zip((4, 8, SIZE), kept_checkpoints(ledger.folder), strict=True):
            (tmp_path / f"at-{size}").write_bytes(path.read_bytes())
    return tmp_path


def differences(ledger: Ledger, *paths: Path) -> list[tuple[str, int | None, int | None]]:
    found = compare(ledger, [read_evidence(path) for path in paths], keys_of(ledger))
    return [(each.kind, each.first, each.until) for each in found]


def changed(kept: Path, change: Callable[[list[Record]], list[Record]]) -> Ledger:
    """The ledger with another history under the same key, as whoever has the key can make it."""
    return remade(kept / "ledger", kept / "changed", change(list(map(record, range(SIZE)))))


CHANGES: dict[str, tuple[Callable[[list[Record]], list[Record]], str, int]] = {
    "an entry rewritten": (lambda records: [*records[:5], another(5), *records[6:]], REWRITE, 5),
    "the first entry rewritten": (lambda records: [another(0), *records[1:]], REWRITE, 0),
    "the last entry rewritten": (lambda records: [*records[:11], another(11)], REWRITE, 11),
    "two entries rewritten": (
        lambda records: [*records[:5], another(5), *records[6:9], another(9), *records[10:]],
        REWRITE,
        5,
    ),
    "cut off": (lambda records: records[:9], TRUNCATION, 9),
    "emptied": (lambda _: [], TRUNCATION, 0),
    "two entries exchanged": (lambda records: [*records[:6], records[7], records[6], *records[8:]], REORDER, 6),
    "turned round": (lambda records: [*records[:2], *records[2:][::-1]], REORDER, 2),
    "an entry left out": (lambda records: [*records[:3], *records[4:], record(12)], FORK, 3),
    "an entry put in": (lambda records: [*records[:3], another(99), *records[3:]], FORK, 3),
    "another history": (lambda records: [*records[:7], *map(another, range(7, 20))], FORK, 7),
    "cut off and changed": (lambda records: [*records[:4], *map(another, range(4, 8))], FORK, 4),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("evidence", ["export", "backup"])
def test_a_change_is_named_exactly_by_an_export_or_a_backup(kept: Path, name: str, evidence: str) -> None:
    change, kind, first = CHANGES[name]
    with changed(kept, change) as ledger:
        assert differences(ledger, kept / evidence) == [(kind, first, None)]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_by_a_checkpoint_alone(kept: Path, name: str) -> None:
    change, _, first = CHANGES[name]
    with changed(kept, change) as ledger:
        ((kind, since, until),) = differences(ledger, kept / "at-12")
        assert kind == (TRUNCATION if ledger.size < SIZE else REWRITE)
        assert since is not None
        assert since <= first
        assert until is None or first < until


def test_more_checkpoints_narrow_the_place(kept: Path) -> None:
    change, _, first = CHANGES["an entry rewritten"]
    with changed(kept, change) as ledger:
        assert first == 5
        assert differences(ledger, kept / "at-12") == [(REWRITE, 0, 12)]
        assert differences(ledger, kept / "at-12", kept / "at-4") == [(REWRITE, 4, 12)]
        assert differences(ledger, kept / "at-12", kept / "at-8", kept / "at-4") == [
            (REWRITE, 4, 8),
            (REWRITE, 4, 8),
        ]
        assert differences(ledger, kept / "at-4") == []
        # A folder of checkpoints is evidence as it stands.
        assert differences(ledger, kept / "ledger" / CHECKPOINTS) == [(REWRITE, 4, 8), (REWRITE, 4, 8)]


def test_checkpoints_that_were_signed_anew_mislead_nobody(kept: Path) -> None:
    """Whoever rewrites with the key also signs the ledger's own checkpoints again: they bound nothing."""
    change, _, first = CHANGES["an entry rewritten"]
    with changed(kept, change) as ledger:
        key = load_key(ledger.folder)
        keep_checkpoint(ledger.folder, sign_note(checkpoint_text(ORIGIN, 8, ledger.root(8)), key))
        (found,) = compare(ledger, [read_evidence(kept / "at-12")], keys_of(ledger))
        assert (found.first, found.until) == (0, 12)
        assert first in range(12)
        assert "if they were not signed anew, say 8 up to 11" in found.what


def test_neighbouring_checkpoints_name_the_entry(tmp_path: Path) -> None:
    made(tmp_path / "ledger", entries=6, signed=[3, 4]).close()
    records = [record(0), record(1), record(2), another(3), record(4), record(5)]
    with remade(tmp_path / "ledger", tmp_path / "changed", records) as ledger:
        assert differences(ledger, tmp_path / "ledger" / CHECKPOINTS) == [(REWRITE, 3, None)]


def test_a_ledger_that_only_grew_differs_from_nothing(kept: Path) -> None:
    with Ledger(kept / "ledger", made(kept / "grown", entries=SIZE + 30).store) as ledger:
        names = ("export", "backup", "at-4", "at-8", "at-12")
        assert differences(ledger, *(kept / name for name in names)) == []


def test_a_checkpoint_of_another_key_or_size_is_named(kept: Path) -> None:
    with made(kept / "strange", entries=SIZE, signed=[SIZE]) as strange:
        assert [kind for kind, *_ in differences(strange, kept / "at-12")] == [UNSIGNED]
    with made(kept / "other", entries=map(another, range(SIZE))) as other:
        kinds = [kind for kind, *_ in differences(other, kept / "at-12")]
        assert kinds == [UNSIGNED, REWRITE]


def test_two_words_for_one_size_are_a_fork(kept: Path) -> None:
    with Ledger(kept / "ledger", made(kept / "same", entries=SIZE).store) as ledger:
        second = sign_note(checkpoint_text(ORIGIN, 8, bytes(32)), load_key(kept / "ledger"))
        (kept / "second").write_bytes(second)
        found = differences(ledger, kept / "at-8", kept / "second")
        assert (FORK, 0, 8) in found


def test_entries_that_changed_behind_the_stored_tree_are_found(kept: Path) -> None:
    with made(kept / "quiet", entries=SIZE) as ledger:
        alter(ledger.folder, b'{"number":"7"}', b'{"number":"X"}')
        assert ledger.root() == read_evidence(kept / "at-12").checkpoints[0].root
        assert [each for each in differences(ledger, kept / "export") if each[0] != UNSIGNED] == [
            (REWRITE, 7, None)
        ]
        assert [each for each in differences(ledger, kept / "at-12") if each[0] != UNSIGNED] == [(REWRITE, 0, 12)]


def test_evidence_that_is_damaged_or_none_is_told(kept: Path) -> None:
    alter(kept / "backup", b'{"number":"7"}', b'{"number":"X"}')
    (kept / "export" / "tile" / "0" / "000.p" / "12").unlink()
    with pytest.raises(LedgerError, match="export of a ledger is damaged"):
        read_evidence(kept / "export")
    (kept / "at-4").write_bytes(b"nothing")
    with pytest.raises(LedgerError, match="no signed note"):
        read_evidence(kept / "at-4")
    (kept / "empty").mkdir()
    for name in ("empty", "not-there"):
        with pytest.raises(UsageError, match="nothing to compare with"):
            read_evidence(kept / name)
    with pytest.raises(LedgerError, match="damaged itself"):
        read_evidence(kept / "backup")


def test_what_is_said_names_the_entry(kept: Path) -> None:
    with changed(kept, CHANGES["an entry rewritten"][0]) as ledger:
        (found,) = compare(ledger, [read_evidence(kept / "export")], keys_of(ledger))
        assert isinstance(found, Difference)
        assert "Entry 5 was rewritten" in found.what
        (found,) = compare(ledger, [read_evidence(kept / "at-12")], keys_of(ledger))
        assert "lies from entry 0 up to 11" in found.what


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_was_changed_the_first_index_is_right(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("any")
    before = list(map(record, range(8)))
    after: Sequence[Record] = data.draw(
        st.lists(
            st.sampled_from([*before, *map(another, range(3))]),
            max_size=10,
            unique_by=lambda each: each.event + str(each.payload),
        )
    )
    with made(folder / "ledger", entries=before) as ledger:
        export_tiles(ledger, folder / "export", sign_checkpoint(ledger, NOW))
    first = next(
        (at for at, one in enumerate(before) if at >= len(after) or after[at] != one),
        None,
    )
    with remade(folder / "ledger", folder / "changed", after) as ledger:
        assert [each[1] for each in differences(ledger, folder / "export")] == ([] if first is None else [first])
