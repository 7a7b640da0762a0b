"""kill -9 at any moment: nothing that was acknowledged is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.verify import verify_ledger
from tests.ledger.making import new_ledger

ROUNDS = 200


@pytest.mark.slow
def test_nothing_that_was_acknowledged_is_lost_when_writers_are_killed(tmp_path: Path) -> None:
    new_ledger(tmp_path / "ledger").close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.ledger.killed_writer", str(tmp_path / "ledger"), str(ROUNDS), "11"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    acknowledged, size = map(int, done.stdout.split())
    assert 0 < acknowledged <= size
    with open_ledger(tmp_path / "ledger", read_only=True) as ledger:
        assert ledger.size == size
        assert verify_ledger(ledger).holds
