"""``asbuilt record``: facts into the ledger, from words, files, a folder of evidence, or git."""

from pathlib import Path
from typing import Any

import click

from asbuilt.cli.failures import problems_shown
from asbuilt.cli.record_acts import (
    SBOM,
    SCAN,
    record_git_words,
    record_reports,
    record_words,
    scan_options,
    show,
    show_template,
)
from asbuilt.cli.streams import print_text
from asbuilt.model.errors import UsageError

FROM_GIT = ("git", "dependencies")


def _split(_: click.Context, __: click.Parameter, told: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (told or "").split(",") if each.strip())


@click.command("record", short_help="Record facts: from words, CSV, JSON Lines, a folder of YAML, or git.")
@click.argument("what", required=False, metavar="TABLE|FOLDER|FILE.yaml|git|dependencies|scan|sbom")
@click.argument("words", nargs=-1, metavar="[COLUMN=VALUE ...|PATH]")
@click.option("--csv", "csv_file", metavar="FILE", help="Rows from a CSV file; - is standard input.")
@click.option("--jsonl", "jsonl_file", metavar="FILE", help="Rows from a JSON Lines file; - is standard input.")
@click.option("--list", "listing", is_flag=True, help="List the tables that take records.")
@click.option(
    "--template",
    type=click.Choice(("csv", "yaml", "jsonl")),
    help="Print an empty file for TABLE; what its columns hold goes to stderr (in YAML: beside them).",
)
@click.option("--ledger", type=click.Path(path_type=Path), metavar="FOLDER", help="The ledger to record in.")
@click.option("--source", metavar="NAME", help="The system that the rows were taken from. Files need it.")
@click.option("--by", metavar="PERSON", help="Who answers for this evidence; else ASBUILT_BY.")
@click.option("--observed-at", "observed", metavar="DATE", help="When the source was read; else now.")
@click.option("--covers", metavar="FROM..UNTIL", help="Between these the source holds every row there is.")
@click.option("--part", metavar="NAME", help="The one repository or system that it is of; else it is of all.")
@click.option("--query", metavar="TEXT", help="The query or request that the source was asked.")
@click.option("--parameters", metavar="TEXT", help="Its parameters.")
@click.option(
    "--scopes", callback=_split, metavar="A,B", help="What the identity that asked may read, separated by commas."
)
@click.option("--second-source", metavar="NAME", help="The source that the number of rows was compared with.")
@click.option("--second-count", type=click.IntRange(min=0), metavar="N", help="How many rows that one has.")
@click.option(
    "--difference", "differences", multiple=True, metavar="TEXT", help="A difference between them; may be repeated."
)
@click.option("--reported-total", type=click.IntRange(min=0), metavar="N", help="The total that the source names.")
@click.option("--truncated", is_flag=True, help="A limit cut the rows off.")
@click.option(
    "--attach",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Keep a file beside the rows, by its digest; may be repeated.",
)
@click.option("--rev", default="HEAD", show_default=True, metavar="REV", help="Of git: this branch or commit.")
@click.option("--name", metavar="OWNER/NAME", help="Of git: the repository's name, where no remote tells it.")
@scan_options
@click.option("--dry-run", is_flag=True, help="Check everything, record nothing; needs no ledger.")
def command(
    *,
    what: str | None,
    words: tuple[str, ...],
    csv_file: str | None,
    jsonl_file: str | None,
    listing: bool,
    template: str | None,
    ledger: Path | None,
    rev: str,
    name: str | None,
    dry_run: bool,
    asked: dict[str, Any],
    **origin: Any,
) -> int:
    """Record what a source tells: all of it, or nothing of it when anything in it is wrong.

    \b
    asbuilt record people person=ana name="Ana Lima" starts_at=2026-01-05 --by ben
    asbuilt record people --csv people.csv --source "HR list" --by ben --covers 2026-01-01..2026-07-01
    asbuilt record evidence/                  a folder of YAML, kept in git
    asbuilt record git                        what the history of this repository shows
    asbuilt record dependencies               what each change of it brought in
    asbuilt record scan out.sarif --repository acme/shop --commit HEAD
    asbuilt record --list                     what can be recorded; TABLE --template csv: what it holds

    Each batch leaves a row in extracts: what was asked of which source, when, by whom, and what it covers.
    Recording the same again adds nothing. A date alone means 00:00:00 UTC; docs/reference/record.md has the rest.
    """  # noqa: D301 - click reads the backspace as "leave these lines as they are"
    from asbuilt.app import record

    if listing:
        print_text(record.list_tables())
        return 0
    if what is None:
        raise UsageError("It is not said what to record.", fix="`asbuilt record --list` lists the tables.")
    if template is not None:
        return show_template(what, template)
    taking, told = record.Taking(ledger, dry_run=dry_run), record.Origin(**origin)
    if what not in FROM_GIT and (name is not None or rev != "HEAD"):
        raise UsageError("--rev and --name speak of a repository.", fix="asbuilt record git [PATH] --rev REV")
    with problems_shown():
        if what in {SCAN, SBOM}:
            return record_reports(what, words, asked, told, taking=taking, ledger=ledger)
        if any(asked.values()):
            raise UsageError("These options speak of scans.", fix="asbuilt record scan FILE... --repository NAME")
        if what in FROM_GIT:
            done = record_git_words(what, words, told, taking, rev=rev, name=name)
        else:
            done = record_words(what, words, csv_file, jsonl_file, origin=told, taking=taking)
    show(done)
    return 0
