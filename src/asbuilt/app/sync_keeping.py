"""Pages on their way to the disk while the next ones are asked for: they wait for the disk together."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Self

from asbuilt.sources.steps import Page, Step

INLINE: Final = 30_000  # bytes of a page that an entry holds itself
_DISKS: Final = 8  # files that wait for the disk together


class Keeping:
    """Brings large pages to the disk under their digests. Use it as a context manager.

    Args:
        put: keeps a document durably, and gives its SHA-256 (``Ledger.put_attachment``); called by several threads.
    """

    def __init__(self, put: Callable[[bytes], str]) -> None:
        self._put = put
        self._disks = ThreadPoolExecutor(_DISKS, "asbuilt-keep")
        self._digests: dict[int, str] = {}
        self._under_way: dict[str, Future[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._disks.shutdown(cancel_futures=True)

    def ahead(self, steps: Iterable[Step]) -> Iterator[Step]:
        """The same steps; the pages among them are on their way from here on."""
        for step in steps:
            if isinstance(step, Page) and step.status != 304:
                self._begin(step)
            yield step

    def _begin(self, page: Page) -> str:
        digest = self._digests[id(page)] = hashlib.sha256(page.body).hexdigest()
        if len(page.body) > INLINE and digest not in self._under_way:  # the same bytes twice are one file
            self._under_way[digest] = self._disks.submit(self._put, page.body)
        return digest

    def settle(self, pages: Iterable[Page]) -> list[str]:
        """The SHA-256 of each page, in hex, once all that are large are on the disk.

        Raises:
            SourceError, LedgerError: one cannot be kept.
        """
        digests = []
        for page in pages:
            own = id(page)
            digests.append(self._digests[own] if own in self._digests else self._begin(page))
            del self._digests[own]
        for digest in digests:
            waiting = self._under_way.pop(digest, None)
            if waiting is not None:
                waiting.result()
        return digests
