"""``asbuilt vex`` as a user runs it."""

import json
from pathlib import Path

from asbuilt.ledger.ledger import create_ledger, open_ledger
from tests.app.test_vex import SEEN, decided
from tests.commands import asbuilt
from tests.facts.telling import tell


def test_decisions_are_written_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    with open_ledger(tmp_path / "ledger") as ledger:
        ledger.append([tell("findings_seen", **SEEN), decided(), decided(finding="other", reason=None)])
    words = ("vex", "--product", "shop", "--ledger", "ledger")
    done = asbuilt(*words, cwd=tmp_path)
    assert done.code == 3, done.said
    assert "left out: other: no reason is given" in done.said
    assert json.loads(done.out)["author"] == "shop"
    again = asbuilt(*words, "--author", "Acme", "--output", "cyclonedx=v.json", cwd=tmp_path)
    assert (again.code, again.out) == (3, b"")
    assert json.loads((tmp_path / "v.json").read_bytes())["metadata"]["authors"] == [{"name": "Acme"}]


def test_without_a_ledger_it_says_so(tmp_path: Path) -> None:
    done = asbuilt("vex", "--product", "shop", cwd=tmp_path)
    assert done.code == 2
    assert "no ledger" in done.said
