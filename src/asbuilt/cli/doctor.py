"""``asbuilt doctor``: whether this machine and this repository allow a full picture."""

import click

from asbuilt.app.exit_codes import CANNOT_READ, CLEAN
from asbuilt.cli.streams import print_text, wants_color, width

FORMATS = ("text", "json")


@click.command("doctor", short_help="Whether this machine and this repository allow a full picture.")
@click.argument("path", default=".", type=click.Path())
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
def command(path: str, form: str) -> int:
    """Look at git, Python, the libraries, the cache and the repository at PATH; each line is ok, warn or fail.

    Exit codes: 0 when nothing failed (warnings included), 3 when something did.
    """
    from asbuilt.app.doctor import State, examine

    checks = examine(path)
    if form == "json":
        from asbuilt.cli.documents import print_json

        print_json(checks)
    else:
        from asbuilt.cli.pages import checks_page

        print_text(checks_page(checks, width=width(), color=wants_color()))
    return CANNOT_READ if any(check.state is State.FAIL for check in checks) else CLEAN
