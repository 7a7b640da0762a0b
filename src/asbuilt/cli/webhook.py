"""``asbuilt webhook``: taking in what a forge sends, and saying what did not come."""

from pathlib import Path

import click

from asbuilt.cli.progress import progress
from asbuilt.cli.streams import print_text

_LEDGER = click.option("--ledger", type=click.Path(path_type=Path), metavar="FOLDER", help="The ledger.")


@click.group("webhook", short_help="Take in webhooks of a forge, and say which did not come.")
def command() -> None:
    """Take in webhooks of GitHub (at /github) and GitLab (at /gitlab), and compare them with what a sync sees."""


@command.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8787, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option(
    "--secret-file",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The secret that the forge signs with, 16 bytes at least.",
)
@_LEDGER
def serve(*, host: str, port: int, secret_file: Path, ledger: Path | None) -> int:
    """Listen for webhooks until stopped; each is recorded before it is accepted."""
    from asbuilt.app.ledger_place import ledger_folder
    from asbuilt.app.webhook_server import open_server, read_secret

    with open_server(host, port, ledger_folder(ledger), read_secret(secret_file)) as server:
        print_text(f"Listening on http://{host}:{server.server_port}/github and /gitlab; stop with Ctrl-C.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print_text("Stopped.")
    return 0


@command.command("check")
@_LEDGER
def check(*, ledger: Path | None) -> int:
    """Say which deliveries did not come although a sync saw what they are about; exit 3 when one did not."""
    from asbuilt.app.ledger_place import ledger_folder
    from asbuilt.app.webhook_gaps import check_deliveries

    with progress(quiet=False, verbose=False) as listener:
        held, gaps = check_deliveries(ledger_folder(ledger), listener)
    lines = [f"{held:,} deliveries."]
    for gap in gaps:
        lines += [f"{gap.code}: {gap.what}", f"  {gap.why} {gap.remedy}"]
    print_text("\n".join(lines if gaps else [*lines, "Nothing is missing that a sync saw."]))
    return 3 if gaps else 0
