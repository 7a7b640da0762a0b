"""Where the ledger stands."""

from pathlib import Path

from asbuilt.app.ledger_place import keep_out_of_git, known_ledger, ledger_folder


def test_what_is_named_comes_before_the_environment_and_that_before_this_folder() -> None:
    assert ledger_folder(Path("here"), {"ASBUILT_LEDGER": "there"}) == Path("here")
    assert ledger_folder(None, {"ASBUILT_LEDGER": "there"}) == Path("there")
    assert ledger_folder(None, {"ASBUILT_LEDGER": ""}) == Path(".asbuilt/ledger") == ledger_folder(None, {})


def test_where_no_ledger_is_required_one_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert known_ledger(tmp_path / "named", {}) == tmp_path / "named"  # whoever names one wants it
    usual = {"ASBUILT_LEDGER": str(tmp_path)}
    assert known_ledger(None, usual) is None
    (tmp_path / "ledger.db").touch()
    assert known_ledger(None, usual) == tmp_path


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
