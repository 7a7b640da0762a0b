"""Making results out of what a report tells: bounded, visible, without secrets."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from asbuilt.model.scan import ScanResult, Severity, Suppressed
from asbuilt.scans.content import Content, text, whole
from asbuilt.scans.secrecy import Redaction, is_masked, is_secret_rule, keyed_hash, scrub

MOST_RESULTS: Final = 500_000  # of one report
MOST_FILES: Final = 200_000  # that a run says it looked at
_MOST_SENTENCES: Final = 100
_MOST_TEXTS: Final = 10_000  # names of rules and files that are kept once
_WORDS: Final[dict[str, Severity]] = {
    "critical": "critical", "blocker": "critical",
    "high": "high", "error": "high", "major": "high", "important": "high",
    "medium": "medium", "moderate": "medium", "warning": "medium", "warn": "medium",
    "low": "low", "minor": "low", "negligible": "low", "note": "low",
    "info": "info", "informational": "info", "information": "info", "inventory": "info",
    "experiment": "info", "none": "info",
}  # fmt: skip
_CWE = re.compile(r"cwe[-_/: ]{0,3}0*(\d{1,5})", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_URL = re.compile(r"https?://[\x21-\x7e]{1,900}")


def severity(told: object) -> Severity | None:
    """A word of a tool, or a CVSS score, as one of five; None: not told, or not known."""
    if isinstance(told, str):
        word = _WORDS.get(told.strip().casefold())
        if word is not None:
            return word
        try:
            told = float(told)
        except ValueError:
            return None
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told <= 10:
        return None
    return "critical" if told >= 9 else "high" if told >= 7 else "medium" if told >= 4 else "low"


def cwes(told: object) -> tuple[str, ...]:
    """``CWE-79`` and the like, out of any text or list of texts; a bare number is one too."""
    found: dict[str, None] = {}
    for each in told if isinstance(told, list) else [told]:
        if isinstance(each, int) and not isinstance(each, bool) and each > 0:
            found[f"CWE-{each}"] = None
        elif isinstance(each, str):
            found |= dict.fromkeys(f"CWE-{number}" for number in _CWE.findall(each[:500]))
    return tuple(found)[:20]


def commit_id(told: object) -> str | None:
    """A whole commit id; None: it is none."""
    return told if isinstance(told, str) and _COMMIT.fullmatch(told) else None


def web_address(told: object) -> str | None:
    """An address that a browser opens; None: it is none."""
    return told if isinstance(told, str) and _URL.fullmatch(told) else None


def plain_path(told: object, roots: Iterable[str] = ()) -> str | None:
    """A path with forward slashes, without a root of the checkout; None: it is none."""
    if not isinstance(told, str) or not told:
        return None
    path = told[:4000].replace("\\", "/")
    for root in roots:
        if root and path.startswith(root.rstrip("/") + "/"):
            path = path[len(root.rstrip("/")) + 1 :]
            break
    if path.startswith("file:"):
        path = urlsplit(path).path
    while path.startswith("./"):
        path = path[2:]
    return text(unquote(path) if "%" in path and told.startswith("file:") else path, 1000)


class Making:
    """What is shared while one report is read: its key, the secrets that were seen, what could not be read.

    ``gather`` puts the results of a run together; ``rewrite``, set by a reader, gives a large report without its
    secrets, in parts.
    """

    def __init__(
        self,
        content: Content,
        salt: bytes,
        gather: Callable[[Iterator[ScanResult]], Sequence[ScanResult]] = tuple,
    ) -> None:
        self.content, self.gather = content, gather
        self.secrets: set[str] = set()
        self.has_secrets = False  # whether any result is about one
        self.rewrite: Callable[[Redaction], Iterator[bytes]] | None = None
        self._salt = salt
        self._count = 0
        self._texts: dict[str, str] = {}  # names of rules and files, each kept once

    def secret(self, *values: object) -> str | None:
        """Take note of a secret's value, and of texts that hold it, and give the value's keyed hash.

        None: the first of them is no value, or masked: hashes of masks would make all secrets one.
        """
        found = [value for value in values if isinstance(value, str) and value.strip("* ")]
        self.secrets.update(found)
        self.secrets.update(line.strip() for value in found for line in value.splitlines())
        return None if is_masked(values[0]) else keyed_hash(self._salt, "secret", str(values[0]))

    def snippet(self, told: object) -> str | None:
        """The keyed hash of flagged lines, however they are indented; None: there are none."""
        lines = " ".join(told.split()) if isinstance(told, str) else ""
        return keyed_hash(self._salt, "snippet", lines) if lines else None

    def result(
        self,
        *,
        tool: str,
        rule: object,
        message: object,
        title: object = None,
        path: str | None = None,
        line: object = None,
        end_line: object = None,
        cwe: tuple[str, ...] = (),
        is_secret: bool | None = None,
        **more: Any,
    ) -> ScanResult:
        """One result; of one about a secret, ``title`` of the rule is shown and never the message.

        Raises:
            SourceError: the report has too many.
        """
        self._count += 1
        if self._count > MOST_RESULTS:
            raise self.content.refused(
                f"It has more than {MOST_RESULTS:,} results.", "Write a report for each part."
            )
        named = text(rule, 300) or "?"
        secret = is_secret_rule(tool, named, cwe) if is_secret is None else is_secret
        shown = (text(title) or f"A secret, found by {named}.") if secret else text(message) or text(title) or named
        self.has_secrets = self.has_secrets or secret
        first = whole(line)
        return ScanResult(
            tool=tool,
            rule=self._once(scrub(named)),
            message=scrub(shown),
            path=None if path is None else self._once(scrub(path)),
            line=first,
            end_line=whole(end_line) or first,
            cwe=cwe,
            is_secret=secret,
            **more,
        )

    def _once(self, told: str) -> str:
        if len(self._texts) >= _MOST_TEXTS:
            self._texts.clear()
        return self._texts.setdefault(told, told)

    def package(self, ecosystem: str, name: object, version: object) -> dict[str, Any]:
        """The columns of a dependency."""
        return {"package": text(f"{ecosystem}:{name}" if ecosystem else name, 300), "version": text(version, 200)}


def suppressed(kind: str, by: object = None, reason: object = None) -> Suppressed:
    """That a result was set aside."""
    said = text(reason)
    return Suppressed(kind, text(by, 200), None if said is None else scrub(said))


class Sentences:
    """Sentences of what was not read, gathered: some, and how many more there are."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}
        self._more = 0

    def add(self, sentence: str) -> None:
        """Take one more; one that was said already counts once."""
        sentence = scrub(sentence)
        if len(self._found) < _MOST_SENTENCES:
            self._found[sentence] = None
        elif sentence not in self._found:
            self._more += 1

    def told(self) -> tuple[str, ...]:
        """What was gathered."""
        return (*self._found, *([f"{self._more:,} more were not read."] if self._more else ()))


def sentences(told: Iterable[str]) -> tuple[str, ...]:
    """Sentences of what was not read: some, and how many more there are."""
    found = Sentences()
    for each in told:
        found.add(each)
    return found.told()


def files(told: Iterable[str | None]) -> frozenset[str] | None:
    """The files that a run looked at; None: it tells none, or so many that nobody can hold them all."""
    found = frozenset(path for path in told if path)
    return found if 0 < len(found) <= MOST_FILES else None
