"""``asbuilt gate``: whether a change may land."""

import os
import time
from pathlib import Path

import click

from asbuilt.cli.gate_answer import render, status, summarise
from asbuilt.cli.moments import Moment
from asbuilt.cli.outputs import Output, write_outputs
from asbuilt.cli.streams import print_bytes, print_text, width

FORMATS = ("text", "json", "sarif", "github", "markdown")


@click.command("gate", short_help="Whether a change may land, by the controls that an audit tests.")
@click.argument("path", default=".", type=click.Path())
@click.option("--base", metavar="REV", help="The branch that it is to land on; in a pipeline, the request's.")
@click.option("--head", metavar="REV", help="The change; in a pipeline, the request's head; else HEAD.")
@click.option("--staged", is_flag=True, help="Look at what is staged, before a commit is made (pre-commit).")
@click.option("--repo", metavar="OWNER/NAME", help="The repository's name on its forge.")
@click.option("--number", type=click.IntRange(1), metavar="N", help="The number of the pull or merge request.")
@click.option("--request", metavar="FILE", help="What is known of the request, as the forge's JSON; - reads stdin.")
@click.option(
    "--forge",
    is_flag=True,
    help="Read the request from GitHub or GitLab now: its reviews and checks. The token stands in "
    "ASBUILT_GITHUB_TOKEN or GITHUB_TOKEN, of GitLab in ASBUILT_GITLAB_TOKEN or GITLAB_TOKEN, and may only read.",
)
@click.option(
    "--api-url",
    metavar="URL",
    help="The forge's interface, of GitLab https://HOST/api/v4; default: GITHUB_API_URL or CI_API_V4_URL of the "
    "pipeline, else api.github.com.",
)
@click.option(
    "--allow-private-host", multiple=True, metavar="HOST", help="A forge inside the company's own network."
)
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Ask the facts of this ledger; overrides go there.",
)
@click.option("--override-by", metavar="PERSON", help="Who lets it pass all the same; recorded in the ledger.")
@click.option("--reason", metavar="TEXT", help="Why; with --override-by.")
@click.option(
    "--comment", is_flag=True, help="Keep one comment on the request up to date (needs a token that may)."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
@click.option(
    "--output",
    "outputs",
    type=Output(FORMATS),
    multiple=True,
    metavar="FMT=PATH",
    help="Write a report to a file too, whole or not at all; may be given several times.",
)
@click.option("--as-of", type=Moment(), metavar="DATE", help="Judge as of this ISO moment (UTC); now by default.")
def command(
    *,
    path: str,
    base: str | None,
    head: str | None,
    staged: bool,
    repo: str | None,
    number: int | None,
    request: str | None,
    forge: bool,
    api_url: str | None,
    allow_private_host: tuple[str, ...],
    ledger: Path | None,
    override_by: str | None,
    reason: str | None,
    comment: bool,
    form: str,
    outputs: tuple[tuple[str, Path], ...],
    as_of: int | None,
) -> int:
    """Say whether the change from base to head may land, by the same controls that an audit tests.

    In GitHub Actions and GitLab CI base, head and request come from the pipeline. The policy is the base branch's
    own ([gate] in its asbuilt.toml); nothing of the change is run or believed. What could not be seen is no pass.

    Exit codes: 0 may land (or overridden by a named person), 1 a required control does not hold, 2 usage or
    configuration, 3 something could not be seen.
    """
    from asbuilt.app.gate_run import Words, keep_comment, run

    words = Words(
        path=path,
        base=base,
        head=head,
        staged=staged,
        repository=repo,
        number=number,
        request=request,
        forge=forge,
        api_url=api_url,
        private_hosts=frozenset(allow_private_host),
        ledger=ledger,
        override_by=override_by,
        reason=reason,
        comment=comment,
    )
    found, notes = run(words, os.environ, int(time.time()) if as_of is None else as_of)
    write_outputs(outputs, lambda wanted: render(found, wanted))
    summarise(found)
    if form == "text":
        from asbuilt.reports.gate_text import gate_text

        print_text(gate_text(found, width=width()))
    else:
        print_bytes(render(found, form))
    for note in notes:
        click.echo(note, err=True)
    if comment:
        click.echo(keep_comment(words, os.environ, found, render(found, "markdown").decode()), err=True)
    return status(found)
