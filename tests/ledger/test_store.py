"""One suite for every kind of store: what a ledger promises, it promises on each."""

import multiprocessing
from pathlib import Path

import pytest

from asbuilt.ledger.appending import INDEX_AFTER
from asbuilt.ledger.ledger import Appended, open_ledger
from asbuilt.ledger.merkle import Frontier, leaf_hash, verify_consistency, verify_inclusion
from asbuilt.ledger.store import Head, damaged, sealed_head
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.record import decode_entry, encode_entry
from tests.ledger.making import ORIGIN, filled, index_everything, new_ledger, record, records

WRITERS, OWN, SHARED = 8, 120, 60


def test_records_keep_their_order_and_their_bytes(tmp_path: Path, store_url: str | None) -> None:
    told = [record(n, payload=bytes(range(256)) * (n % 3) + b"\n\0%d" % n) for n in range(300)]
    with new_ledger(tmp_path / "ledger", store_url) as ledger:
        for start in range(0, 300, 70):
            ledger.append(told[start : start + 70])
    with open_ledger(tmp_path / "ledger", read_only=True) as ledger:
        assert list(ledger.entries()) == [encode_entry(each) for each in told]
        assert list(ledger.entries(65, 71)) == [encode_entry(each) for each in told[65:71]]
        assert list(ledger.entries(299, 900)) == [encode_entry(told[299])]
        assert list(ledger.entries(300)) == []
        assert [decode_entry(ledger.entry(at)) for at in (0, 63, 64, 140, 299)] == [
            told[at] for at in (0, 63, 64, 140, 299)
        ]
        with pytest.raises(UsageError):
            ledger.entry(300)


@pytest.mark.parametrize("is_indexed", [False, True])
def test_a_record_is_kept_once(tmp_path: Path, store_url: str | None, is_indexed: bool) -> None:
    with filled(tmp_path / "ledger", [5, 5], store_url) as ledger:
        if is_indexed:
            index_everything(ledger)
        told = [record(3), record(10), record(9), record(10), record(11)]
        assert ledger.append(told) == [
            Appended(3, is_new=False),
            Appended(10, is_new=True),
            Appended(9, is_new=False),
            Appended(10, is_new=False),
            Appended(11, is_new=True),
        ]
        assert ledger.append(told[:2]) == [Appended(3, is_new=False), Appended(10, is_new=False)]
        assert ledger.size == 12
        assert verify_ledger(ledger).problems == ()


@pytest.mark.parametrize("is_indexed", [False, True])
def test_an_event_is_found_with_all_that_was_said_of_it(
    tmp_path: Path, store_url: str | None, is_indexed: bool
) -> None:
    with filled(tmp_path / "ledger", [20], store_url) as ledger:
        again = [record(7, payload=b"%d" % n) for n in range(3)]
        ledger.append(again[:2])
        if is_indexed:
            index_everything(ledger)
        ledger.append(again)
        assert ledger.find("tests", "E-7") == [7, 20, 21, 22]
        assert ledger.find("tests", "E-700") == []
        assert ledger.find("others", "E-7") == []


def test_many_recent_marks_go_into_the_index(tmp_path: Path, store_url: str | None) -> None:
    with filled(tmp_path / "ledger", [INDEX_AFTER - 1], store_url) as ledger:
        assert ledger.store.head().indexed == 0
        ledger.append(records(INDEX_AFTER - 2, INDEX_AFTER + 5))
        assert ledger.store.head() == Head(ORIGIN, INDEX_AFTER + 5, ledger.root(), INDEX_AFTER + 5)
        assert len(list(ledger.store.marks())) == INDEX_AFTER + 5
        assert [each.is_new for each in ledger.append([record(17), record(INDEX_AFTER + 5)])] == [False, True]
        assert ledger.find("tests", "E-40000") == [40000]
        assert verify_ledger(ledger).problems == ()


def test_proofs_hold(tmp_path: Path, store_url: str | None) -> None:
    with filled(tmp_path / "ledger", [250, 7, 300], store_url) as ledger:
        frontier = Frontier()
        roots = [frontier.root()]
        for entry in ledger.entries():
            frontier.append(leaf_hash(entry))
            roots.append(frontier.root())
        assert ledger.root() == roots[557]
        assert [ledger.root(size) for size in range(0, 558, 50)] == roots[::50]
        for index, size in ((0, 1), (0, 557), (255, 256), (256, 257), (300, 512), (556, 557)):
            proof = ledger.inclusion_proof(index, size)
            verify_inclusion(index, size, leaf_hash(ledger.entry(index)), proof, roots[size])
        for old, new in ((1, 557), (255, 256), (256, 513), (300, 557), (557, 557)):
            verify_consistency(old, new, ledger.consistency_proof(old, new), roots[old], roots[new])
        for refused in (lambda: ledger.inclusion_proof(0, 558), lambda: ledger.consistency_proof(1, 558)):
            with pytest.raises(UsageError):
                refused()


def test_two_handles_see_one_another(tmp_path: Path, store_url: str | None) -> None:
    with filled(tmp_path / "ledger", [3], store_url) as one, open_ledger(tmp_path / "ledger") as other:
        assert [each.index for each in other.append(records(1, 6))] == [1, 2, 3, 4, 5]
        assert one.size == 6
        assert [each.index for each in one.append(records(4, 8))] == [4, 5, 6, 7]
        index_everything(other)
        assert [each.index for each in other.append(records(0, 9))] == list(range(9))
        assert [each.index for each in one.append(records(8, 10))] == [8, 9]
        assert verify_ledger(one).problems == ()


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path, store_url: str | None) -> None:
    with filled(tmp_path / "ledger", [3], store_url) as ledger:
        before = ledger.root()

        def broken_off() -> None:
            with ledger.store.writing() as head:
                ledger.store.add_bundles([(head.size, b"\0\1x")])
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            broken_off()
        assert (ledger.size, ledger.root(), len(list(ledger.store.bundles(0)))) == (3, before, 1)
        ledger.append(records(3, 5))
        assert verify_ledger(ledger).problems == ()


def test_a_ledger_is_never_made_over_another(tmp_path: Path, store_url: str | None) -> None:
    with filled(tmp_path / "ledger", [3], store_url), pytest.raises(UsageError, match="already"):
        new_ledger(tmp_path / ("ledger" if store_url is None else "other"), store_url)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger"]


def _write(folder: str, writer: int) -> None:
    with open_ledger(Path(folder)) as ledger:
        own = records(1000 * (writer + 1), 1000 * (writer + 1) + OWN)
        shared = records(0, SHARED)
        told = [each for pair in zip(own, (shared * 2)[:OWN], strict=True) for each in pair]
        at, size = 0, writer % 3 + 1
        while at < len(told):
            ledger.append(told[at : at + size])
            at, size = at + size, size % 7 + 1


@pytest.mark.slow
def test_eight_writers_lose_nothing_and_double_nothing(tmp_path: Path, store_url: str | None) -> None:
    new_ledger(tmp_path / "ledger", store_url).close()
    spawned = multiprocessing.get_context("spawn")
    writers = [spawned.Process(target=_write, args=(str(tmp_path / "ledger"), each)) for each in range(WRITERS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert [each.exitcode for each in writers] == [0] * WRITERS
    expected = {f"E-{n}" for n in range(SHARED)} | {
        f"E-{1000 * (w + 1) + n}" for w in range(WRITERS) for n in range(OWN)
    }
    with open_ledger(tmp_path / "ledger", read_only=True) as ledger:
        events = [decode_entry(entry).event for entry in ledger.entries()]
        assert len(events) == len(expected)
        assert set(events) == expected
        assert verify_ledger(ledger).problems == ()


def test_a_head_is_read_only_as_it_was_written() -> None:
    head = Head("a", 3, b"r" * 32, 1)
    row = (head.format, head.origin, head.size, head.root, head.indexed, head.seal())
    assert sealed_head([row], "here") == head
    changed = [
        (*row[:2], 4, *row[3:]),
        (1, "b", *row[2:]),
        (*row[:4], 2, row[5]),
        (*row[:5], b"s" * 32),
        (*row[:2], None, *row[3:]),
    ]
    for rows in ([], [row, row], *([each] for each in changed)):
        with pytest.raises(LedgerError, match="damaged"):
            sealed_head(rows, "here")
    newer = Head("a", 3, b"r" * 32, 1, format=2)
    with pytest.raises(LedgerError, match="format 2"):
        sealed_head([(2, "a", 3, newer.root, 1, newer.seal())], "here")
    assert damaged("here", "why").where == "here"


def test_a_busy_writer_still_knows_all_that_was_indexed_before_it_came(
    tmp_path: Path, store_url: str | None
) -> None:
    with filled(tmp_path / "ledger", [500], store_url) as ledger:
        index_everything(ledger)
    with open_ledger(tmp_path / "ledger") as ledger:
        for start in range(0, 480, 20):  # after a quarter it has read the whole index, and asks a sieve
            assert not any(each.is_new for each in ledger.append(records(start, start + 20)))
        assert [each.is_new for each in ledger.append(records(480, 520))] == [False] * 20 + [True] * 20
        with open_ledger(tmp_path / "ledger") as other:
            other.append(records(520, 540))
            index_everything(other)
        assert [each.is_new for each in ledger.append(records(510, 550))] == [False] * 30 + [True] * 10
        assert verify_ledger(ledger).problems == ()
