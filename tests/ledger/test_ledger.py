"""Making, opening and growing a ledger."""

import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.ledger import ledger as ledger_module
from asbuilt.ledger.appending import MOST_BYTES
from asbuilt.ledger.checkpoints import sign_checkpoint
from asbuilt.ledger.ledger import Appended, create_ledger, is_ledger, open_ledger
from asbuilt.ledger.merkle import EMPTY_ROOT, leaf_hash, verify_consistency, verify_inclusion
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.errors import ConfigError, LedgerError, UsageError
from asbuilt.model.record import Record, encode_entry
from tests.ledger.making import NOW, ORIGIN, filled, index_everything, new_ledger, record, records
from tests.ledger.test_merkle import naive_root


def test_a_new_ledger(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "ledger"
    with new_ledger(folder) as ledger:
        assert (ledger.origin, ledger.size, ledger.root()) == (ORIGIN, 0, EMPTY_ROOT)
        assert list(ledger.entries()) == []
        assert verify_ledger(ledger).problems == ()
    assert {path.name for path in folder.iterdir()} == {
        "attachments",
        "checkpoints",
        "key",
        "key.vkey",
        "ledger.db",
    }
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "ledger.db").stat().st_mode) == 0o600
    assert is_ledger(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["ledger"]


@pytest.mark.parametrize(
    ("made", "origin"), [("file", ORIGIN), ("full", ORIGIN), ("none", "two words"), ("none", "")]
)
def test_what_no_ledger_is_made_of(tmp_path: Path, made: str, origin: str) -> None:
    folder = tmp_path / "ledger"
    if made == "file":
        folder.write_text("")
    if made == "full":
        folder.mkdir()
        (folder / "note").write_text("")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError):
        create_ledger(folder, origin=origin, now=NOW)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_store_that_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="URL"):
        create_ledger(tmp_path / "ledger", origin=ORIGIN, now=NOW, store="mysql://localhost/x")
    assert list(tmp_path.iterdir()) == []


def test_a_store_file_that_names_none(tmp_path: Path) -> None:
    (tmp_path / "store.toml").write_text('url = "https://example.com"')
    with pytest.raises(ConfigError, match="database"):
        open_ledger(tmp_path)


def test_there_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no ledger"):
        open_ledger(tmp_path / "nowhere")


@given(st.lists(st.integers(0, 90), max_size=12), st.lists(st.integers(0, 90), max_size=12))
@settings(max_examples=25)
def test_however_records_are_batched_the_root_is_the_same(one: list[int], other: list[int]) -> None:
    total = min(sum(one), sum(other))
    with tempfile.TemporaryDirectory() as place:
        roots = set()
        for number, batches in enumerate((one, other, [total])):
            with new_ledger(Path(place, str(number))) as ledger:
                at = 0
                for size in batches:
                    ledger.append(records(at, min(at + size, total)))
                    at = min(at + size, total)
                assert ledger.size == total
                roots.add(ledger.root())
        assert roots == {naive_root([leaf_hash(encode_entry(each)) for each in records(0, total)])}


def test_every_proof_of_every_small_tree_holds(tmp_path: Path) -> None:
    with filled(tmp_path / "ledger", [3, 1, 60, 6]) as ledger:
        leaves = [leaf_hash(entry) for entry in ledger.entries()]
        roots = [ledger.root(size) for size in range(71)]
        assert roots == [naive_root(leaves[:size]) for size in range(71)]
        for new in range(1, 71):
            for old in range(1, new + 1):
                verify_inclusion(old - 1, new, leaves[old - 1], ledger.inclusion_proof(old - 1, new), roots[new])
                verify_consistency(old, new, ledger.consistency_proof(old, new), roots[old], roots[new])


def test_nothing_appended_is_nothing_done(tmp_path: Path) -> None:
    with filled(tmp_path / "ledger", [2]) as ledger:
        assert ledger.append([]) == []
        assert ledger.append(iter(())) == []
        assert ledger.size == 2


def test_records_of_one_mark_are_told_apart(tmp_path: Path) -> None:
    # Two payloads with one CRC-32.
    twins = [record(1, payload=b"plumless", kind=""), record(1, payload=b"buckeroo", kind="")]
    for is_indexed in (False, True):
        with new_ledger(tmp_path / f"ledger {is_indexed}") as ledger:
            assert ledger.append([twins[0], *twins]) == [
                Appended(0, is_new=True),
                Appended(0, is_new=False),
                Appended(1, is_new=True),
            ]
            if is_indexed:
                index_everything(ledger)
            assert ledger.append(twins) == [Appended(0, is_new=False), Appended(1, is_new=False)]
            assert ledger.find("tests", "E-1") == [0, 1]
            assert verify_ledger(ledger).problems == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"payload": b"x" * MOST_BYTES},
        {"event": "\ud800"},
        {"by": "\udfff"},
        {"observed": 1 << 60},
        {"recorded": -(1 << 60)},
        {"occurred": 253_402_300_800},
    ],
)
def test_a_record_that_cannot_be_kept_is_refused_with_its_whole_call(tmp_path: Path, changed: dict) -> None:
    with filled(tmp_path / "ledger", [2]) as ledger:
        with pytest.raises(UsageError, match="record"):
            ledger.append([record(2), msgspec.structs.replace(record(3), **changed)])
        assert ledger.size == 2
        ledger.append(records(0, 4))
        assert ledger.size == 4


def test_the_longest_record_is_kept(tmp_path: Path) -> None:
    longest = record(1, payload=b"x" * (MOST_BYTES - len(encode_entry(record(1, payload=b"")))))
    with new_ledger(tmp_path / "ledger") as ledger:
        ledger.append([longest])
        assert len(ledger.entry(0)) == MOST_BYTES
        assert verify_ledger(ledger).problems == ()


def test_a_ledger_opened_for_reading_takes_nothing(tmp_path: Path) -> None:
    filled(tmp_path / "ledger", [2]).close()
    with open_ledger(tmp_path / "ledger", read_only=True) as ledger:
        with pytest.raises(UsageError, match="reading"):
            ledger.append(records(2, 3))
        with pytest.raises(UsageError, match="reading"):
            ledger.put_attachment(b"x")


def test_an_attachment_is_kept_beside_the_records(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "ledger") as ledger:
        assert ledger.attachment(ledger.put_attachment(b"minutes")) == b"minutes"


def test_a_ledger_that_went_back_behind_what_it_published_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    filled(folder, [5]).close()
    older = (folder / "ledger.db").read_bytes()
    with open_ledger(folder) as ledger:
        ledger.append(records(5, 9))
        sign_checkpoint(ledger, NOW)
    (folder / "ledger.db").write_bytes(older)
    for read_only in (False, True):
        with pytest.raises(LedgerError, match="contradicts") as raised:
            open_ledger(folder, read_only=read_only)
        assert "9 entries" in raised.value.why


def test_a_ledger_that_went_another_way_than_it_published_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    filled(folder, [5]).close()
    older = (folder / "ledger.db").read_bytes()
    with open_ledger(folder) as ledger:
        ledger.append(records(5, 9))
        sign_checkpoint(ledger, NOW)
    published = (folder / "checkpoints").rename(tmp_path / "published")
    (folder / "ledger.db").write_bytes(older)
    with open_ledger(folder) as ledger:
        ledger.append(records(6, 20))
    published.rename(folder / "checkpoints")
    with pytest.raises(LedgerError, match="contradicts"):
        open_ledger(folder)


def test_all_of_many_records_are_one_append(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "ENTRIES_AT_ONCE", 7)  # a bound, so that few records are many
    with new_ledger(tmp_path / "one") as one, new_ledger(tmp_path / "other") as other:
        for start, end in ((0, 3), (2, 40), (30, 51), (51, 51)):
            told = [*records(start, end), *records(start, min(start + 2, end))]
            expected = [each.index if each.is_new else ~each.index for each in one.append(told)]
            assert list(other.append_all(iter(told))) == expected
        assert (one.size, one.root()) == (other.size, other.root()) == (51, one.root())
        assert other.append_all([]) == one.append_all([])


def test_what_fails_while_many_are_appended_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "ENTRIES_AT_ONCE", 7)

    def failing() -> Iterator[Record]:
        yield from records(0, 20)
        raise UsageError("The source broke off.")

    with filled(tmp_path / "ledger", [5]) as ledger:
        with pytest.raises(UsageError, match="broke off"):
            ledger.append_all(failing())
        assert ledger.size == 5
        ledger.append_all(records(0, 20))
        assert ledger.root() == naive_root([leaf_hash(encode_entry(each)) for each in records(0, 20)])
    with (
        open_ledger(tmp_path / "ledger", read_only=True) as ledger,
        pytest.raises(UsageError, match="reading only"),
    ):
        ledger.append_all(records(0, 1))
