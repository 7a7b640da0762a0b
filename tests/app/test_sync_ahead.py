"""Reading ahead: the same steps in the same order; what fails there is raised here; who goes away is not waited for."""

import threading
import time
from collections.abc import Iterator

import pytest

from asbuilt.app.sync_ahead import DEPTH, MOST_BYTES, Halt, HaltedError, read_ahead
from asbuilt.model.errors import SourceError
from asbuilt.sources.steps import Expected, Page, Step


def steps(count: int) -> Iterator[Step]:
    return (Expected("x", number, count) for number in range(count))


def test_the_same_steps_in_the_same_order() -> None:
    assert list(read_ahead(steps(1000), Halt())) == list(steps(1000))


@pytest.mark.parametrize("error", [SourceError("It broke."), KeyboardInterrupt()])
def test_what_fails_there_is_raised_here_after_what_came_before(error: BaseException) -> None:
    def failing() -> Iterator[Step]:
        yield from steps(3)
        raise error

    found: list[Step] = []
    with pytest.raises(type(error)):
        found.extend(read_ahead(failing(), Halt()))
    assert found == list(steps(3))


def test_only_so_many_wait() -> None:
    made: list[int] = []

    def counted() -> Iterator[Step]:
        for number in range(DEPTH * 5):
            made.append(number)
            yield Expected("x", number, None)

    reading = read_ahead(counted(), Halt())
    next(reading)
    time.sleep(0.3)
    assert len(made) <= DEPTH + 2
    assert sum(1 for _ in reading) == DEPTH * 5 - 1


def test_whoever_goes_away_wakes_a_reader_that_waits() -> None:
    halt = Halt()
    woken = threading.Event()

    def waiting() -> Iterator[Step]:
        yield Expected("x", 0, None)
        try:
            halt.sleep(3600)
        except HaltedError:
            woken.set()
            raise

    reading = read_ahead(waiting(), halt)
    next(reading)
    begun = time.monotonic()
    reading.close()
    assert woken.is_set()
    assert time.monotonic() - begun < 5


def test_a_halt_that_nobody_calls_off_only_sleeps() -> None:
    slept: list[float] = []
    Halt(slept.append).sleep(7)
    Halt().sleep(0.01)
    assert slept == [7]


def test_only_so_many_bytes_wait_and_one_that_is_larger_waits_alone() -> None:
    made: list[int] = []
    sizes = [MOST_BYTES // 2, MOST_BYTES // 2, 1, MOST_BYTES * 2, 1]

    def pages() -> Iterator[Step]:
        for size in sizes:
            made.append(size)
            yield Page("pulls", "1", bytes(size), 0, "GET /pulls")

    reading = read_ahead(pages(), Halt())
    taken = [next(reading)]
    time.sleep(0.2)
    assert made == sizes[:4]  # two wait, with the third is no room: it was read, and is handed over later
    taken += reading
    assert [len(step.body) for step in taken if isinstance(step, Page)] == sizes
