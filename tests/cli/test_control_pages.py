"""Pages of text about controls."""

from pathlib import Path

import click

from asbuilt.app.config import Config
from asbuilt.app.controls import control_pages
from asbuilt.cli.control_pages import control_page, controls_page


def test_colour_changes_no_word() -> None:
    pages = control_pages(Config(), Path())
    assert click.unstyle(controls_page(pages, width=100, color=True)) == controls_page(
        pages, width=100, color=False
    )
    for page in pages:
        plain = control_page(page, width=80, color=False)
        assert click.unstyle(control_page(page, width=80, color=True)) == plain
        assert page.query.split("\n")[0] in plain
