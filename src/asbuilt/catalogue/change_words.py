"""Words of commit messages that mean something to an auditor: ``change_words.toml``, loaded."""

import re
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from asbuilt.model.errors import CatalogueError

SOURCE = Path(__file__).with_name("change_words.toml")


class EmergencyEntry(msgspec.Struct, frozen=True):
    """One way in which a change says that it skipped the ordinary road."""

    id: str
    where: Literal["subject", "branch", "trailer"]
    pattern: str
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]


class TicketWords(msgspec.Struct, frozen=True):
    """Upper-case words before ``-<digits>`` that are no tracker's project key."""

    never: frozenset[str]
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]


class ChangeWords:
    """The loaded words, with one compiled test for each place."""

    __slots__ = ("_hints", "_patterns", "emergency", "tickets")

    def __init__(self, emergency: tuple[EmergencyEntry, ...], tickets: TicketWords, hints: tuple[str, ...]) -> None:
        self.emergency = emergency
        self.tickets = tickets
        self._hints = tuple(hint.lower() for hint in hints)
        self._patterns = {
            where: re.compile(
                "|".join(f"(?:{entry.pattern})" for entry in emergency if entry.where == where), re.IGNORECASE
            )
            for where in {entry.where for entry in emergency}
        }

    def may_be_emergency(self, message: str) -> bool:
        """Whether any word of an emergency stands anywhere in a message: quick, so that few are read closely."""
        lowered = message.lower()
        return any(hint in lowered for hint in self._hints)

    def is_emergency(self, where: Literal["subject", "branch", "trailer"], text: str) -> bool:
        """Whether the text, standing in that place, declares an emergency."""
        pattern = self._patterns.get(where)
        return pattern is not None and pattern.search(text) is not None


class _File(msgspec.Struct, frozen=True):
    emergency: tuple[EmergencyEntry, ...]
    tickets: TicketWords
    emergency_hints: tuple[str, ...]


def load_change_words(file: Path = SOURCE) -> ChangeWords:
    """The words of the catalogue.

    Raises:
        CatalogueError: the file is malformed.
    """
    try:
        raw = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _File)
        return ChangeWords(raw.emergency, raw.tickets, raw.emergency_hints)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error) as error:
        raise CatalogueError(
            "The list of words in changes is malformed.", why=str(error), fix="Mend the entry.", where=str(file)
        ) from error
