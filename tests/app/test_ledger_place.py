"""Where the ledger stands."""

from pathlib import Path

from asbuilt.app.ledger_place import keep_out_of_git, ledger_folder


def test_what_is_named_comes_before_the_environment_and_that_before_this_folder() -> None:
    assert ledger_folder(Path("here"), {"ASBUILT_LEDGER": "there"}) == Path("here")
    assert ledger_folder(None, {"ASBUILT_LEDGER": "there"}) == Path("there")
    assert ledger_folder(None, {"ASBUILT_LEDGER": ""}) == Path(".asbuilt/ledger") == ledger_folder(None, {})


def test_git_passes_over_the_default_place_and_over_no_other(tmp_path: Path) -> None:
    (tmp_path / ".asbuilt").mkdir()
    for _ in range(2):
        keep_out_of_git(tmp_path / ".asbuilt" / "ledger")
    keep_out_of_git(tmp_path / "ledger")
    assert (tmp_path / ".asbuilt" / ".gitignore").read_text() == "*\n"
    assert not (tmp_path / ".gitignore").exists()
    (tmp_path / ".asbuilt" / ".gitignore").write_text("mine\n")
    keep_out_of_git(tmp_path / ".asbuilt" / "ledger")
    assert (tmp_path / ".asbuilt" / ".gitignore").read_text() == "mine\n"
