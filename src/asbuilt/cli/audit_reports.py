"""The reports of an audit by their format, and the engines that it can be asked for."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from asbuilt.cli.outputs import write_outputs
from asbuilt.cli.streams import print_bytes, print_text, wants_color, width
from asbuilt.model.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asbuilt.app.package import Unbrought
    from asbuilt.model.audit import Audit

_MOST_SAID = 20  # extracts whose files are not in the package

FORMATS = ("text", "json", "html", "xlsx", "pdf", "oscal")
_RENDERERS = {
    "text": ("audit_text", "render_audit_text"),
    "json": ("json", "audit_json"),
    "html": ("audit_html", "render_audit_html"),
    "xlsx": ("audit_xlsx", "audit_xlsx"),
    "pdf": ("audit_pdf", "audit_pdf"),
    "oscal": ("audit_oscal", "audit_oscal"),
}


class Engine(click.ParamType[str | None]):
    """``duckdb``, ``spark`` or ``spark:URL``; gives None, an empty text or the URL."""

    name = "engine"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str | None:
        """The master's URL; None for DuckDB."""
        text = str(value)
        if text in {"duckdb", "spark"}:
            return None if text == "duckdb" else ""
        name, _, url = text.partition(":")
        if name != "spark" or not url:
            self.fail(f"{text!r} is no engine: write duckdb, spark or spark:spark://HOST:PORT.", param, ctx)
        return url


def render(audit: "Audit", form: str, *, columns: int, color: bool) -> bytes:
    """The audit in one format; text is UTF-8."""
    import importlib

    from asbuilt.model.errors import UsageError

    name, function = _RENDERERS[form]
    try:
        module = importlib.import_module(f"asbuilt.reports.{name}")
    except ImportError as error:
        raise UsageError(
            f"The {form} report needs a part that is not installed ({error.name}).",
            fix=f"Install it: pip install 'asbuilt[{form}]'.",
        ) from error
    options: dict[str, Any] = {"width": columns, "color": color} if form == "text" else {}
    report = getattr(module, function)(audit, **options)
    return report if isinstance(report, bytes) else str(report).encode("utf-8", "backslashreplace")


def not_here(unbrought: "Sequence[Unbrought]") -> str:
    """Which files of extracts the package lacks, since the ledger's folder does."""
    many = f"{len(unbrought):,} extracts" if len(unbrought) > 1 else "an extract"
    lines = [f"Not in the package, as the ledger's folder lacks them: files of {many}."]
    lines += [f"  {visible(each.extract, 80)}: {visible(each.sha256, 64)}" for each in unbrought[:_MOST_SAID]]
    if len(unbrought) > _MOST_SAID:
        lines.append(f"  and {len(unbrought) - _MOST_SAID:,} more; the package's manifest.json names all")
    return "\n".join(lines)


def show(audit: "Audit", form: str, outputs: tuple[tuple[str, Path], ...], *, silent: bool) -> None:
    """Write the files that were asked for, and the report on stdout unless silent."""
    write_outputs(outputs, lambda wanted: render(audit, wanted, columns=80, color=False))
    if silent:
        return
    if form == "text":
        print_text(render(audit, form, columns=width(), color=wants_color()).decode())
    else:
        print_bytes(render(audit, form, columns=width(), color=False))
