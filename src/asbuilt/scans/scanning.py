"""Our own rules over some files: what they find, what was looked at, and what was not.

1. What is no text, or larger than bounds, is not looked at; the latter is named.
2. Texts are searched for secrets first: no line that is shown afterwards may hold one.
3. A file of a language that rules are for is read once, if it holds a word of any of them.
4. Each rule finds places by shape, or calls that a value reaches; two on one line are one finding.
5. In code that tests, a finding has the severity that its rule gives it there; what looks like a secret by its name
   alone is low in prose, which is full of examples.
6. Comments that accept a finding are joined to it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from posixpath import splitext
from typing import Final

from asbuilt.model.component import Unread
from asbuilt.model.finding import Acceptance, CodeFinding, LanguageCover, Scanned
from asbuilt.model.scan import Severity
from asbuilt.scans.acceptance import PROSE, acceptances, unused
from asbuilt.scans.flow.calls import Watch
from asbuilt.scans.flow.code import Place
from asbuilt.scans.flow.following import Called, TooMuch, follow
from asbuilt.scans.lines import Lines, as_text, is_test
from asbuilt.scans.rulebook import Rule
from asbuilt.scans.secret_search import search
from asbuilt.scans.syntax import LANGUAGES, TooDeepError, Tree

SCANNER: Final = "AsBuilt"
SCANNER_OF_TEXT: Final = "AsBuilt secret scan"
LARGEST_CODE: Final = 1 << 20  # bytes of a file whose syntax is read
LARGEST_TEXT: Final = 8 << 20  # bytes of a file that is searched for secrets
_MINIFIED: Final = 600  # bytes of a line, on average
_MOST_OF_ONE: Final = 200  # findings of one rule in one file


def scan_files(files: Iterable[tuple[str, bytes]], rules: Sequence[Rule]) -> Scanned:
    """What rules find in some files, given as path and bytes; nothing of them is executed."""
    scan = _Scan(rules)
    for path, data in files:
        scan.file(path, data)
    return scan.result()


class _Scan:
    """What is gathered while files are looked at."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._ids = {rule.id for rule in rules}  # what accepts a rule of another scanner is not judged here
        self._text = [rule for rule in rules if rule.text is not None]
        self._code = {
            language: [rule for rule in rules if language in rule.languages] for language in set(LANGUAGES.values())
        }
        self._findings: list[CodeFinding] = []
        self._read: list[str] = []
        self._searched: list[str] = []
        self._unread: list[Unread] = []
        self._loose: list[Unread] = []
        self._files: Counter[str] = Counter()
        self._lines: Counter[str] = Counter()

    def result(self) -> Scanned:
        """All of it, in the order of paths and lines."""
        rules = {"text": self._text, **self._code}
        return Scanned(
            findings=tuple(sorted(self._findings, key=lambda own: (own.path, own.line, own.column or 0, own.rule))),
            covered=tuple(
                LanguageCover(language, count, self._lines[language], len(rules[language]))
                for language, count in sorted(self._files.items())
                if rules[language]
            ),
            read=tuple(sorted(self._read)),
            searched=tuple(sorted(self._searched)),
            unread=tuple(self._unread),
            loose=tuple(self._loose),
        )

    def file(self, path: str, data: bytes) -> None:
        """One file."""
        # (1) What is looked at.
        text = as_text(data)
        if text is None:
            return
        language = LANGUAGES.get(splitext(path)[1].casefold())
        wanted = self._code[language] if language else []
        if len(data) > LARGEST_TEXT:
            self._refuse(path, f"It has more than {LARGEST_TEXT >> 20} MiB of text.")
            return
        lines = Lines(text)
        found: list[tuple[Rule, Place, Severity]] = list(self._secrets(path, lines))
        self._count("text", lines)
        if wanted and language:
            found += self._in_code(path, lines, language, wanted)
        if self._text:
            self._searched.append(path)
        self._keep(path, lines, found)

    def _count(self, language: str, lines: Lines) -> None:
        self._files[language] += 1
        self._lines[language] += lines.count

    def _refuse(self, path: str, why: str) -> None:
        self._unread.append(
            Unread(path=path, why=why, remedy="Look at it by other means, or leave it out by its path.")
        )

    def _secrets(self, path: str, lines: Lines) -> Iterator[tuple[Rule, Place, Severity]]:
        """(2) Secrets."""
        lowered = lines.data.lower()
        for rule in self._text:
            if any(word.encode() in lowered for word in rule.words):
                for secret in search(rule, path, lines.data):
                    lines.hide(secret.start, secret.end)
                    yield rule, lines.place(secret.start, secret.end), rule.severity

    def _in_code(
        self, path: str, lines: Lines, language: str, wanted: Sequence[Rule]
    ) -> Iterator[tuple[Rule, Place, Severity]]:
        """(3), (4) Findings by syntax."""
        if len(lines.data) > LARGEST_CODE:
            self._refuse(path, f"Its code has more than {LARGEST_CODE >> 20} MiB.")
            return
        if len(lines.data) > 10_000 and len(lines.data) / lines.count > _MINIFIED:
            self._refuse(path, "Its code is minified: nobody wrote it so.")
            return
        due = [rule for rule in wanted if any(word in lines.text for word in rule.words)]
        found: list[tuple[Rule, Place, Severity]] = []
        if due:
            try:
                tree = Tree(lines.text, language)
                for rule in due:
                    if rule.shape is not None:
                        found += [(rule, place, rule.severity) for place in tree.places(rule)]
                watch = Watch([rule for rule in due if rule.flow is not None])
                if watch.rules:
                    follow(tree.code(), partial(_tell, watch, found))
            except TooDeepError as error:
                self._refuse(path, str(error))
                return
            except (TooMuch, RecursionError):
                self._refuse(path, "It is too intricate for values to be followed through it.")
                return
        self._read.append(path)
        self._count(language, lines)
        yield from found

    def _keep(self, path: str, lines: Lines, found: Sequence[tuple[Rule, Place, Severity]]) -> None:
        """(4) One of a rule on a line; (6) what accepts it."""
        accepted, loose = acceptances(path, lines.text)
        testing = is_test(path)
        used: list[Acceptance] = []
        seen: set[tuple[str, int]] = set()
        counts: Counter[str] = Counter()
        for rule, place, severity in found:
            if (rule.id, place.line) in seen:
                continue
            seen.add((rule.id, place.line))
            counts[rule.id] += 1
            if counts[rule.id] > _MOST_OF_ONE:
                continue
            by = next(
                (
                    own.told
                    for own in accepted
                    if own.told.rule == rule.id and not own.lines.isdisjoint(range(place.line, place.end_line + 1))
                ),
                None,
            )
            used += [by] if by else []
            # (5) Code that tests.
            told = rule.in_tests if testing else severity
            if rule.text is not None and rule.text.strict and path.endswith(PROSE):
                told = "info" if testing else "low"
            self._findings.append(_finding((rule, place, told), path, lines, by))
        for rule_id, count in counts.items():
            if count > _MOST_OF_ONE:
                self._refuse(path, f"{count - _MOST_OF_ONE:,} more findings of {rule_id} are not listed.")
        self._loose += [*loose, *unused(path, [own for own in accepted if own.told.rule in self._ids], used)]


def _tell(watch: Watch, found: list[tuple[Rule, Place, Severity]], called: Called) -> None:
    found.extend((rule, called.place, severity) for rule, severity in watch.judge(called))


def _finding(found: tuple[Rule, Place, Severity], path: str, lines: Lines, by: Acceptance | None) -> CodeFinding:
    rule, place, severity = found
    secret = not {"CWE-798", "CWE-321", "CWE-259"}.isdisjoint(rule.cwe)
    return CodeFinding(
        scanner=SCANNER if rule.text is None else SCANNER_OF_TEXT,
        rule=rule.id,
        severity=severity,
        message=rule.message,
        path=path,
        line=place.line,
        end_line=place.end_line,
        column=place.column,
        end_column=place.end_column,
        snippet=lines.shown(place.line, place.end_line, literals=not secret) or None,
        cwe=rule.cwe,
        is_secret=secret,
        accepted=by,
    )
