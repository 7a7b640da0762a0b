"""``asbuilt record``: facts into the ledger, from words, files, a folder of evidence, or git."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_text
from asbuilt.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from asbuilt.app.record import Origin, Recorded, Taking

GIT = "git"


def _split(_: click.Context, __: click.Parameter, told: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (told or "").split(",") if each.strip())


@click.command("record", short_help="Record facts: from words, CSV, JSON Lines, a folder of YAML, or git.")
@click.argument("what", required=False, metavar="TABLE|FOLDER|FILE.yaml|git")
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
    **origin: Any,
) -> int:
    """Record what a source tells: all of it, or nothing of it when anything in it is wrong.

    \b
    asbuilt record people person=ana name="Ana Lima" starts_at=2026-01-05 --by ben
    asbuilt record people --csv people.csv --source "HR list" --by ben --covers 2026-01-01..2026-07-01
    asbuilt record evidence/                  a folder of YAML, kept in git
    asbuilt record git                        what the history of this repository shows
    asbuilt record --list                     what can be recorded
    asbuilt record people --template csv      what its columns hold

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
        return _show_template(what, template)
    taking = record.Taking(ledger, dry_run=dry_run)
    told = record.Origin(**origin)
    if what != GIT and (name is not None or rev != "HEAD"):
        raise UsageError("--rev and --name speak of a repository.", fix="asbuilt record git [PATH] --rev REV")
    with _problems_shown():
        if what == GIT:
            done = _record_git(words, told, taking, rev=rev, name=name)
        else:
            done = _record(what, words, csv_file, jsonl_file, origin=told, taking=taking)
    _show(done)
    return 0


@contextmanager
def _problems_shown() -> "Iterator[None]":
    """Print each problem of refused evidence on stderr, one line each."""
    from asbuilt.model.evidence import EvidenceError

    try:
        yield
    except EvidenceError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise


def _record(
    what: str,
    words: tuple[str, ...],
    csv_file: str | None,
    jsonl_file: str | None,
    *,
    origin: "Origin",
    taking: "Taking",
) -> "Recorded":
    """Record in the way that the words ask for."""
    from asbuilt.app import record

    if sum((csv_file is not None, jsonl_file is not None, bool(words))) > 1:
        raise UsageError("Rows come from one place.", fix="Give words, --csv or --jsonl; one of them.")
    if csv_file is not None:
        return record.record_file(what, csv_file, "csv", origin, taking)
    if jsonl_file is not None:
        return record.record_file(what, jsonl_file, "jsonl", origin, taking)
    if not words and not record.is_table(what) and Path(what).exists():
        _refuse_origin(origin)
        return record.record_folder(Path(what), taking, by=origin.by)
    if not words and origin.covers is None and record.is_table(what):
        raise UsageError(
            f"It is not said what to record in {what!r}.",
            fix="Give COLUMN=VALUE words, --csv or --jsonl; with --covers alone, that the source held nothing.",
        )
    return record.record_words(what, words, origin, taking)


def _record_git(
    words: tuple[str, ...], origin: "Origin", taking: "Taking", *, rev: str, name: str | None
) -> "Recorded":
    """Record what a repository shows."""
    from asbuilt.app.record_git import record_git

    if len(words) > 1 or origin.attach:
        raise UsageError(
            "`asbuilt record git` takes one folder, and no attachments.", fix="asbuilt record git [PATH]"
        )
    with progress(quiet=False, verbose=False) as listener:
        return record_git(words[0] if words else ".", origin, taking, rev=rev, name=name, on=listener)


def _refuse_origin(origin: "Origin") -> None:
    """A file of evidence says itself where it comes from: what a command adds would contradict it."""
    from asbuilt.app import record

    if origin != record.Origin(by=origin.by):
        raise UsageError(
            "Evidence files say themselves where they come from.",
            fix="Write it into the file (docs/reference/evidence.md); only --by, --ledger, --dry-run go with it.",
        )


def _show_template(what: str, form: str) -> int:
    from asbuilt.app import record

    text, described = record.describe_table(
        what, "csv" if form == "csv" else "jsonl" if form == "jsonl" else "yaml"
    )
    print_text(text)
    if form != "yaml":
        click.echo(described, err=True, nl=False)
    return 0


def _show(done: "Recorded") -> None:
    """What came of it; the last line is the sum."""
    from asbuilt.model.text import visible

    lines = [visible(note) for note in done.notes]
    lines += [f"{table}: {count:,} row{'' if count == 1 else 's'}" for table, count in done.rows.items()]
    files = f", {done.files:,} file{'' if done.files == 1 else 's'} kept by digest" if done.files else ""
    if done.dry_run:
        lines.append("Everything can be recorded; nothing was (--dry-run).")
    else:
        lines.append(f"{done.new:,} new, {done.known:,} known{files}.")
    print_text("\n".join(lines))
