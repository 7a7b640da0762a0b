"""``asbuilt registry check`` as a command, and its lines."""

import json
from pathlib import Path

from asbuilt.app.suspecting import Suspected, SuspicionList
from asbuilt.cli.registry_check import suspicion_lines
from asbuilt.model.registry_facts import Suspicion
from tests.commands import asbuilt
from tests.repos import Repo


def test_nothing_asked_is_never_0_and_an_invented_version_is_1(tmp_path: Path) -> None:
    own = Repo(tmp_path / "repo")
    own.write("requirements.txt", "flask==2.0\n").commit()
    kept = {"ASBUILT_REGISTRY": str(tmp_path / "none")}
    done = asbuilt("registry", "check", str(tmp_path / "repo"), cwd=tmp_path, **kept)
    assert (done.code, "No registry was asked" in done.text) == (3, True)
    own.write("requirements.txt", "flask==2.0\njetbrains-nes-gitleaks-bin==999.9.9\n").commit()
    done = asbuilt("registry", "check", str(tmp_path / "repo"), cwd=tmp_path, **kept)
    assert done.code == 1
    assert "high (rule 7): Version 999.9.9 outbids every real one" in done.text
    told = json.loads(asbuilt("registry", "check", "repo", "--format", "json", cwd=tmp_path, **kept).text)
    assert told["suspected"][0]["package"] == "PyPI:jetbrains-nes-gitleaks-bin"


def test_lines_show_hostile_names_as_escapes_and_count_what_was_not_tested() -> None:
    own = Suspected("npm:a\x1b", "1", "lock", 3, "f" * 40, "ai-declared", (Suspicion(1, "block", "It\x07."),))
    reasons = tuple((rule, "why", rule) for rule in range(1, 10))
    lines = suspicion_lines(SuspicionList("c", 9, True, (own,), reasons, ("x.py",)))
    assert lines[0] == "npm:a\\x1b@1  lock:3, brought by ffffffffff (ai-declared)"
    assert lines[1] == "    block (rule 1): It\\x07."
    assert lines[2] == "Not tested: rule 9, 9 times: why"
    assert "Not tested: 1 more times (--format json)" in lines
    assert lines[-1] == "9 packages: 1 to block, 0 high, 0 medium, 0 low."
