"""``asbuilt webhook`` as commands."""

from pathlib import Path

from tests.commands import asbuilt


def test_checking_a_ledger_without_deliveries(tmp_path: Path) -> None:
    here = tmp_path / "company"
    here.mkdir()
    assert asbuilt("webhook", "check", cwd=here).code == 2
    assert asbuilt("ledger", "init", "example.com/log", cwd=here).code == 0
    done = asbuilt("webhook", "check", cwd=here)
    assert (done.code, done.text) == (0, "0 deliveries.\nNothing is missing that a sync saw.\n")


def test_serving_needs_a_secret_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    (tmp_path / "secret").chmod(0o600)
    done = asbuilt("webhook", "serve", "--secret-file", "secret", cwd=tmp_path)
    assert done.code == 2
    assert "5 bytes" in done.said
