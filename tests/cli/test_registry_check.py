"""``asbuilt registry check`` as a command, and its lines."""

import json
from pathlib import Path

from tests.commands import asbuilt
from tests.repos import Repo


def test_nothing_asked_is_never_0_and_an_invented_version_is_1(tmp_path: Path) -> None:
    own = Repo(tmp_path / "repo")
    own.write("requirements.txt", "flask==2.0\n").commit()
    kept = {"ASBUILT_REGISTRY": str(tmp_path / "none"), "ASBUILT_ADVISORIES": str(tmp_path / "no")}
    done = asbuilt("registry", "check", str(tmp_path / "repo"), cwd=tmp_path, **kept)
    assert done.code == 3
    assert "no registry was asked. To do: asbuilt registry fetch" in done.text
    assert "To do: asbuilt advisories import" in done.text
    own.write("requirements.txt", "flask==2.0\njetbrains-nes-gitleaks-bin==999.9.9\n").commit()
    done = asbuilt("registry", "check", str(tmp_path / "repo"), cwd=tmp_path, **kept)
    assert done.code == 1
    assert "high (rule 7): Version 999.9.9 outbids every real one" in done.text
    told = json.loads(asbuilt("registry", "check", "repo", "--format", "json", cwd=tmp_path, **kept).text)
    assert told["suspected"][0]["package"] == "PyPI:jetbrains-nes-gitleaks-bin"
