"""Reading a forge: what the rest hangs on first, then part by part, each from its mark.

1. What is not seen at all is an error, not a gap.
2. A part that gets no answer leaves a gap, and the others are read all the same.
3. A limit or a token that ends here stops the reading: what was got stays, a gap says the rest, a mark says where.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.sources.github.asking import TokenRefusedError
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.http import Client, Reply, UnansweredError
from asbuilt.sources.limits import LimitReachedError
from asbuilt.sources.moments import text_of
from asbuilt.sources.steps import Step

Part = Callable[[Reading], Iterator[Step]]


class Forge(NamedTuple):
    """A forge: its name, that of its records, its public host, how it says no, and what is done about that."""

    name: str
    word: str
    host: str
    said: Callable[[Reply], str]
    fix: str

    def source_name(self, client: Client, subject: str) -> str:
        """How records name a subject: ``github:owner/name``; of a host of one's own with the host before it."""
        host = "" if client.base.host == self.host else f"{client.base.netloc.decode('ascii')}/"
        return f"{self.word}:{host}{subject}"


def read_first(reading: Reading, forge: Forge, first: Iterator[Step], outcome: Outcome) -> Iterator[Step]:
    """(1) What the rest hangs on.

    Raises:
        SourceError: it cannot be seen.
    """
    try:
        steps = list(first)
    except LimitReachedError as error:
        yield _stopped(reading.repository, error)
        return
    if outcome.refused is not None or not outcome.is_whole:
        raise _unseen(reading.repository, forge, outcome, steps)
    yield from steps


def read_parts(reading: Reading, parts: tuple[Part, ...]) -> Iterator[Step]:
    """(2) Part by part; nothing where the limit was used up before anything could be asked."""
    if not reading.now:
        return
    for part in parts:
        try:
            yield from part(reading)
        except (LimitReachedError, TokenRefusedError) as error:
            # (3)
            yield _stopped(reading.repository, error)
            yield reading.mark()
            return
        except UnansweredError as error:
            place = part.__name__.removeprefix("read_")
            yield Gap(
                "GAP-UNREAD",
                f"The {place} of {reading.repository} were not read to their end.",
                f"{error.what} {error.why}".strip(),
                error.fix,
                f"{place} {reading.repository}",
            )
        yield reading.mark()


def _unseen(subject: str, forge: Forge, outcome: Outcome, steps: list[Step]) -> SourceError:
    reply = outcome.refused
    if reply is None:
        why = next((step.why for step in steps if isinstance(step, Gap)), "")
        return SourceError(f"{subject} could not be read.", why=why, fix="Run the same command again later.")
    return SourceError(
        f"{subject} could not be read.",
        why=f"{reply.request} answers {reply.status}: {forge.said(reply)}. {forge.name} answers 404 both for what "
        "is not there and for what the token may not see.",
        fix=forge.fix,
    )


def _stopped(subject: str, error: SourceError) -> Gap:
    if isinstance(error, LimitReachedError):
        return Gap(
            "GAP-LIMIT",
            f"{subject} was not read to its end: the forge's limit is used up.",
            f"It takes requests again at {text_of(error.until)}.",
            "Run the same command again then; it goes on from where it is.",
            subject,
        )
    return Gap("GAP-TOKEN", f"{subject} was not read to its end: {error.what}", error.why, error.fix, subject)
