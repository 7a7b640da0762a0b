"""``asbuilt audit``: Type I on a date, Type II over a window."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from asbuilt.cli.audit_reports import FORMATS, Engine, not_here, show
from asbuilt.cli.exit_status import audit_status
from asbuilt.cli.moments import Moment
from asbuilt.cli.outputs import Output, whole_file
from asbuilt.cli.progress import progress

if TYPE_CHECKING:
    from asbuilt.app.package import Unbrought


@click.command("audit", short_help="Test every control: Type I on a date, Type II over a window.")
@click.option("--type", "type_", type=click.Choice(("1", "2")), required=True, help="1: a date. 2: a window.")
@click.option("--as-of", type=Moment(), metavar="DATE", help="Type I: the day.")
@click.option("--from", "start", type=Moment(), metavar="DATE", help="Type II: the window's first day.")
@click.option("--to", "end", type=Moment(), metavar="DATE", help="Type II: the day after its last.")
@click.option("--categories", metavar="LIST", help="By comma, security among them; else the configuration's.")
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Else $ASBUILT_LEDGER, else .asbuilt/ledger.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Else the nearest asbuilt.toml from here upwards.",
)
@click.option("--engine", type=Engine(), default="duckdb", metavar="ENGINE", help="duckdb, spark or spark:URL.")
@click.option("--risk", type=click.Choice(("lower", "moderate", "higher")), help="How large the samples are.")
@click.option("--seed", metavar="TEXT", help="Draw the samples by this seed; without one none are drawn.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
@click.option(
    "--output",
    "outputs",
    type=Output(FORMATS),
    multiple=True,
    metavar="FMT=PATH",
    help="Write a report to a file too.",
)
@click.option("--package", type=click.Path(path_type=Path), metavar="FILE.zip", help="Write the auditor's package.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 once the reports are written, whatever they say.")
@click.option(
    "-q", "--quiet", is_flag=True, help="No progress; with --output or --package, nothing on stdout either."
)
def command(
    *,
    type_: str,
    as_of: int | None,
    start: int | None,
    end: int | None,
    categories: str | None,
    ledger: Path | None,
    config: Path | None,
    engine: str | None,
    risk: Literal["lower", "moderate", "higher"] | None,
    seed: str | None,
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    package: Path | None,
    exit_zero: bool,
    quiet: bool,
) -> int:
    """Test every control in scope on whole populations from the ledger: management's own tests, no opinion.

    Unknown is never a pass: what could not be seen is said, with the command that brings the evidence.

    Exit codes: 0 every control is effective, had no occasion or does not apply; 1 deviations; 2 usage or
    configuration; 3 evidence is missing or a control failed to run; 4 the ledger is damaged.
    """
    import time

    from asbuilt.app.audit import Wanted, day_of, open_audit, window_of
    from asbuilt.app.company import read_company
    from asbuilt.app.ledger_place import ledger_folder

    begin, over = day_of(as_of, start, end) if type_ == "1" else window_of(as_of, start, end)
    wanted = Wanted(
        type=int(type_),
        start=begin,
        end=over,
        ledger=ledger_folder(ledger),
        categories=tuple(part.strip() for part in categories.split(",")) if categories else None,
        risk=risk,
        seed=seed,
        spark=engine,
    )
    company = read_company(config, Path())
    with (
        progress(quiet=quiet, verbose=False) as listener,
        open_audit(wanted, company, now=int(time.time()), on=listener) as run,
    ):
        audit = run.audit
        unbrought: tuple[Unbrought, ...] = ()
        if package is not None:
            from asbuilt.app.package import write_package

            with whole_file(package) as part:
                unbrought = write_package(run, part, named=package, on=listener).unbrought
    show(audit, form, outputs, silent=quiet and bool(outputs or package))
    if unbrought and not quiet:
        click.echo(not_here(unbrought), err=form != "text")  # not into what a program reads
    return 0 if exit_zero else audit_status(audit)
