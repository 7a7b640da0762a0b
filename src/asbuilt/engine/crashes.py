"""A control that crashes must show as unknown, and never vanish: the one place where everything is caught."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from asbuilt.model.text import visible

T = TypeVar("T")


class Crash(msgspec.Struct, frozen=True):
    """What a test that failed said: the kind of the error and its first line, fit to be shown."""

    said: str


def attempt(run: Callable[[], T]) -> T | Crash:
    """What ``run`` gives, or how it crashed."""
    try:
        return run()
    except Exception as error:  # noqa: BLE001 - the one in the code base: a crash must show as unknown, not vanish
        return Crash(visible(f"{type(error).__name__}: {error}".split("\n", 1)[0], 300))
