"""Asking one index about packages: over TLS, one host, within its limits; what fails is unknown and never absent.

1. The index is probed with packages that everybody knows; what it tells wrongly of them it is not believed in.
2. Each package is asked about; a refusal, a time-out or a server's error is "could not see", with its reason.
3. An index that fails three packages on end is given up: the rest is unknown for that reason.
"""

import contextlib
import itertools
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx
import msgspec

from asbuilt import __version__
from asbuilt.app.registry_index import Index
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.registry_facts import PackageFacts
from asbuilt.sources.http import Client, Reply
from asbuilt.supply.formats import RefusedError
from asbuilt.supply.registry.answers import LONGEST_NAME, Answer, Asked, not_seen
from asbuilt.supply.registry.probing import believed, probe_index
from asbuilt.supply.registry.reading import Reader
from asbuilt.supply.registry.store import ProbedIndex

WORKERS: Final = 4
_FAILURES: Final = 3
_STEPS: Final = frozenset({"", ".", ".."})
_REQUESTS: Final = 12  # about one package
_SECONDS: Final = 20.0  # without a byte


class Way(msgspec.Struct, frozen=True):
    """How indexes are reached: hosts that may be private, and for tests another transport, clock and sleep."""

    private_hosts: frozenset[str] = frozenset()
    transport: Callable[[], httpx.BaseTransport] | None = None
    sleep: Callable[[float], None] = time.sleep


class IndexAsking:
    """One index under questions."""

    def __init__(self, index: Index, reader: Reader, way: Way, now: int) -> None:
        self.index, self._reader, self._way, self._now = index, reader, way, now
        self._failed = 0
        self._gave_up = ""
        self._itself: Answer | None = None
        self.doubted: Mapping[str, str] = {}

    def probe(self) -> ProbedIndex:
        """Find out what the index is to be believed in."""
        # (1)
        names = sorted({own.name for own in self._reader.PROBES})
        told = {own.name: own for own in self._asked(names)}
        if told and all(own.exists is None for own in told.values()):
            self._gave_up = "; ".join(dict.fromkeys(why for own in told.values() for why in own.unknown.values()))
        self.doubted = probe_index(self._reader.PROBES, told)
        return ProbedIndex(self.index.ecosystem, self.index.address, self._now, self.doubted)

    def ask(self, names: Sequence[str]) -> Iterator[PackageFacts]:
        """What the index says of each of these packages, in their order, as far as it is believed."""
        # (2)
        parts = [names[at::WORKERS] for at in range(min(WORKERS, len(names)))]
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            told = list(pool.map(lambda part: list(self._asked(part)), parts))
        for row in itertools.zip_longest(*told):
            yield from (believed(own, self.doubted) for own in row if own is not None)

    def _asked(self, names: Sequence[str]) -> Iterator[PackageFacts]:
        try:
            with self._client() as client:
                for name in names:
                    yield self._one(client, name)
        except UsageError as error:  # the address may not be asked
            for name in names:
                yield not_seen(self.question(name), f"{error.what} {error.fix}".strip().rstrip("."))

    def _client(self) -> Client:
        own, way = self.index, self._way
        host = httpx.URL(own.address).host
        return Client(
            own.address,
            own.token,
            scheme=own.scheme,
            headers={"Accept": self._reader.ACCEPT, "User-Agent": f"asbuilt/{__version__}"},
            private_hosts=way.private_hosts | ({host} if own.is_own else set()),
            max_wait=60,
            transport=None if way.transport is None else way.transport(),
            timeout=_SECONDS,
            sleep=way.sleep,
        )

    def question(self, name: str) -> Asked:
        """What is asked about a package, of whom and when."""
        return Asked(self.index.ecosystem, name, self.index.address, self._now)

    def _one(self, client: Client, name: str) -> PackageFacts:
        asked = self.question(name)
        if self._gave_up:
            return not_seen(asked, self._gave_up)
        if not 0 < len(name) <= LONGEST_NAME:
            return not_seen(asked, f"its name is longer than {LONGEST_NAME} characters")
        if not _STEPS.isdisjoint(re.split("[/:]", name)):  # it would lead out of where packages lie
            return not_seen(asked, "no package can have such a name")
        answers: list[Answer] = []
        due = list(self._reader.asks(self.index.address, name))
        while due and len(answers) < _REQUESTS:
            answers.append(self._kept(client, due.pop(0)))
            if answers[0].status != httpx.codes.OK:
                break
            if due:
                continue
            with contextlib.suppress(RefusedError, RecursionError):  # reading says so
                due += self._reader.asks_more(self.index.address, name, answers)
        # (3)
        facts = self._reader.read(answers, asked)
        silent = next((own for own in answers if own.status is None), None)
        self._failed = self._failed + 1 if facts.exists is None and silent is not None else 0
        if self._failed >= _FAILURES and silent is not None:
            self._gave_up = f"the index was given up after {_FAILURES} failures on end: {silent.why}"
        return facts

    def _kept(self, client: Client, address: str) -> Answer:
        """An answer; what the index says of itself is asked for once."""
        if address != self.index.address:
            return self._answer(client, address)
        if self._itself is None or self._itself.status is None:
            self._itself = self._answer(client, address)
        return self._itself

    def _answer(self, client: Client, address: str) -> Answer:
        try:
            reply: Reply = client.get(address)
        except UsageError:
            raise
        except SourceError as error:
            return Answer(None, why=f"{error.what} {error.why}".strip().rstrip("."))
        return Answer(reply.status, reply.body, modified=reply.headers.get("last-modified", ""))
