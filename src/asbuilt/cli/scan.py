"""``asbuilt scan``: weaknesses and secrets in code, by our own rules and the scanners that are installed."""

import sys
from pathlib import Path

import click

from asbuilt.cli.outputs import Output, write_outputs

FORMATS = ("text", "json", "sarif")
SEVERITIES = ("critical", "high", "medium", "low", "info", "never")


@click.command("scan", short_help="Weaknesses and secrets in code: own rules, and the scanners that are installed.")
@click.argument("path", default=".", type=click.Path())
@click.option("--rev", metavar="REV", help="Of this commit; else of the work tree as it stands.")
@click.option(
    "--against", metavar="REV", help="What was found where both branched off as well is not new, and not listed."
)
@click.option(
    "--only",
    type=click.Choice(("own", "bandit", "gitleaks", "semgrep", "zizmor")),
    multiple=True,
    help="Run this scanner alone; repeat it for more. Else our own rules and whatever is installed.",
)
@click.option(
    "--exclude", metavar="GLOB", multiple=True, help="Leave these paths out; they are counted. Repeat it."
)
@click.option(
    "--semgrep-rules",
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="Your own rules for Semgrep, on this machine; without them it is not run.",
)
@click.option(
    "--time-limit",
    type=click.IntRange(1, 86_400),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long each other scanner may take.",
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="low",
    show_default=True,
    help="From which severity on an open finding makes the exit code 1.",
)
@click.option(
    "--routes", is_flag=True, help="Instead, list the routes of the application, and what stands before each."
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="What to print."
)
@click.option(
    "--output",
    "outputs",
    type=Output(FORMATS),
    multiple=True,
    metavar="FMT=PATH",
    help="Write this format to a file, whole or not at all; then nothing is printed. Repeat it for more.",
)
def command(
    *,
    path: str,
    rev: str | None,
    against: str | None,
    only: tuple[str, ...],
    exclude: tuple[str, ...],
    semgrep_rules: Path | None,
    time_limit: int,
    fail_on: str,
    routes: bool,
    form: str,
    outputs: tuple[tuple[str, Path], ...],
) -> int:
    """Scan PATH: a repository, a folder of it, or any folder. Nothing of it is executed, and nothing is fetched.

    Exit codes: 0 nothing open from --fail-on on; 1 something is; 3 nothing is, but something was not looked at.
    See docs/reference/scan.md.
    """
    if routes:
        from asbuilt.cli.scan_routes import list_routes

        return list_routes(path, rev=rev, exclude=exclude, fail_on=fail_on, form=form, outputs=outputs)
    from asbuilt.app.scan import Asked, run_scan
    from asbuilt.cli.exit_status import scan_status
    from asbuilt.reports.scan_json import scan_json
    from asbuilt.reports.scan_sarif import scan_sarif
    from asbuilt.reports.scan_text import scan_text

    asked = Asked(
        rev=rev, only=only, against=against, exclude=exclude, semgrep_rules=semgrep_rules, seconds=time_limit
    )
    scan = run_scan(path, asked)

    def render(wanted: str) -> bytes:
        if wanted == "sarif":
            return scan_sarif(scan)
        return scan_json(scan) if wanted == "json" else scan_text(scan).encode("utf-8", "replace")

    if outputs:
        write_outputs(outputs, render)
    else:
        sys.stdout.write(render(form).decode())
    return scan_status(scan, fail_on, asked.only)
