"""Large pages come to the disk by the time that anybody names them, each once."""

import hashlib
import threading

import pytest

from asbuilt.app.sync_keeping import INLINE, Keeping
from asbuilt.model.errors import SourceError
from asbuilt.sources.steps import Expected, Page, Step


def page(body: bytes, status: int = 200) -> Page:
    return Page("pulls", "1", body, 0, "GET /pulls", status=status)


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


SMALL, LARGE, OTHER = b"x" * INLINE, b"x" * (INLINE + 1), b"y" * (INLINE + 1)


class Disk:
    """Keeps what it is told to, and counts how often."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.free = threading.Event()
        self.free.set()

    def put(self, data: bytes) -> str:
        self.free.wait(10)
        self.kept.append(data)
        return digest(data)


def test_the_same_steps_come_while_the_disk_is_busy_and_settling_waits_for_it() -> None:
    disk = Disk()
    disk.free.clear()
    steps: list[Step] = [page(SMALL), Expected("x", 1, None), page(LARGE), page(OTHER), page(LARGE), page(b"", 304)]
    with Keeping(disk.put) as keeping:
        assert list(keeping.ahead(steps)) == steps
        assert disk.kept == []
        disk.free.set()
        sent = [step for step in steps if isinstance(step, Page) and step.status == 200]
        assert keeping.settle(sent) == [digest(body) for body in (SMALL, LARGE, OTHER, LARGE)]
        assert sorted(disk.kept) == [LARGE, OTHER]


def test_pages_that_nobody_sent_ahead_are_kept_when_they_are_asked_for() -> None:
    disk = Disk()
    with Keeping(disk.put) as keeping:
        assert keeping.settle([page(SMALL), page(LARGE)]) == [digest(SMALL), digest(LARGE)]
    assert disk.kept == [LARGE]


def test_what_the_disk_refuses_is_said_when_it_is_asked_for() -> None:
    def full(_: bytes) -> str:
        raise SourceError("The disk is full.")

    with Keeping(full) as keeping:
        steps = list(keeping.ahead([page(LARGE)]))
        with pytest.raises(SourceError, match="disk is full"):
            keeping.settle([step for step in steps if isinstance(step, Page)])
