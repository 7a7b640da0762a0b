"""Failures are sentences: what, why, fix; hostile text in them is harmless."""

import click
import pytest

from asbuilt.cli import failures
from asbuilt.model.errors import AsBuiltError, CatalogueError, ConfigError, LedgerError, SourceError, UsageError


@pytest.mark.parametrize(
    ("kind", "code"),
    [(UsageError, 2), (ConfigError, 2), (CatalogueError, 2), (SourceError, 3), (LedgerError, 4)],
)
def test_each_kind_has_its_exit_code(
    kind: type[AsBuiltError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert failures.show(kind("It broke.", why="A reason.", fix="Mend it.", where="a.toml:3")) == code
    assert capsys.readouterr().err == "asbuilt: a.toml:3: It broke.\n  why: A reason.\n  fix: Mend it.\n"


def test_escapes_in_a_message_are_shown_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    failures.show(SourceError("bad \x1b[2J name \u202e"))
    assert capsys.readouterr().err == "asbuilt: bad \\x1b[2J name \\u202e\n"


def test_a_refusal_of_the_system_names_the_file_and_is_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert failures.show_refusal(OSError(28, "No space left on device", "out.json")) == 3
    assert "'out.json': No space left on device" in capsys.readouterr().err


def test_usage_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert failures.show_usage(click.UsageError("Eh?")) == 2
    assert "asbuilt --help" in capsys.readouterr().err


def test_a_mistake_of_ours_is_70(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        failures.show_internal(ValueError, ValueError("x"), None)
    assert left.value.code == 70
    assert "not in your repository" in capsys.readouterr().err
