"""``asbuilt controls``: the controls, what each expects, and the query that tests it."""

from pathlib import Path

import click

from asbuilt.cli.moments import Moment
from asbuilt.cli.streams import print_text, wants_color, width

FORMATS = ("text", "json")


@click.command("controls", short_help="The controls: what each expects, of what, and the query that tests it.")
@click.argument("control", required=False)
@click.option("--from", "start", type=Moment(), metavar="DATE", help="Write this window's start into the query.")
@click.option(
    "--to", "end", type=Moment(), metavar="DATE", help="Write this window's end, left out, into the query."
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The company's configuration; else the nearest asbuilt.toml from here upwards.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="On stdout.")
def command(control: str | None, start: int | None, end: int | None, config: Path | None, form: str) -> int:
    """List the controls, or show one CONTROL: its text, its settings in force, its population and its query.

    The company's own controls are there too, and those that it has set aside say by whom and why.
    """
    from asbuilt.app.company import read_company
    from asbuilt.app.controls import control_pages
    from asbuilt.model.window import Window

    company = read_company(config, Path())
    found = control_pages(company.config, company.base, window=Window(start, end), wanted=control)
    if form == "json":
        from asbuilt.cli.documents import print_json

        print_json(found)
        return 0
    from asbuilt.cli.control_pages import control_page, controls_page

    page = control_page(found[0], width=width(), color=wants_color()) if control else None
    print_text(page or controls_page(found, width=width(), color=wants_color()))
    return 0
