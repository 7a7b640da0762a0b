"""Our own rules over some files: what they find, what was looked at, and what was not.

1. What is no text, or larger than bounds, is not looked at; the latter is named.
2. Texts are searched for secrets first: no line that is shown afterwards may hold one. Files of settings are
   searched by the rules that name them.
3. A file of a language that rules are for is read once, if it holds a word of any of them.
4. Each rule finds places by shape, or calls that a value reaches; two on one line are one finding.
5. In code that tests, in examples, in settings of a developer and among tools a finding has at most the severity
   that its rule gives it there, and a doubtful secret is low; each says so.
6. Of two secrets on one line, the one whose rule knows more of it is told.
7. Comments that accept a finding are joined to it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from posixpath import splitext
from typing import Final, NamedTuple

from asbuilt.model.component import Unread
from asbuilt.model.finding import Acceptance, CodeFinding, LanguageCover, Scanned
from asbuilt.model.scan import Severity
from asbuilt.scans.acceptance import acceptances, unused
from asbuilt.scans.decoding import as_text
from asbuilt.scans.flow.calls import Watch
from asbuilt.scans.flow.code import Place
from asbuilt.scans.flow.following import Called, TooMuch, follow
from asbuilt.scans.lines import Lines
from asbuilt.scans.rulebook import Rule
from asbuilt.scans.secret_search import search
from asbuilt.scans.surroundings import SAID, Surroundings, milder, surroundings
from asbuilt.scans.syntax import LANGUAGES, TooDeepError, Tree
from asbuilt.scans.written import find_written, is_for

SCANNER: Final = "AsBuilt"
SCANNER_OF_TEXT: Final = "AsBuilt secret scan"
LARGEST_CODE: Final = 1 << 20  # bytes of a file whose syntax is read
LARGEST_TEXT: Final = 8 << 20  # bytes of a file that is searched for secrets
_INTERPRETER: Final = re.compile(r"#![^\n]{0,200}[/ ](python|pypy|node|deno|bun)[\d.]{0,8}(?:[ \n]|$)")
_MINIFIED: Final = 600  # bytes of a line, on average
_MOST_OF_ONE: Final = 200  # findings of one rule in one file


class _Found(NamedTuple):
    """One place that a rule flags, how bad that is by the rule, and what makes it doubtful."""

    rule: Rule
    place: Place
    severity: Severity
    doubt: str | None = None


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
        self._written = [rule for rule in rules if rule.written is not None]
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
        rules = {"text": self._text, "settings": self._written, **self._code}
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
        language = LANGUAGES.get(splitext(path)[1].casefold()) or _by_first_line(text)
        wanted = self._code[language] if language else []
        if len(data) > LARGEST_TEXT:
            self._refuse(path, f"It has more than {LARGEST_TEXT >> 20} MiB of text.")
            return
        lines = Lines(text)
        found: list[_Found] = [*self._secrets(path, lines), *self._in_settings(path, lines)]
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

    def _secrets(self, path: str, lines: Lines) -> Iterator[_Found]:
        """(2) Secrets."""
        lowered = lines.data.lower()
        for rule in self._text:
            if any(word.encode() in lowered for word in rule.words):
                for secret in search(rule, path, lines.data):
                    lines.hide(secret.start, secret.end)
                    yield _Found(rule, lines.place(secret.start, secret.end), rule.severity, secret.doubt)

    def _in_settings(self, path: str, lines: Lines) -> Iterator[_Found]:
        """(2) What stands in files of settings."""
        wanted = [rule for rule in self._written if is_for(rule, path)]
        if not wanted:
            return
        is_code = splitext(path)[1].casefold() in LANGUAGES  # counted with its language
        if is_code and _is_minified(lines):
            return  # told with its code
        if not is_code and any(rule.written is not None and rule.written.counts for rule in wanted):
            self._read.append(path)
            self._count("settings", lines)
        lowered = lines.data.lower()
        for rule in wanted:
            if any(word.casefold().encode() in lowered for word in rule.words):
                for start, end in find_written(rule, lines.data):
                    yield _Found(rule, lines.place(start, end), rule.severity)

    def _in_code(self, path: str, lines: Lines, language: str, wanted: Sequence[Rule]) -> Iterator[_Found]:
        """(3), (4) Findings by syntax."""
        if len(lines.data) > LARGEST_CODE:
            self._refuse(path, f"Its code has more than {LARGEST_CODE >> 20} MiB.")
            return
        if _is_minified(lines):
            self._refuse(path, "Its code is minified: nobody wrote it so.")
            return
        due = [rule for rule in wanted if any(word in lines.text for word in rule.words)]
        found: list[_Found] = []
        if due:
            try:
                tree = Tree(lines.text, language)
                for rule in due:
                    if rule.shape is not None:
                        found += [_Found(rule, place, rule.severity) for place in tree.places(rule)]
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

    def _keep(self, path: str, lines: Lines, found: Sequence[_Found]) -> None:
        """(4) One of a rule on a line; (6) one secret on a line; (7) what accepts it."""
        accepted, loose = acceptances(path, lines.text)
        where = surroundings(path)
        used: list[Acceptance] = []
        seen: set[tuple[str, int]] = set()
        counts: Counter[str] = Counter()
        known = {own.place.line for own in found if own.rule.is_about_secrets and not own.rule.is_by_name}
        for own in found:
            rule, place = own.rule, own.place
            if (rule.id, place.line) in seen or (rule.is_by_name and place.line in known):
                continue
            seen.add((rule.id, place.line))
            counts[rule.id] += 1
            if counts[rule.id] > _MOST_OF_ONE:
                continue
            lines_of_it = range(place.line, place.end_line + 1)
            by = next(
                (
                    each.told
                    for each in accepted
                    if each.told.rule == rule.id and not each.lines.isdisjoint(lines_of_it)
                ),
                None,
            )
            used += [by] if by else []
            self._findings.append(_finding(own, where, path, lines, by))
        for rule_id, count in counts.items():
            if count > _MOST_OF_ONE:
                self._refuse(path, f"{count - _MOST_OF_ONE:,} more findings of {rule_id} are not listed.")
        self._loose += [*loose, *unused(path, [own for own in accepted if own.told.rule in self._ids], used)]


def _is_minified(lines: Lines) -> bool:
    return len(lines.data) > 10_000 and len(lines.data) / lines.count > _MINIFIED


def _by_first_line(text: str) -> str | None:
    """The language of a program without an ending, by the interpreter that its first line names."""
    told = _INTERPRETER.match(text)
    return None if told is None else "python" if told[1].startswith("py") else "javascript"


def _tell(watch: Watch, found: list[_Found], called: Called) -> None:
    found.extend(_Found(rule, called.place, severity) for rule, severity in watch.judge(called))


def _rated(found: _Found, where: Surroundings | None) -> tuple[Severity, str]:
    """(5) How bad a finding is where it stands, and why that differs, as a sentence."""
    rule, severity = found.rule, found.severity
    most: Severity | None = {
        "tests": rule.in_tests,
        "examples": rule.in_examples,
        "development": rule.in_development,
        "tools": "low" if rule.flow is not None and rule.flow.unproven == severity else None,
        None: None,
    }[where]
    rated = severity if most is None else milder(severity, most)
    reasons = [f"it stands in {SAID[where]}"] if where is not None and rated != severity else []
    if found.doubt is not None:
        rated = milder(rated, "low")
        reasons.append(found.doubt)
    return rated, f" Rated {rated}, not {severity}: {'; '.join(reasons)}." if rated != severity else ""


def _finding(
    found: _Found, where: Surroundings | None, path: str, lines: Lines, by: Acceptance | None
) -> CodeFinding:
    rule, place = found.rule, found.place
    severity, why = _rated(found, where)
    return CodeFinding(
        scanner=SCANNER if rule.text is None else SCANNER_OF_TEXT,
        rule=rule.id,
        severity=severity,
        message=rule.message + why,
        path=path,
        line=place.line,
        end_line=place.end_line,
        column=place.column,
        end_column=place.end_column,
        snippet=lines.shown(place.line, place.end_line, literals=not rule.is_about_secrets) or None,
        cwe=rule.cwe,
        is_secret=rule.is_about_secrets,
        accepted=by,
    )
