"""JUnit XML: what tests failed. Entities and document types are refused before they can grow.

Source: the Ant schema of JUnit, as pytest, Maven Surefire and Gradle write it: testsuites, testsuite, testcase with
failure, error or skipped.
"""

from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import MOST_DEPTH, Content, moment, text
from asbuilt.scans.making import Making, plain_path

FORMAT: Final = "junit"
_BAD: Final = frozenset({"failure", "error"})


def recognises(content: Content) -> bool:
    """Whether its root is a suite of tests."""
    return content.is_xml and (b"<testsuite" in content.data[:20_000])


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run of tests: it ended well when it is whole and holds a test.

    Raises:
        SourceError: it is no XML, declares a document type, or nests too deep.
    """
    cases = _Cases(content, making)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = cases.begin
    parser.EndElementHandler = cases.end
    parser.StartDoctypeDeclHandler = cases.refuse
    parser.EntityDeclHandler = cases.refuse
    try:
        parser.Parse(content.data, True)
    except expat.ExpatError as error:
        raise content.refused(f"It is no XML: {error}.", "Write the report again.") from error
    yield ScanRun(
        tool=cases.tool or "tests",
        kind="tests",
        ended=cases.ended,
        succeeded=True if cases.count else None,
        rules=None,
        results=tuple(cases.results),
        unread=() if cases.count else ("The report holds no test.",),
    )


class _Cases:
    """What is known while the report is read."""

    def __init__(self, content: Content, making: Making) -> None:
        self._content, self._making = content, making
        self.results: list[ScanResult] = []
        self.count = 0
        self.tool: str | None = None
        self.ended: int | None = None
        self._depth = 0
        self._case: dict[str, str] = {}

    def refuse(self, *_: Any) -> None:
        """A document type, or an entity."""
        raise self._content.refused("It declares a document type or an entity.", "Write the report without them.")

    def begin(self, name: str, told: dict[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise self._content.refused(f"It nests more than {MOST_DEPTH} levels deep.", "Write the report again.")
        if name == "testsuite":
            self.tool = self.tool or text(told.get("name"), 100)
            at = moment(told.get("timestamp"))
            if at is not None:
                self.ended = max(self.ended or 0, at + _seconds(told.get("time")))
        elif name == "testcase":
            self._case = told
            self.count += 1
        elif name in _BAD and self._case:
            case, self._case = self._case, {}
            self.results.append(
                self._making.result(
                    tool=self.tool or "tests",
                    rule=f"{case.get('classname') or ''}.{case.get('name') or ''}".strip("."),
                    message=told.get("message") or name,
                    path=plain_path(case.get("file")),
                    line=case.get("line"),
                    is_secret=False,
                )
            )

    def end(self, _: str) -> None:
        """An element ends."""
        self._depth -= 1


def _seconds(told: str | None) -> int:
    try:
        seconds = float(told or 0)
    except ValueError:
        return 0
    return int(seconds) if 0 <= seconds < 10**6 else 0
