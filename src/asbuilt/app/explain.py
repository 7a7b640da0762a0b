"""What a code means: controls, findings, gaps, classes, grades, verdicts and exit codes."""

import difflib

import msgspec

from asbuilt.app.exit_codes import MEANINGS
from asbuilt.app.words import WORDS
from asbuilt.catalogue.codes import load_codes
from asbuilt.catalogue.controls import load_controls
from asbuilt.catalogue.criteria import load_criteria
from asbuilt.model.errors import UsageError
from asbuilt.model.result import Control


class Explanation(msgspec.Struct, frozen=True):
    """One code explained. ``parts`` are (heading, text), in reading order; ``criteria`` are (id, title)."""

    code: str
    kind: str
    title: str
    parts: tuple[tuple[str, str], ...]
    criteria: tuple[tuple[str, str], ...] = ()


def explanations() -> tuple[Explanation, ...]:
    """Everything that can be explained: controls, codes, words, exit codes."""
    criteria = {own: each.title for own, each in load_criteria().items()}
    controls = [_control(each, criteria) for each in sorted(load_controls(), key=lambda each: each.id)]
    codes = [
        Explanation(
            each.code,
            "code",
            each.title,
            (("What", each.what), ("Why", each.why), ("Remedy", each.remedy)),
            tuple((own, criteria.get(own, "")) for own in each.criteria),
        )
        for _, each in sorted(load_codes().items())
    ]
    words = [Explanation(word, kind, title, (("What", text),)) for word, (kind, title, text) in WORDS.items()]
    exits = [
        Explanation(f"exit-{code}", "exit code", title, (("What", meaning), ("What to do", then)))
        for code, (title, meaning, then) in MEANINGS.items()
    ]
    return (*controls, *codes, *words, *exits)


def explain(code: str) -> tuple[Explanation, ...]:
    """What one code means, in any case; a bare number is an exit code.

    Raises:
        UsageError: nothing has that code.
    """
    known = explanations()
    wanted = code.strip().casefold()
    if wanted.isdecimal():
        wanted = f"exit-{int(wanted)}"
    found = tuple(each for each in known if each.code.casefold() == wanted)
    if found:
        return found
    close = difflib.get_close_matches(wanted, [each.code.casefold() for each in known], 1, 0.6)
    hint = next((each.code for each in known if close and each.code.casefold() == close[0]), None)
    raise UsageError(
        f"Nothing is called {code!r}.",
        fix=f"Did you mean {hint!r}?" if hint else "`asbuilt explain` lists every code.",
    )


def _control(control: Control, criteria: dict[str, str]) -> Explanation:
    settings = ", ".join(f"{name} = {value!r}" for name, value in sorted(control.settings.items()))
    subjects = ", where ".join(part for part in (control.subjects, control.subject_where) if part)
    parts = (
        ("What", control.what),
        ("Why", control.why),
        ("Blind spot", control.blind_spot),
        ("Population", f"{control.population}, where {control.where}" if control.where else control.population),
        ("When it happened", control.at),
        ("Must hold for", subjects),
        ("Named by", control.per),
        ("Expects", control.expect),
        ("Settings", settings),
        ("Remedy", control.remedy),
        ("When unknown", control.open_with),
    )
    return Explanation(
        control.id,
        f"{control.kind.value} control",
        control.title,
        tuple((heading, text) for heading, text in parts if text),
        tuple((own, criteria.get(own, "")) for own in control.criteria),
    )
