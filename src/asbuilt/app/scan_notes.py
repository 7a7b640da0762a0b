"""What is said of a report that was recorded: how much it tells, and what it leaves open and why."""

from collections import Counter
from collections.abc import Iterator

from asbuilt.app.scan_rows import Scanned
from asbuilt.model.scan import ScanRun
from asbuilt.model.text import visible


def notes_of(run: ScanRun, scanned: Scanned, name: str) -> Iterator[str]:
    """What the run tells, and what of it is not recorded and why."""
    if run.is_listing:
        yield f"{name}: a list of alerts of {run.tool}; it does not show that a scan ran."
        return
    count = len(run.results)
    aside = masked = 0
    for result in run.results:
        aside += result.suppressed is not None
        masked += result.is_masked
    said = f", {aside:,} of them set aside by the tool: they stay open" if aside else ""
    yield f"{name}: {run.tool} ({run.kind}) tells {count:,} result{'' if count == 1 else 's'}{said}."
    if masked:
        yield (
            f"{name}: the values of {masked:,} secret{'' if masked == 1 else 's'} are not shown: another secret in "
            "the same place, on a line of the same shape, is taken for the same one."
        )
    if run.succeeded is None:
        yield f"{name}: it does not say whether the run ended well: no run is recorded; --ended-well states it."
    elif scanned.commit is None:
        yield f"{name}: no commit is named: no check is recorded; --commit names it."


def left_open(run: ScanRun, left: "Counter[str]", name: str) -> Iterator[str]:
    """That earlier findings stay open which the run no longer tells, since it does not say that it looked."""
    if not left:
        return
    count, files = left.total(), ", ".join(visible(path, 80) for path, _ in left.most_common(3))
    shown = f"{files}, …" if len(left) > 3 else files
    yield (
        f"{name}: {count:,} earlier finding{'' if count == 1 else 's'} of {run.tool} that it no longer tells "
        f"stay{'s' if count == 1 else ''} open, as it does not say that it looked there with their rules ({shown})."
        + (f" {run.tool} names files without findings with {run.names_all_with}." if run.names_all_with else "")
    )
