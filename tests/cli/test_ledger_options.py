"""What the commands of the ledger have in common."""

import time
from pathlib import Path

import click
from click.testing import CliRunner

from asbuilt.cli.ledger_options import ledger_option, now, user


def test_the_folder_is_found_for_a_command() -> None:
    @click.command()
    @ledger_option
    def show(*, folder: Path) -> None:
        click.echo(str(folder))

    assert CliRunner().invoke(show, ["--ledger", "here"]).output == "here\n"
    assert CliRunner().invoke(show, [], env={"ASBUILT_LEDGER": "there"}).output == "there\n"


def test_the_clock_and_the_user_are_told() -> None:
    assert abs(now() - time.time()) < 5
    assert user()
