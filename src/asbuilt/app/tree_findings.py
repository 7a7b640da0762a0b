"""What our own rules find in a tree, for an inspection: by who wrote the line that each finding stands on.

1. Search the tree of one commit; a search with the same rules of the same tree is kept, and not made again.
2. Ask for the attribution of each flagged line.
3. Count by attribution and severity; what a comment accepts is counted apart.
"""

import hashlib
import importlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from asbuilt import __version__
from asbuilt.app.config import Config
from asbuilt.history.git import Repository
from asbuilt.history.origins.container import Damaged, open_container, write_container
from asbuilt.model.attribution import Authorship
from asbuilt.model.finding import CodeFinding, Scan
from asbuilt.model.inspection import Gap
from asbuilt.model.origin import LineRun
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import visible
from asbuilt.model.tree_content import PlacedFinding, TreeFindings

MOST: Final = 300  # findings that are listed
FILE: Final = "{tip}.findings"
SEVERITIES: Final = ("critical", "high", "medium", "low", "info")
_KEPT: Final = 3  # searches of so many revisions are kept
_TEXT: Final = "text"


class FindingPlaces:
    """The findings of a tree on their way to the attribution of their lines."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self._wanted: dict[str, set[int]] = defaultdict(set)
        for own in scan.findings:
            self._wanted[own.path].add(own.line)
        self._runs: dict[tuple[str, int], LineRun] = {}

    def passing(self, runs: Iterable[LineRun]) -> Iterator[LineRun]:
        """(2) The same runs of lines; those that a finding stands on are remembered."""
        for run in runs:
            if run.path in self._wanted:
                for line in self._wanted[run.path]:
                    if run.first <= line <= run.last:
                        self._runs[run.path, line] = run
            yield run

    def count(self) -> TreeFindings:
        """(3) All of it, once every run has passed."""
        open_ones = [own for own in self.scan.findings if own.accepted is None]
        weighty = [own for own in open_ones if own.severity != "info"]
        by_attribution = {kind.value: dict.fromkeys(SEVERITIES, 0) for kind in Authorship}
        placed = [self._placed(own) for own in open_ones]
        for own in placed:
            by_attribution[own.attribution][own.severity] += 1
        placed.sort(key=lambda own: (SEVERITIES.index(own.severity), own.path, own.line, own.rule))
        languages = {
            cover.language: cover.files
            for report in self.scan.scanners
            for cover in report.covered
            if cover.language != _TEXT
        }
        texts = max(
            (cover.files for report in self.scan.scanners for cover in report.covered if cover.language == _TEXT),
            default=0,
        )
        rules = Counter(own.rule for own in weighty)
        return TreeFindings(
            open=len(weighty),
            info=len(open_ones) - len(weighty),
            accepted=len(self.scan.findings) - len(open_ones),
            by_attribution=by_attribution,
            by_rule=dict(sorted(rules.items(), key=lambda each: (-each[1], each[0]))),
            languages=languages,
            uncovered=dict(self.scan.uncovered),
            texts=texts,
            unread=sum(len(report.unread) for report in self.scan.scanners),
            findings=tuple(placed[:MOST]),
            others=tuple(other for report in self.scan.scanners for other in report.others),
        )

    def _placed(self, own: CodeFinding) -> PlacedFinding:
        run = self._runs.get((own.path, own.line))
        return PlacedFinding(
            rule=own.rule,
            severity=own.severity or "high",  # what has none is not taken for harmless
            message=own.message,
            path=own.path,
            line=own.line,
            commit=run.writing if run is not None and not run.boundary else None,
            attribution=run.authorship.value if run is not None else Authorship.UNKNOWN.value,
            tool=run.tool if run is not None else None,
        )


def search_tree(
    repository: Repository, commit: str, config: Config, folder: Path | None, on: Listener = silent
) -> FindingPlaces | None:
    """What our own rules find in the tree of a commit; None where their engine is not installed.

    ``folder`` is where a search is kept (None: nowhere).

    Raises:
        UsageError, SourceError: see ``model.errors``.
    """
    on("Searching the code by own rules", 0, None)
    # (1)
    sign = _sign(config)
    scan = _kept(folder, commit, sign)
    if scan is None:
        scanning: Any = importlib.import_module("asbuilt.app.scan")
        asked = scanning.Asked(rev=commit, only=(scanning.OWN,), exclude=config.exclude)
        scan = scanning.run_scan(repository.work_tree or repository.git_dir, asked)
        if folder is not None and _has_run(scan):
            _keep(folder, commit, sign, scan)
    return FindingPlaces(scan) if _has_run(scan) else None


def findings_gaps(found: FindingPlaces | None) -> tuple[Gap, ...]:
    """What of the code was not searched."""
    if found is None:
        return (
            Gap(
                "GAP-FINDINGS",
                "The code was not searched by own rules: their engine is not installed.",
                "Whether secrets or weaknesses stand in it is not known from this inspection.",
                "pip install 'asbuilt[scans]'",
            ),
        )
    unread = [each for report in found.scan.scanners for each in report.unread]
    if not unread:
        return ()
    return (
        Gap(
            "GAP-FINDINGS",
            f"{len(unread):,} {'file was' if len(unread) == 1 else 'files were'} not searched by own rules.",
            f"The first: {visible(unread[0].why, 300)}",
            "See each: asbuilt scan --only own",
            path=visible(unread[0].path, 300),
            count=len(unread),
        ),
    )


def _has_run(scan: Scan) -> bool:
    return any(report.standing != "not run" for report in scan.scanners)


@cache
def _rules_digest() -> str:
    """What our own rules are: a digest of their files and of what runs them."""
    seen = hashlib.blake2b(digest_size=12)
    scans: Any = importlib.import_module("asbuilt.scans")
    for top in scans.__path__:
        for file in sorted(Path(top).rglob("*")):
            if file.suffix in {".py", ".toml", ".yml"}:
                seen.update(file.name.encode() + b"\0" + file.read_bytes())
    return seen.hexdigest()


def _sign(config: Config) -> str:
    """What a search depends on beside the tree."""
    told = msgspec.json.encode([__version__, _rules_digest(), config.exclude, config.guards, config.public_routes])
    return hashlib.blake2b(told, digest_size=12).hexdigest()


def _kept(folder: Path | None, tip: str, sign: str) -> Scan | None:
    container = open_container(folder / FILE.format(tip=tip)) if folder is not None else None
    if container is None or container.meta.get("sign") != sign:
        return None
    try:
        return msgspec.msgpack.decode(container.section("scan"), type=Scan)
    except (Damaged, msgspec.DecodeError):
        return None


def _keep(folder: Path, tip: str, sign: str, scan: Scan) -> None:
    # Which files were read, and what rules say, is a large part of it that nobody asks for here.
    slim = [msgspec.structs.replace(own, files=None, rules=()) for own in scan.scanners]
    kept = msgspec.structs.replace(scan, scanners=tuple(slim))
    try:
        write_container(
            folder / FILE.format(tip=tip), {"sign": sign}, {"scan": ("b", msgspec.msgpack.encode(kept))}
        )
        _forget(sorted(folder.glob(FILE.format(tip="*")), key=lambda file: file.stat().st_mtime, reverse=True))
    except OSError:  # a cache that cannot be written costs time, not truth
        return


def _forget(files: Sequence[Path]) -> None:
    for old in files[_KEPT:]:
        old.unlink(missing_ok=True)
