"""``asbuilt scan --routes``: the routes of an application, and what stands before each."""

import sys
from collections.abc import Sequence
from pathlib import Path

from asbuilt.app.scan_routes import read_routes
from asbuilt.cli.exit_status import routes_status
from asbuilt.cli.outputs import write_outputs
from asbuilt.model.errors import UsageError
from asbuilt.reports.routes_json import routes_json
from asbuilt.reports.routes_text import routes_text


def list_routes(
    path: str,
    *,
    rev: str | None,
    exclude: Sequence[str],
    fail_on: str,
    form: str,
    outputs: Sequence[tuple[str, Path]],
) -> int:
    """Print or write the table, and give the exit code.

    Raises:
        UsageError: SARIF is asked for, which knows no table.
    """
    if "sarif" in {form, *(wanted for wanted, _ in outputs)}:
        raise UsageError(
            "SARIF holds findings, and no table of routes.",
            fix="Write it as text or json; `asbuilt scan --format sarif` holds the routes that are flagged.",
        )
    table = read_routes(path, rev=rev, exclude=exclude)

    def render(wanted: str) -> bytes:
        return routes_json(table) if wanted == "json" else routes_text(table).encode("utf-8", "replace")

    if outputs:
        write_outputs(outputs, render)
    else:
        sys.stdout.write(render(form).decode())
    return routes_status(table, fail_on)
