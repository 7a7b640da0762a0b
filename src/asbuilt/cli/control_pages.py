"""Pages of text about controls; nothing is decided here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from asbuilt.cli.pages import list_page, strong, wrapped
from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.controls import ControlPage


def controls_page(found: Sequence["ControlPage"], *, width: int, color: bool) -> str:
    """One line a control: its id, its kind, its title, its criteria."""
    rows = []
    for each in found:
        criteria = ", ".join(own for own, _ in each.criteria)
        aside = "" if each.standing == "in use" else f" – {each.standing}"
        rows.append((each.id, f"{each.kind.ljust(7)} {each.title} ({criteria}){aside}"))
    kinds = ", ".join(
        f"{sum(each.kind == kind for each in found)} {kind}" for kind in sorted({each.kind for each in found})
    )
    return f"{list_page(rows, width=width, color=color)}\n\n{len(found)} controls: {kinds}."


def control_page(found: "ControlPage", *, width: int, color: bool) -> str:
    """One control: its text, settings, population and query."""
    lines = [f"{strong(found.id, color)} {visible(found.title)}", f"({found.kind} control, {found.standing})", ""]
    for heading, text in found.parts:
        lines += [strong(heading, color), wrapped(text, width, 2), ""]
    lines.append(strong("Settings in force", color))
    lines += [wrapped(f"{name} = {value!r}", width, 2) for name, value in sorted(found.settings.items())]
    lines += ["", strong("Trust Services Criteria it supports", color)]
    lines += [wrapped(f"{own} {title}", width, 2) for own, title in found.criteria]
    lines += ["", strong(f"Columns of {found.population}", color)]
    lines += [wrapped(f"{name} ({kind}): {doc}", width, 2) for name, kind, doc in found.columns]
    lines += ["", strong("Query", color)]
    lines += [f"  {click.unstyle(visible(line))}" for line in found.query.split("\n")]
    return "\n".join(lines)
