"""Pages of text for the commands that show the catalogue or the machine; nothing is decided here."""

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.doctor import Check
    from asbuilt.app.explain import Explanation
    from asbuilt.app.signatures import Rule, Tool

_COLORS = {"ok": "green", "warn": "yellow", "fail": "red"}
READABLE = 100  # longer lines of prose are hard to read


def list_page(rows: Sequence[tuple[str, str]], *, width: int, color: bool) -> str:
    """Two columns: a name and what it is."""
    first = max((len(name) for name, _ in rows), default=0)
    return "\n".join(
        strong(name.ljust(first), color) + "  " + wrapped(text, width, first + 2).lstrip() for name, text in rows
    )


def explanation_page(found: "Explanation", *, width: int, color: bool) -> str:
    """One code explained."""
    lines = [f"{strong(found.code, color)} {visible(found.title)}", f"({found.kind})", ""]
    for heading, text in found.parts:
        lines += [strong(heading, color), wrapped(text, width, 2), ""]
    if found.criteria:
        lines.append(strong("Trust Services Criteria it supports", color))
        lines += [wrapped(f"{own} {title}", width, 2) for own, title in found.criteria]
    return "\n".join(lines).rstrip()


def signature_page(tool: "Tool", *, width: int, color: bool) -> str:
    """One tool with its rules."""
    lines = [f"{strong(tool.id, color)} {visible(tool.name)}, {visible(tool.vendor)} ({tool.kind})"]
    if tool.opt_out:
        lines.append(wrapped(f"Disclosure can be switched off: {tool.opt_out}", width, 2))
    for rule in tool.rules:
        lines += ["", *_rule(rule, color)]
        if rule.note:
            lines.append(wrapped(f"note     {rule.note}", width, 2))
    return "\n".join(lines)


def _rule(rule: "Rule", color: bool) -> Iterable[str]:
    """A rule and its examples, never wrapped: a pattern with a line break in it would be another pattern."""
    yield f"{strong(rule.id, color)}  {rule.where}, proves {rule.proves}, confidence {rule.confidence}"
    yield f"  pattern  {visible(rule.pattern)}"
    yield from (f"  matches  {visible(hit)}" for hit in rule.hits)
    yield from (f"  not      {visible(miss)}" for miss in rule.near_misses)


def checks_page(checks: Sequence["Check"], *, width: int, color: bool) -> str:
    """One line a check, its remedy below it where it is not well."""
    first = max((len(check.name) for check in checks), default=0)
    lines = []
    for check in checks:
        state = check.state.value.ljust(4)
        shown = click.style(state, fg=_COLORS[check.state.value], bold=True) if color else state
        lines.append(f"{shown}  {check.name.ljust(first)}  {wrapped(check.found, width, first + 8).lstrip()}")
        if check.remedy and check.state.value != "ok":
            lines.append(wrapped(f"-> {check.remedy}", width, first + 8))
    return "\n".join(lines)


def strong(text: str, color: bool) -> str:
    """Text that stands out, where there is colour."""
    return click.style(visible(text), bold=True) if color else visible(text)


def wrapped(text: str, width: int, indent: int) -> str:
    """Prose, wrapped and indented."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += textwrap.wrap(
            visible(paragraph),
            max(min(width, READABLE) - indent, 20),
            break_long_words=False,
            break_on_hyphens=False,
        )
    return textwrap.indent("\n".join(lines), " " * indent)
