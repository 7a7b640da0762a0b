"""Which reader reads which registry: found by listing ``readers``."""

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast

from asbuilt.model.registry_facts import PackageFacts
from asbuilt.supply.registry import readers
from asbuilt.supply.registry.answers import Answer, Asked, Probe


class Reader(Protocol):
    """What each module in ``readers`` has."""

    ECOSYSTEM: str
    ACCEPT: str
    PROBES: tuple[Probe, ...]

    @staticmethod
    def asks(base: str, name: str) -> tuple[str, ...]:
        """The addresses to ask about a package, the deciding one first."""
        ...

    @staticmethod
    def asks_more(base: str, name: str, answers: Sequence[Answer]) -> tuple[str, ...]:
        """What to ask besides, now that these answers are there, in the order in which they were asked for.

        Raises:
            RefusedError: an answer cannot be read; ``read`` says so too.
        """
        ...

    @staticmethod
    def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
        """What the answers say."""
        ...


@cache
def list_readers() -> dict[str, Reader]:
    """Every reader, by its ecosystem."""
    names = sorted(each.name for each in pkgutil.iter_modules(readers.__path__))
    found = [cast("Reader", importlib.import_module(f"{readers.__name__}.{name}")) for name in names]
    return {own.ECOSYSTEM: own for own in found}
