"""Reading ahead: while pages are written down, the next ones are asked for already."""

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Full, Queue
from threading import Event
from typing import Final

from asbuilt.sources.steps import Step

DEPTH: Final = 32  # steps that wait at most: so many pages are in memory
_LOOK: Final = 0.2  # seconds after which a reader that cannot hand over looks whether anybody still wants it


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


def read_ahead(steps: Iterator[Step], halt: Halt) -> Generator[Step, None, None]:
    """The same steps in the same order, read by a thread of their own; what fails there is raised here.

    ``halt`` is called off when whoever takes the steps goes away.
    """
    waiting: Queue[Step | None] = Queue(DEPTH)
    gone = Event()

    def hand_over(step: Step | None) -> bool:
        while not gone.is_set():
            try:
                waiting.put(step, timeout=_LOOK)
            except Full:
                continue
            return True
        return False

    def read() -> None:
        try:
            for step in steps:
                if not hand_over(step):
                    return
        finally:
            hand_over(None)

    with ThreadPoolExecutor(1, "asbuilt-read") as reader:
        reading = reader.submit(read)
        is_over = False
        try:
            while (step := waiting.get()) is not None:
                yield step
            is_over = True
        finally:
            gone.set()
            if not is_over:
                halt.call_off()
        reading.result()
