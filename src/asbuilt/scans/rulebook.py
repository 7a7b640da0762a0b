r"""The rules of our own: one TOML file a rule, each with the examples that are its tests.

What a file holds (``rules/py-tls-off.toml``)::

    id = "py-tls-off"                 # the file's name
    title = "..."                     # a sentence: what is wrong
    languages = ["python"]            # of ``Language``; text: every text file; settings: those that it names
    severity = "high"
    in_tests = "info"                 # the most in code that tests; info where it is not told
    in_examples = "low"               # the most in documentation and examples; low where it is not told
    in_development = "low"            # the most in settings of a developer; where it is not told: as elsewhere
    cwe = ["CWE-295"]
    message = "..."                   # what is shown at the line
    why = "..."
    remedy = "..."
    blind_spot = "..."                # what it cannot see
    words = ["verify"]                # only files that hold one of them are looked at (no regard to case in text)

    [shape]                           # one of four: a rule of ast-grep over the syntax tree,
    pattern = "$CALL($$$A, verify=False, $$$B)"

    [flow]                            # ... a call that a value reaches (see ``flow``),
    [text]                            # ... patterns of secrets over the text (see ``secret_search``)
    [written]                         # ... or patterns over files of settings (see ``written``)

    [[bad]]                           # flagged, on exactly these lines where they are told
    code = "requests.get(url, verify=False)"
    lines = [1]
    [[good]]
    code = "requests.get(url)"

A rule without a bad and a good example is refused. ``~~`` in an example stands for nothing: so that no file holds
what looks like a secret.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from asbuilt.model.errors import CatalogueError
from asbuilt.model.finding import RuleNote
from asbuilt.model.scan import Severity

FOLDER: Final = Path(__file__).with_name("rules")
Language = Literal[
    "python", "javascript", "typescript", "tsx", "go", "java", "php", "ruby", "csharp", "text", "settings"
]
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_CWE = re.compile(r"CWE-\d{1,4}")
_SPLIT: Final = "~~"


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some code: of which language (the rule's first one), and on which lines it is flagged (any)."""

    code: str
    language: Language | None = None
    lines: tuple[int, ...] = ()
    path: str | None = None

    @property
    def text(self) -> str:
        """The code as a file would hold it."""
        return self.code.replace(_SPLIT, "")


class Flow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call that must not be given some values.

    Args:
        calls: names of functions, ``*`` for any part before a dot: ``*.execute``.
        arguments: the places looked at, from 0; -1: all of them.
        names: named arguments looked at too.
        finds: ``built``: a text put together with something that is not constant; ``outside``: a value that came
            from a request or was typed in; ``either``: one of the two; ``constant``: a constant, or a list of some.
        direct: what an unknown function made of a value does not count.
        holds: what the constant parts of a built text must look like (RE2), with U+FFFD where it varies.
        first: only lists count, whose first member is one of these; and of them what they hold.
        head: whether of a list only the first member counts.
        when: named arguments that must be so for the call to matter.
        clean: functions whose result is harmless here; the last part of the name.
        unproven: the severity where the value is not known to come from outside.
    """

    calls: tuple[str, ...]
    finds: Literal["built", "outside", "either", "constant"]
    arguments: tuple[int, ...] = (0,)
    names: tuple[str, ...] = ()
    direct: bool = False
    holds: str | None = None
    first: tuple[str, ...] = ()
    head: bool = False
    when: dict[str, str | bool | int | None] = {}
    clean: tuple[str, ...] = ()
    unproven: Severity | None = None


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Patterns over the text (RE2), whose only group, ``secret``, is the secret.

    Args:
        patterns: of which each finds one kind.
        bits: the least entropy of the secret, in bits for a character.
        strict: whether values that look like placeholders or words are left alone.
        files: globs of the names of files that are looked at (all).
        role: only JSON Web Tokens count that state this role.
    """

    patterns: tuple[str, ...]
    bits: float = 0.0
    strict: bool = False
    files: tuple[str, ...] = ()
    role: str | None = None


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Patterns over files of settings, whatever their language (RE2); what is flagged is their only group, or all.

    Args:
        patterns: of which each finds one kind; its first group, where there is one, is what is flagged.
        files: globs of paths that are looked at; ``*`` is any part of a path.
        without: a file in which this is found is left alone.
        beside: a file counts only if this is found in it too.
        counts: whether the files that it names are told as looked at; not where it is for any code.
    """

    patterns: tuple[str, ...]
    files: tuple[str, ...]
    without: str | None = None
    beside: str | None = None
    counts: bool = True


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule, as its file holds it."""

    id: str
    title: str
    languages: tuple[Language, ...]
    severity: Severity
    cwe: tuple[str, ...]
    message: str
    why: str
    remedy: str
    blind_spot: str
    words: tuple[str, ...]
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    shape: dict[str, Any] | None = None
    constraints: dict[str, Any] = {}
    in_tests: Severity = "info"
    in_examples: Severity = "low"
    in_development: Severity | None = None
    flow: Flow | None = None
    text: Text | None = None
    written: Written | None = None

    @property
    def is_secret(self) -> bool:
        """Whether what it finds is a secret."""
        return self.text is not None

    @property
    def is_about_secrets(self) -> bool:
        """Whether what it finds is a secret, or stands beside one: CWE-259, 321 and 798."""
        return not {"CWE-798", "CWE-321", "CWE-259"}.isdisjoint(self.cwe)

    @property
    def is_by_name(self) -> bool:
        """Whether it goes by the name that a text is given to, and not by what the text looks like."""
        return self.text is not None and self.text.strict

    @property
    def note(self) -> RuleNote:
        """What it is about."""
        return RuleNote(self.id, self.title, self.severity, self.cwe, self.why, self.remedy, self.blind_spot)


@cache
def load_rules(folder: Path = FOLDER) -> tuple[Rule, ...]:
    """Every rule of a folder, by id.

    Raises:
        CatalogueError: a file is malformed, or holds no examples.
    """
    found = [_read(file) for file in sorted(folder.glob("*.toml"))]
    if not found:
        raise CatalogueError("There are no rules.", fix="Install AsBuilt again.", where=str(folder))
    return tuple(found)


def _read(file: Path) -> Rule:
    try:
        rule = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Rule)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(
            "A rule cannot be read.", why=str(error), fix="Mend the file.", where=file.name
        ) from error
    if wrong := _wrong(rule, file.stem):
        raise CatalogueError(
            f"The rule {file.stem} is not taken.", why=wrong, fix="Mend the file.", where=file.name
        )
    return rule


def _wrong(rule: Rule, name: str) -> str | None:
    """What a rule lacks, as a sentence."""
    kinds = [own for own in (rule.shape, rule.flow, rule.text, rule.written) if own is not None]
    said = (rule.title, rule.message, rule.why, rule.remedy, rule.blind_spot)
    checks = {
        "Its id is not the file's name.": rule.id == name and _ID.fullmatch(rule.id) is not None,
        "It has no bad example.": bool(rule.bad),
        "It has no good example.": bool(rule.good),
        "It needs exactly one of [shape], [flow], [text] and [written].": len(kinds) == 1,
        "It names no language, or text or settings beside one.": bool(rule.languages)
        and (len(rule.languages) == 1 or not {"text", "settings"} & set(rule.languages)),
        "[written] is for the language settings, and nothing else is.": (rule.written is not None)
        == (rule.languages == ("settings",)),
        "Values are followed in Python, JavaScript and TypeScript alone.": rule.flow is None
        or set(rule.languages) <= {"python", "javascript", "typescript", "tsx"},
        "[text] is for the language text, and nothing else is.": (rule.text is not None)
        == (rule.languages == ("text",)),
        "It names no words.": bool(rule.words) and all(rule.words),
        "A weakness is no CWE.": bool(rule.cwe) and all(_CWE.fullmatch(own) for own in rule.cwe),
        "Something that it must say is empty.": all(own.strip() for own in said),
    }
    return next((why for why, holds in checks.items() if not holds), None)
