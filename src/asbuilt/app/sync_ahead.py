"""Reading ahead: while pages are written down, the next ones are asked for already."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Condition, Event
from typing import Final

from asbuilt.sources.steps import Page, Step

DEPTH: Final = 64  # steps that wait at most
MOST_BYTES: Final = 4 << 20  # of pages that wait; a larger one waits alone


class HaltedError(Exception):
    """Nobody wants the rest any more."""


class Halt:
    """Lets a thread that sleeps be woken for good."""

    def __init__(self, sleep: Callable[[float], None] | None = None) -> None:
        self._event, self._sleep = Event(), sleep

    def sleep(self, seconds: float) -> None:
        """Wait, unless it is called off.

        Raises:
            HaltedError: it is.
        """
        if self._sleep is not None:
            self._sleep(seconds)
        elif self._event.wait(seconds):
            raise HaltedError

    def call_off(self) -> None:
        """Wake whoever sleeps."""
        self._event.set()


class _Waiting:
    """Steps that were read and are not taken yet: so many at most, of so many bytes."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._steps: deque[Step] = deque()
        self._size = 0
        self._is_over = self._is_gone = False

    def put(self, step: Step) -> bool:
        """Wait for room, and hand over; False where nobody takes anything any more."""
        size = len(step.body) if isinstance(step, Page) else 0
        with self._changed:
            self._changed.wait_for(lambda: self._is_gone or self._has_room(size))
            self._steps.append(step)
            self._size += size
            self._changed.notify_all()
            return not self._is_gone

    def _has_room(self, size: int) -> bool:
        return not self._steps or (len(self._steps) < DEPTH and self._size + size <= MOST_BYTES)

    def take(self) -> Step | None:
        """The next step; None after the last."""
        with self._changed:
            self._changed.wait_for(lambda: self._steps or self._is_over)
            if not self._steps:
                return None
            step = self._steps.popleft()
            self._size -= len(step.body) if isinstance(step, Page) else 0
            self._changed.notify_all()
            return step

    def end(self) -> None:
        """Nothing comes any more."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def leave(self) -> None:
        """Nothing is taken any more."""
        with self._changed:
            self._is_gone = True
            self._changed.notify_all()


def read_ahead(steps: Iterator[Step], halt: Halt) -> Generator[Step, None, None]:
    """The same steps in the same order, read by a thread of their own; what fails there is raised here.

    ``halt`` is called off when whoever takes the steps goes away.
    """
    waiting = _Waiting()

    def read() -> None:
        try:
            for step in steps:
                if not waiting.put(step):
                    return
        finally:
            waiting.end()

    with ThreadPoolExecutor(1, "asbuilt-read") as reader:
        reading = reader.submit(read)
        is_over = False
        try:
            while (step := waiting.take()) is not None:
                yield step
            is_over = True
        finally:
            waiting.leave()
            if not is_over:
                halt.call_off()
        reading.result()
