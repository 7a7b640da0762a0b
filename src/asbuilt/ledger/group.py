"""Many small callers, few transactions: threads that append at the same time share one flush to the disk."""

import threading
from collections.abc import Iterable

from asbuilt.ledger.appending import Appended, Prepared, prepare
from asbuilt.ledger.ledger import Ledger
from asbuilt.model.errors import AsBuiltError, SourceError
from asbuilt.model.record import Record

MOST_TOGETHER = 4096  # records in one shared transaction


class _Waiting:
    """One caller's records, until they are on the disk or refused."""

    def __init__(self, told: Prepared) -> None:
        self.told = told
        self.placed: list[Appended] = []
        self.refused: AsBuiltError | None = None
        self.done = False


class GroupAppender:
    """Appends for any number of threads; while one transaction is flushed, the next one gathers.

    Nobody waits for company: a caller alone is served at once. The ledger is used by this appender only.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._queue: list[_Waiting] = []
        self._changed = threading.Condition()
        self._is_busy = False  # one of the callers is in the transaction

    def append(self, records: Iterable[Record]) -> list[Appended]:
        """As ``Ledger.append``: the records are on the disk when it returns.

        1. What is wrong with the records themselves concerns their caller alone.
        2. Whoever finds no transaction under way takes all that wait, himself among them, into the next one.
        3. The others wait until they are told.

        Raises:
            UsageError, SourceError, LedgerError: as ``Ledger.append``; a transaction that failed is told to all
                whose records were in it.
        """
        # (1) Mine alone.
        mine = _Waiting(prepare(records))
        with self._changed:
            self._queue.append(mine)
            while not mine.done:
                # (3) Somebody is at it.
                if self._is_busy:
                    self._changed.wait()
                    continue
                # (2) I am.
                self._is_busy = True
                group = self._take()
                self._changed.release()
                try:
                    self._commit(group)
                finally:
                    self._changed.acquire()
                    self._is_busy = False
                    self._changed.notify_all()
        if mine.refused is not None:
            raise mine.refused
        return mine.placed

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        count = 0
        while self._queue and (not group or count + len(self._queue[0].told.records) <= MOST_TOGETHER):
            group.append(self._queue.pop(0))
            count += len(group[-1].told.records)
        return group

    def _commit(self, group: list[_Waiting]) -> None:
        together = Prepared([], [], [])
        for each in group:
            together.records.extend(each.told.records)
            together.entries.extend(each.told.entries)
            together.marks.extend(each.told.marks)
        refused: AsBuiltError | None = SourceError("The append was broken off.", fix="Do it again.")
        placed: list[Appended] = []
        try:
            placed = self._ledger.append_prepared(together)
            refused = None
        except AsBuiltError as error:
            refused = error
        finally:
            start = 0
            for each in group:
                each.placed = placed[start : start + len(each.told.records)]
                each.refused, each.done = refused, True
                start += len(each.told.records)
