"""What the gate's answer becomes: a report, an exit code, the summary of a job."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asbuilt.model.gate import Gate


def render(found: "Gate", form: str) -> bytes:
    """The answer in one format, UTF-8."""
    import importlib

    report = getattr(importlib.import_module(f"asbuilt.reports.gate_{form}"), f"gate_{form}")(found)
    return report if isinstance(report, bytes) else str(report).encode("utf-8", "backslashreplace")


def status(found: "Gate") -> int:
    """The exit code: 0 may land, or overridden by a named person; 1 refused; 3 could not be seen."""
    from asbuilt.app.exit_codes import CANNOT_READ, CLEAN, DEVIATIONS
    from asbuilt.model.gate import Answer

    if found.override is not None:
        return CLEAN
    return {Answer.MAY_LAND: CLEAN, Answer.REFUSED: DEVIATIONS, Answer.NOT_SEEN: CANNOT_READ}[found.answer]


def summarise(found: "Gate") -> None:
    """Add the job's summary, where GitHub Actions asks for one."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if os.environ.get("GITHUB_ACTIONS") == "true" and place:
        with Path(place).open("ab") as file:
            file.write(render(found, "markdown"))
