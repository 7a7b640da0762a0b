"""``asbuilt scan``: our own rules, and the scanners that are installed, over a work tree, a revision or a folder.

1. The files are listed; what is left out is counted, what cannot be read is named.
2. Our own rules look at each file once; a copy of the files is made for the other scanners on the way.
3. The other scanners run over the copy.
4. With ``against``, the files that differ are scanned as they were there, and what was found there too is not new.
5. Comments that accept a finding of another scanner are joined to it, as those of our own are.
"""

import importlib
import importlib.util
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from posixpath import splitext
from typing import Any, Final

import msgspec

from asbuilt import __version__
from asbuilt.app.config import Config, read_config
from asbuilt.app.exclusion import Exclusion
from asbuilt.app.scan_others import Copy, copying, find_program, not_run, run_scanner
from asbuilt.app.scan_routes import RouteFindings
from asbuilt.app.scan_tree import File, Tree, blob_id, plain_folder, revision_tree, work_tree
from asbuilt.app.scanners import SCANNERS, Scanner, chosen
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.component import Unread
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.finding import SCHEMA, CodeFinding, Scan, Scanned, ScannerReport, Standing
from asbuilt.model.route import OtherFramework
from asbuilt.model.scan import ScanKind
from asbuilt.scans.acceptance import Accepted, acceptances
from asbuilt.scans.decoding import as_text
from asbuilt.scans.rulebook import load_rules

OWN: Final = "own"
ROUTE_RULE: Final = "missing-authentication"
NAMES: Final = (OWN, *(each.program for each in SCANNERS))
_NEEDS: Final = "Its engine is not installed: pip install 'asbuilt[scans]'."
_LOOKS_FOR: Final = (
    "SQL put together from values, values from outside that reach dangerous calls, dangerous defaults, routes "
    "that change something with nothing before them (Python, JavaScript, TypeScript); in Go, Java, PHP, Ruby "
    "and C# only SQL, TLS and hashes of passwords, without following values; settings of data stores and workflows"
)
_SECRETS_FOR: Final = (
    "secrets in every text: tokens of providers, private keys, addresses with passwords, random texts"
)
_OWN_SCANNERS: Final[tuple[tuple[str, ScanKind, str], ...]] = (
    ("AsBuilt", "static-analysis", _LOOKS_FOR),
    ("AsBuilt secret scan", "secret-scan", _SECRETS_FOR),
)
# Code that no rule of ours is for, by what its name ends with.
_OTHER_CODE: Final = {
    ".kt": "Kotlin", ".kts": "Kotlin", ".rs": "Rust",
    ".c": "C", ".h": "C", ".cc": "C++", ".cpp": "C++", ".hpp": "C++", ".swift": "Swift",
    ".scala": "Scala", ".sh": "Shell", ".bash": "Shell", ".ps1": "PowerShell", ".pl": "Perl", ".lua": "Lua",
    ".ex": "Elixir", ".exs": "Elixir", ".erl": "Erlang", ".clj": "Clojure", ".dart": "Dart", ".r": "R",
    ".vue": "Vue", ".svelte": "Svelte", ".ipynb": "Jupyter", ".sql": "SQL", ".tf": "Terraform", ".m": "Objective-C",
}  # fmt: skip


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan is asked for.

    Args:
        rev: a revision; None: the work tree.
        only: names of ``NAMES``; none: all.
        against: a revision whose findings are not new.
        exclude: globs of paths that are left out, and counted.
        semgrep_rules: a file or folder with rules for Semgrep.
        seconds: that each other scanner may take.
    """

    rev: str | None = None
    only: tuple[str, ...] = ()
    against: str | None = None
    exclude: tuple[str, ...] = ()
    semgrep_rules: Path | None = None
    seconds: int = 300


def run_scan(path: str | os.PathLike[str], asked: Asked) -> Scan:
    """Scan a repository, a folder inside its work tree, or a folder that is in no repository.

    Raises:
        UsageError: the path or a revision does not exist, or a revision is asked for where there is no repository.
        SourceError: the repository cannot be read.
    """
    if asked.semgrep_rules is not None and not asked.semgrep_rules.exists():
        raise UsageError(
            f"{str(asked.semgrep_rules)!r} does not exist.", fix="Name a file or a folder with rules, no address."
        )
    try:
        repository = open_repository(path, as_written=True)
    except SourceError:
        top = Path(path).resolve()
        if not top.is_dir() or asked.rev is not None or asked.against is not None:
            raise
        tree = plain_folder(top, Exclusion(asked.exclude))
        return _Scan(asked, None, top, "").scan(nullcontext(tree), None)
    with repository:
        tops = repository.work_tree
        under = "" if tops is None else os.path.relpath(repository.path, tops).replace(os.sep, "/")
        under = "" if under == "." or under.startswith((".git", "..")) else under
        commit = repository.resolve(asked.rev or "HEAD")
        scan = _Scan(asked, repository, tops, under)
        if asked.rev is None and tops is not None:
            tree = work_tree(repository, tops, under, scan.exclusion)
            return scan.scan(nullcontext(tree), commit, is_work_tree=True)
        return scan.scan(revision_tree(repository, commit, under, scan.exclusion), commit)


class _Found(msgspec.Struct):
    """What all scanners told of one tree."""

    findings: list[CodeFinding] = []
    reports: list[ScannerReport] = []
    loose: list[Unread] = []
    accepted: dict[str, list[Accepted]] = {}


class _Scan:
    """One scan while it is made."""

    def __init__(self, asked: Asked, repository: Repository | None, top: Path | None, under: str) -> None:
        self._asked, self._repository, self._top, self._under = asked, repository, top, under
        self.exclusion = Exclusion(asked.exclude)
        self._with_routes = not asked.only or OWN in asked.only
        self._other: Counter[str] = Counter()
        self._no_text = 0
        self._blobs: dict[str, str] = {}

    def scan(self, opened: AbstractContextManager[Tree], commit: str | None, *, is_work_tree: bool = False) -> Scan:
        """All of it."""
        base = None if self._asked.against is None or self._repository is None else self._base(commit)
        with opened as tree:
            config = Config()
            if self._repository is not None and commit is not None:
                config = read_config(self._repository, commit)
            found = self._look(tree, routes=RouteFindings(config))
            excluded, unread = tree.excluded, tree.unread
        findings = found.findings
        if base is not None and self._repository is not None:
            findings = self._compared(self._repository, base, findings)
        reports = [_with_unread(each, unread) if place == 0 else each for place, each in enumerate(found.reports)]
        return Scan(
            schema=SCHEMA,
            program=f"asbuilt {__version__}",
            commit=commit,
            is_work_tree=is_work_tree or commit is None,
            scanners=tuple(reports),
            findings=tuple(sorted(findings, key=lambda own: (own.path, own.line, own.scanner, own.rule))),
            against=base,
            uncovered=tuple(self._other.most_common()),
            no_text=self._no_text,
            excluded=tuple(excluded.most_common()),
            loose=tuple(found.loose),
        )

    def _base(self, commit: str | None) -> str:
        """(4) The commit that both come from, where there is one: what others changed meanwhile is not ours."""
        repository = self._repository
        if repository is None or commit is None:  # pragma: no cover - asked for in a repository alone
            raise UsageError("There is no repository.", fix="Run it in one.")
        named = repository.resolve(self._asked.against or "HEAD")
        common = repository.run("merge-base", named, commit, ok=(0, 1)).decode().split()
        return common[0] if common else named

    def _look(self, tree: Tree, *, routes: RouteFindings | None) -> _Found:
        """(2), (3) Every scanner that is asked for; without ``routes`` it is of files to compare with alone."""
        found = _Found([], [], [], {})
        ready: list[tuple[Scanner, Path]] = []
        tracked = frozenset(file.path for file in tree.files)
        absent: list[ScannerReport] = []
        for scanner in chosen(self._asked.only):
            program = find_program(scanner, self._top, tracked)
            if isinstance(program, str):
                absent.append(not_run(scanner, program))
            else:
                ready.append((scanner, program))
        with copying([scanner for scanner, _ in ready]) as copy:
            files = self._files(tree, copy if ready else None, found, counting=routes is not None)
            if not self._asked.only or OWN in self._asked.only:
                _own(files, found, routes)
            else:
                for _ in files:
                    pass
            for scanner, program in ready:
                told = run_scanner(
                    scanner, program, copy, rules=self._asked.semgrep_rules, seconds=self._asked.seconds
                )
                found.reports += told.reports
                found.findings += [_accepted(own, found.accepted) for own in told.findings]
        found.reports += absent
        used = {(own.path, own.accepted) for own in found.findings if own.accepted is not None}
        ours = {rule.id for rule in load_rules()}
        found.loose += [] if self._asked.only else _unused(found.accepted, used, ours)
        return found

    def _files(
        self, tree: Tree, copy: Copy | None, found: _Found, *, counting: bool
    ) -> Iterator[tuple[str, bytes]]:
        length = 40 if self._repository is None else self._repository.id_length
        for file, data in tree.read():
            if copy is not None:
                copy.put(file.path, data)
            text = as_text(data)
            if text is not None and "asbuilt:" in text:
                found.accepted[file.path] = acceptances(file.path, text)[0]
            if counting:
                self._count(file, data, text, length)
            yield file.path, data

    def _count(self, file: File, data: bytes, text: str | None, length: int) -> None:
        self._no_text += text is None
        language = _OTHER_CODE.get(splitext(file.path)[1].casefold())
        if language is not None and text is not None:
            self._other[language] += 1
        if self._asked.against is not None:
            self._blobs[file.path] = file.blob or blob_id(data, length=length)

    def _compared(self, repository: Repository, base: str, findings: Sequence[CodeFinding]) -> list[CodeFinding]:
        """(4) Which findings are new: those in files that differ, more of which are here than there."""
        routes = RouteFindings(read_config(repository, base))
        with revision_tree(repository, base, self._under, self.exclusion) as tree:
            same = {file.path for file in tree.files if self._blobs.get(file.path) == file.blob}
            touched = {own.path for own in findings} - same
            files: list[File] = []
            for path, data in routes.passing((file.path, data) for file, data in tree.read()):
                if path in touched:
                    files.append(File(path, None, partial(bytes, data)))
            before = Counter(_key(own) for own in self._look(Tree(files, [], Counter()), routes=None).findings)
        # Whether something stands before a route may be told in another file than its own.
        unguarded = routes.found()[0] if self._with_routes and _has_engine() else ()
        before.update(_key(own) for own in unguarded)
        marked = []
        for own in findings:
            known = (own.path in same and own.rule != ROUTE_RULE) or before[_key(own)] > 0
            before[_key(own)] -= 1
            marked.append(msgspec.structs.replace(own, is_new=not known))
        return marked


def _has_engine() -> bool:
    return importlib.util.find_spec("ast_grep_py") is not None


def _own(files: Iterator[tuple[str, bytes]], found: _Found, routes: RouteFindings | None) -> None:
    """(2) Our own rules; where their engine is not installed, that is told."""
    rules = load_rules()
    code = tuple(rule.note for rule in rules if rule.text is None)
    secrets = tuple(rule.note for rule in rules if rule.text is not None)
    names: Any
    try:
        names = importlib.import_module("asbuilt.scans.scanning")
    except ImportError:
        for _ in files:
            pass
        found.reports += _without_engine()
        return
    told: Scanned = names.scan_files(files if routes is None else routes.passing(files), rules)
    unread = list(told.unread)
    others: tuple[OtherFramework, ...] = ()
    if routes is not None:
        unguarded, table, note = routes.found()
        found.findings += unguarded
        code, others = (*code, note), table.others
        named = {own.path for own in unread}
        unread += [own for own in table.unread if own.path not in named]
    in_code = tuple(own for own in told.covered if own.language != "text")
    found.findings += told.findings
    found.loose += told.loose
    standing: Standing = "in part" if unread else "ran"
    found.reports += [
        ScannerReport(
            name=names.SCANNER,
            kind="static-analysis",
            standing=standing,
            looks_for=_LOOKS_FOR,
            version=__version__,
            covered=in_code,
            files=told.read,
            rules=code,
            unread=tuple(unread),
            others=others,
        ),
        ScannerReport(
            name=names.SCANNER_OF_TEXT,
            kind="secret-scan",
            standing="ran",
            looks_for=_SECRETS_FOR,
            version=__version__,
            covered=tuple(own for own in told.covered if own.language == "text"),
            files=told.searched,
            rules=secrets,
        ),
    ]


def _without_engine() -> list[ScannerReport]:
    """What our own rules would look for, had they their engine."""
    return [
        ScannerReport(name=name, kind=kind, standing="not run", looks_for=looks_for, why=_NEEDS)
        for name, kind, looks_for in _OWN_SCANNERS
    ]


def _with_unread(report: ScannerReport, unread: Sequence[Unread]) -> ScannerReport:
    """(1) What could not be read is nobody's alone: it is told once, with the first scanner."""
    if not unread:
        return report
    standing = "in part" if report.standing == "ran" else report.standing
    return msgspec.structs.replace(report, unread=(*report.unread, *unread), standing=standing)


def _accepted(finding: CodeFinding, accepted: dict[str, list[Accepted]]) -> CodeFinding:
    """(5) A finding of another scanner, with the comment that accepts it."""
    lines = range(finding.line, finding.end_line + 1)
    by = next(
        (
            own.told
            for own in accepted.get(finding.path, ())
            if own.told.rule == finding.rule and not own.lines.isdisjoint(lines)
        ),
        None,
    )
    return msgspec.structs.replace(finding, accepted=by)


def _unused(accepted: dict[str, list[Accepted]], used: set[Any], ours: set[str]) -> list[Unread]:
    """(5) Comments about rules of other scanners that meet nothing; those about ours were told before."""
    return [
        Unread(path=path, line=own.told.line, why=f"A comment accepts {own.told.rule}, which finds nothing there.")
        for path, all_of_it in accepted.items()
        for own in all_of_it
        if (path, own.told) not in used and own.told.rule not in ours
    ]


def _key(finding: CodeFinding) -> tuple[str, str, str, str]:
    """(4) What makes two findings the same: all but the number of the line."""
    shown = re.sub(r"\s+", " ", finding.snippet or finding.message)
    return finding.scanner, finding.rule, finding.path, shown
