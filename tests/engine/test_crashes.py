"""A crash is told in one line, and nothing gets past it."""

from asbuilt.engine.crashes import Crash, attempt


def fail() -> int:
    raise ZeroDivisionError("a\x1b[31m\nb")


def test_what_runs_gives_its_value_and_what_crashes_is_told() -> None:
    assert attempt(lambda: 3) == 3
    assert attempt(fail) == Crash("ZeroDivisionError: a\\x1b[31m")


def test_whoever_stops_the_run_stops_it() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    try:
        attempt(stop)
    except KeyboardInterrupt:
        return
    raise AssertionError
