"""What the words of ``asbuilt record`` ask for; nothing is decided here."""

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_text
from asbuilt.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from asbuilt.app.record import Origin, Recorded, Taking


SCAN = "scan"
SBOM = "sbom"


def scan_options(command: "Callable[..., int]") -> "Callable[..., int]":
    """Add the options of ``asbuilt record scan`` and ``sbom``, which reach the command as one value, ``asked``."""

    @click.option("--repository", metavar="OWNER/NAME", help="Of scan and sbom: the repository it is about.")
    @click.option("--release", metavar="NAME", help="Of sbom: the release that the list is meant for.")
    @click.option("--commit", metavar="REV", help="Of scan: the commit that was scanned.")
    @click.option(
        "--tool", metavar="FORMAT", help="Of scan: whose report it is, where an empty one does not show it."
    )
    @click.option(
        "--scope", metavar="NAME", help="Of scan: the folder or image that the reports are about; else all."
    )
    @click.option(
        "--ended-well", is_flag=True, help="Of scan: state that runs came to their end that do not say so."
    )
    @click.option(
        "--unmerged", is_flag=True, help="Of scan: the commit has not landed; no finding opens or closes."
    )
    @wraps(command)
    def with_asked(
        *,
        repository: str | None,
        commit: str | None,
        tool: str | None,
        scope: str | None,
        ended_well: bool,
        unmerged: bool,
        release: str | None,
        **more: Any,
    ) -> int:
        asked = {"repository": repository, "commit": commit, "tool": tool, "scope": scope, "release": release}
        return command(asked={**asked, "ended_well": ended_well, "unmerged": unmerged}, **more)

    return with_asked


def record_reports(
    what: str,
    words: tuple[str, ...],
    asked: dict[str, Any],
    origin: "Origin",
    *,
    taking: "Taking",
    ledger: Path | None,
) -> int:
    """Record what other programs wrote: reports of scanners, or lists of components."""
    release = asked.pop("release")
    if what == SCAN and release is None:
        return record_scan_words(words, asked, origin, taking, ledger)
    repository = asked.pop("repository")
    if what == SCAN or any(asked.values()):
        raise UsageError(
            f"{'--release speaks of lists of components.' if what == SCAN else 'These options speak of scans.'}",
            fix="asbuilt record sbom FILE... --repository OWNER/NAME [--release NAME]",
        )
    from asbuilt.cli.sbom_record import record_others

    show(record_others(words, repository, release, origin, taking))
    return 0


def record_scan_words(
    words: tuple[str, ...], asked: dict[str, Any], origin: "Origin", taking: "Taking", ledger: Path | None
) -> int:
    """Record reports of scanners; the exit status says whether all of them was read."""
    from asbuilt.app.exit_codes import CANNOT_READ, CLEAN
    from asbuilt.app.record_scan import Asked, find_commit, record_scan

    if not words or asked["repository"] is None:
        raise UsageError(
            "It is not said which reports of which repository to record.",
            fix="asbuilt record scan FILE... --repository OWNER/NAME --commit REV",
        )
    done = record_scan(words, Asked(**{**asked, "commit": find_commit(asked["commit"])}), origin, taking, ledger)
    show(done.recorded)
    return CANNOT_READ if done.unread else CLEAN


def record_words(
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


def record_git_words(
    what: str, words: tuple[str, ...], origin: "Origin", taking: "Taking", *, rev: str, name: str | None
) -> "Recorded":
    """Record what a repository shows: its changes, or what each of them brought in."""
    from asbuilt.app.record_dependencies import record_dependencies
    from asbuilt.app.record_git import record_git

    if len(words) > 1 or origin.attach:
        raise UsageError(
            f"`asbuilt record {what}` takes one folder, and no attachments.", fix=f"asbuilt record {what} [PATH]"
        )
    record = record_git if what == "git" else record_dependencies
    with progress(quiet=False, verbose=False) as listener:
        return record(words[0] if words else ".", origin, taking, rev=rev, name=name, on=listener)


def _refuse_origin(origin: "Origin") -> None:
    """A file of evidence says itself where it comes from: what a command adds would contradict it."""
    from asbuilt.app import record

    if origin != record.Origin(by=origin.by):
        raise UsageError(
            "Evidence files say themselves where they come from.",
            fix="Write it into the file (docs/reference/evidence.md); only --by, --ledger, --dry-run go with it.",
        )


def show_template(what: str, form: str) -> int:
    """Print an empty file for a table, and what its columns hold."""
    from asbuilt.app import record

    text, described = record.describe_table(
        what, "csv" if form == "csv" else "jsonl" if form == "jsonl" else "yaml"
    )
    print_text(text)
    if form != "yaml":
        click.echo(described, err=True, nl=False)
    return 0


def show(done: "Recorded") -> None:
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
