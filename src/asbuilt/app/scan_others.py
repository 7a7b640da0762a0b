"""Running other scanners over a copy of some files, without network as far as it can be had, within a time limit.

1. Only a program from the path is run, never one that belongs to what is scanned.
2. The files are copied into a folder of ours, without settings of scanners; nothing else is in it.
3. It runs with an environment of ours, in an empty folder, in a network of its own where the system allows that.
4. Past its time it is ended with all that it started; that, and a failure, is told and is never "nothing found".
5. What it prints is read as any report is, and its findings are shown with lines of the copy, never with secrets.
"""

import os
import posixpath
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from asbuilt.app.scanners import IGNORING, Scanner, command_of, environment_of, is_setting
from asbuilt.model.component import Unread
from asbuilt.model.errors import SourceError
from asbuilt.model.finding import CodeFinding, RuleNote, ScannerReport
from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.model.text import path_bytes, visible
from asbuilt.scans.decoding import as_text
from asbuilt.scans.lines import Lines
from asbuilt.scans.reading import read_scan
from asbuilt.scans.surroundings import is_test

MOST_PRINTED: Final = 256 << 20  # bytes
_BANDIT_TEST = re.compile(r"^\s+(B\d{3})\s+(\w+)", re.MULTILINE)
_ANSWER: Final = 60  # seconds that a scanner has to say its version


class Outside(NamedTuple):
    """What other scanners told: of each a report, and their findings."""

    reports: tuple[ScannerReport, ...]
    findings: tuple[CodeFinding, ...]


class Copy:
    """A copy of files in a folder of ours, for scanners to look at."""

    def __init__(self, folder: Path, scanners: Sequence[Scanner]) -> None:
        self.root = folder / "files"
        self.root.mkdir()
        self.home = folder / "home"
        self.home.mkdir()
        # Semgrep leaves out tests and more unless a file says what it leaves out.
        (self.root / ".semgrepignore").write_bytes(b"")
        self.paths: list[str] = []
        self._known: set[str] = set()
        self.settings: list[str] = []
        self.unread: list[Unread] = []
        self._scanners = scanners

    def put(self, path: str, data: bytes) -> None:
        """(2) Take one file, if a scanner looks at such."""
        if is_setting(path):
            self.settings.append(path)
            return
        if posixpath.basename(path) in IGNORING:
            return
        if not any(each.looks_at(path) for each in self._scanners):
            return
        target = Path(os.fsdecode(os.path.join(os.fsencode(self.root), path_bytes(path))))  # noqa: PTH118 - bytes
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(data)
        except OSError as error:
            self.unread.append(Unread(path=path, why=f"It cannot be copied for other scanners: {error.strerror}."))
            return
        self.paths.append(path)
        self._known.add(path)

    def lines(self, path: str) -> Lines | None:
        """A file that was copied, by its lines."""
        if path not in self._known:
            return None
        text = as_text((self.root / path).read_bytes())
        return None if text is None else Lines(text)


@contextmanager
def copying(scanners: Sequence[Scanner]) -> Iterator[Copy]:
    """A copy that is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="asbuilt-scan-") as folder:
        yield Copy(Path(os.path.realpath(folder)), scanners)


def find_program(scanner: Scanner, top: Path | None, tracked: Collection[str]) -> Path | str:
    """(1) The program, or why it is not run, as a sentence."""
    found = shutil.which(scanner.program, path=_path())
    if found is None:
        return f"It is not installed: there is no {scanner.program} on the path."
    program = Path(os.path.realpath(found))
    if top is not None:
        for place in (Path(found).absolute(), program):
            if place.is_relative_to(top) and place.relative_to(top).as_posix() in tracked:
                return "The program on the path belongs to what is scanned, and is not run."
    return Path(found)


def _path() -> str:
    """The path without relative folders."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(each for each in folders if os.path.isabs(each))  # noqa: PTH117 - of text


def run_scanner(scanner: Scanner, program: Path, copy: Copy, *, rules: Path | None, seconds: int) -> Outside:
    """Run one scanner over a copy, and read what it tells."""
    looked = tuple(path for path in copy.paths if scanner.looks_at(path))
    if not looked:
        return _idle(scanner)
    if scanner.needs_rules and rules is None:
        return _not_run(scanner, "It has no rules without network: give it yours with --semgrep-rules.")
    report = copy.home / f"{scanner.program}.json"
    places = {"root": str(copy.root), "rules": str(rules), "report": str(report), "home": str(copy.home)}
    environment = environment_of(scanner, _path(), copy.home)
    version = _version(scanner, program, environment)
    code, told = _run(command_of(scanner, program, places), environment, copy.home, seconds)
    told = report.read_bytes() if report.is_file() else told
    if code is None:
        return _failed(scanner, version, f"It did not end within {seconds:,} seconds.")
    if code not in scanner.fine and not told.strip():
        return _failed(scanner, version, f"It ended with exit code {code} and told nothing.")
    try:
        reading = read_scan(told or b"[]", scanner.program, salt=b"shown", tool=scanner.format)
    except SourceError as error:
        return _failed(scanner, version, f"What it told cannot be read: {error.why}")
    ended = _Ended(scanner, copy, code, version, _known_rules(scanner, program, environment), looked)
    outsides = [ended.told(run) for run in reading.runs]
    return Outside(
        tuple(report for each in outsides for report in each.reports),
        tuple(finding for each in outsides for finding in each.findings),
    )


def _run(
    command: Sequence[str], environment: dict[str, str], folder: Path, seconds: int
) -> tuple[int | None, bytes]:
    """(3), (4) The exit code (None: it was ended) and what it printed."""
    with tempfile.TemporaryFile() as printed:
        try:
            process = subprocess.Popen(
                [*network_off(), *command],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )
        except OSError:
            return 127, b""
        try:
            code: int | None = process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _end(process)
        printed.seek(0)
        return code, printed.read(MOST_PRINTED + 1)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@cache
def network_off() -> tuple[str, ...]:
    """What a command begins with to have a network of its own, empty; nothing where there is none."""
    unshare = shutil.which("unshare", path=_path())
    words = ("--user", "--map-root-user", "--net", "--")
    if (
        unshare is None
        or subprocess.run([unshare, *words, "true"], capture_output=True, check=False).returncode != 0
    ):
        return ()
    return (unshare, *words)


def _version(scanner: Scanner, program: Path, environment: dict[str, str]) -> str | None:
    _, told = _run([str(program), *scanner.version], environment, Path(environment["HOME"]), _ANSWER)
    found = re.search(rb"\d+(?:\.\d+)+[\w.-]*", told[:2000])
    return None if found is None else visible(found[0].decode(), 40)


def _known_rules(scanner: Scanner, program: Path, environment: dict[str, str]) -> tuple[RuleNote, ...]:
    """All that Bandit looks for, so that silence on one of its tests means something later."""
    if scanner.program != "bandit":
        return ()
    _, told = _run([str(program), "--help"], environment, Path(environment["HOME"]), _ANSWER)
    found = _BANDIT_TEST.findall(told.decode("utf-8", "replace"))
    return tuple(RuleNote(own, name.replace("_", " ")) for own, name in sorted(set(found)))


class _Ended(NamedTuple):
    """How a scanner ended: its exit code, its version, all that it looks for, the files that it had."""

    scanner: Scanner
    copy: Copy
    code: int
    version: str | None
    known: tuple[RuleNote, ...]
    looked: tuple[str, ...]

    def told(self, run: ScanRun) -> Outside:
        """(5) One run as a report and findings."""
        scanner, copy = self.scanner, self.copy
        names = {own.id for own in self.known}
        titles = {own.rule: own.message for own in run.results if own.rule not in names}
        listed = tuple(sorted(own for each in run.files or () if (own := _inner(each, copy))))
        whole = run.succeeded is not False and self.code in scanner.fine
        unread = tuple(Unread(path="", why=visible(own.replace(f"{copy.root}/", ""), 400)) for own in run.unread)
        why = (
            None if network_off() else "It was asked to stay offline: the system has no network of its own for it."
        )
        if not whole:
            why = f"It ended with exit code {self.code}." if self.code else "It says that it failed."
        report = ScannerReport(
            name=scanner.name,
            kind=scanner.kind,
            standing="failed" if not whole else "in part" if unread or copy.unread else "ran",
            looks_for=scanner.looks_for,
            version=run.version or self.version,
            why=why,
            files=listed or self.looked,
            rules=(*self.known, *(RuleNote(own, title) for own, title in sorted(titles.items()))),
            unread=(*copy.unread, *unread),
            left_out=tuple(sorted(copy.settings)),
        )
        return Outside((report,), tuple(_finding(scanner, result, copy) for result in run.results))


def _finding(scanner: Scanner, result: ScanResult, copy: Copy) -> CodeFinding:
    path = _inner(result.path or "", copy) or ""
    first, last = result.line or 1, result.end_line or result.line or 1
    lines = None if result.is_secret else copy.lines(path)
    return CodeFinding(
        scanner=scanner.name,
        rule=result.rule,
        severity="info" if result.severity == "low" and is_test(path) else result.severity,
        message=result.message.replace(f"{copy.root}/", ""),
        path=path,
        line=first,
        end_line=last,
        snippet=None if lines is None else lines.shown(first, last) or None,
        cwe=result.cwe,
        is_secret=result.is_secret,
    )


def _inner(path: str, copy: Copy) -> str | None:
    """A path as it is in the tree; None: it is none of the copy's."""
    root = f"{copy.root}/"
    return path.removeprefix(root) if path.startswith(root) else None


def _idle(scanner: Scanner) -> Outside:
    report = not_run(scanner, "There is no file that it looks at.")
    return Outside((msgspec.structs.replace(report, standing="ran", files=()),), ())


def _not_run(scanner: Scanner, why: str) -> Outside:
    return Outside((not_run(scanner, why),), ())


def not_run(scanner: Scanner, why: str) -> ScannerReport:
    """A scanner that did not run, and why."""
    return ScannerReport(
        name=scanner.name, kind=scanner.kind, standing="not run", looks_for=scanner.looks_for, why=why
    )


def _failed(scanner: Scanner, version: str | None, why: str) -> Outside:
    report = ScannerReport(
        name=scanner.name,
        kind=scanner.kind,
        standing="failed",
        looks_for=scanner.looks_for,
        version=version,
        why=visible(why, 400),
    )
    return Outside((report,), ())
