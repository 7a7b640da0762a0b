"""Threads that append together: each gets its own answer, and they share the flushes."""

import threading
from collections.abc import Callable
from pathlib import Path

from asbuilt.ledger.group import GroupAppender
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.record import decode_entry
from tests.ledger.making import new_ledger, record, records

THREADS, EACH = 16, 25


def together(count: int, work: Callable[[int], None]) -> None:
    """Run it in that many threads, which begin at one moment."""
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(each,)) for each in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def test_every_caller_gets_the_places_of_its_own_records(tmp_path: Path) -> None:
    placed: dict[int, int] = {}
    with new_ledger(tmp_path / "ledger") as ledger:
        group = GroupAppender(ledger)

        def work(thread: int) -> None:
            for number in range(thread * EACH, (thread + 1) * EACH):
                mine, shared = group.append([record(number), record(-1 - number % 5)])
                assert mine.is_new
                placed[number] = mine.index
                placed[-1 - number % 5] = shared.index

        together(THREADS, work)
        assert ledger.size == THREADS * EACH + 5 == len(placed)
        told = [decode_entry(entry).event for entry in ledger.entries()]
        assert all(told[index] == f"E-{number}" for number, index in placed.items())
        transactions = len(list(ledger.store.bundles(0)))
        assert transactions < THREADS * EACH, "some were shared"
        assert verify_ledger(ledger).problems == ()


def test_a_caller_alone_is_served_at_once(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "ledger") as ledger:
        group = GroupAppender(ledger)
        assert [each.index for each in group.append(records(0, 3))] == [0, 1, 2]
        assert group.append([]) == []


def test_what_is_wrong_with_one_callers_records_is_told_to_that_caller_alone(tmp_path: Path) -> None:
    refused: list[int] = []
    with new_ledger(tmp_path / "ledger") as ledger:
        group = GroupAppender(ledger)

        def work(thread: int) -> None:
            for number in range(10):
                try:
                    group.append([record(10 * thread + number, payload=b"x" * (70_000 * (thread == 3)))])
                except UsageError:
                    refused.append(thread)

        together(6, work)
        assert refused == [3] * 10
        assert ledger.size == 50


def test_a_store_that_fails_is_told_to_all(tmp_path: Path) -> None:
    told: list[str] = []
    with new_ledger(tmp_path / "ledger") as ledger:
        group = GroupAppender(ledger)
        # A table that is gone is damage; it shows in the transaction.
        ledger.store._connection.execute("DROP TABLE bundles")

        def work(thread: int) -> None:
            try:
                group.append([record(thread)])
            except Exception as error:  # noqa: BLE001 - whatever it is, its kind is asserted below
                told.append(type(error).__name__)

        together(5, work)
        assert told == ["LedgerError"] * 5
        assert ledger.size == 0


def test_a_group_that_is_broken_off_leaves_nobody_waiting(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "ledger") as ledger:
        group = GroupAppender(ledger)
        ledger.close()  # a programming error: not one of our own, and not swallowed
        raised: list[str] = []

        def work(thread: int) -> None:
            try:
                group.append([record(thread)])
            except Exception as error:  # noqa: BLE001 - as above
                raised.append(type(error).__name__)

        together(4, work)
        assert len(raised) == 4
        assert set(raised) <= {"LedgerError", SourceError.__name__}
