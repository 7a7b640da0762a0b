"""``asbuilt advisories`` as commands."""

import json
from pathlib import Path

from tests.commands import asbuilt
from tests.supply.advisories.written import affected, before, record, write_zip


def test_importing_checking_and_asking_for_the_status(tmp_path: Path) -> None:
    told = record("GHSA-1", affected("npm", "a", before("1.0.0")), modified="2038-01-01T00:00:00Z")
    write_zip(tmp_path / "npm" / "all.zip", [told])
    (tmp_path / "bom.json").write_text(
        json.dumps({"bomFormat": "CycloneDX", "components": [{"name": "a", "purl": "pkg:npm/a@0.9.0"}]})
    )
    assert asbuilt("advisories", "check", "bom.json", cwd=tmp_path).code == 2
    done = asbuilt("advisories", "import", "npm/all.zip", cwd=tmp_path)
    assert (done.code, "all as of 2038-01-01" in done.text) == (0, True)
    assert asbuilt("advisories", "status", cwd=tmp_path).text == done.text
    done = asbuilt("advisories", "check", "bom.json", cwd=tmp_path)
    assert done.code == 1
    assert "pkg:npm/a@0.9.0: GHSA-1 (no level given)" in done.text
    (tmp_path / "bom.json").write_text(
        json.dumps({"bomFormat": "CycloneDX", "components": [{"name": "a", "purl": "pkg:npm/a@1.0.0"}]})
    )
    assert asbuilt("advisories", "check", "bom.json", cwd=tmp_path).code == 0
    done = asbuilt("advisories", "check", "bom.json", "--format", "json", cwd=tmp_path)
    (only,) = json.loads(done.text)["components"]
    assert (only["coverage"], only["why"]) == ("clean", "")


def test_a_bad_record_is_told_and_is_never_0(tmp_path: Path) -> None:
    write_zip(tmp_path / "npm" / "all.zip", [record("A", affected("npm", "a", before("1.0.0"))), {"id": "B"}])
    done = asbuilt("advisories", "import", "npm/all.zip", "--store", "mine", cwd=tmp_path)
    assert done.code == 3
    assert "B.json" in done.text
    held = json.loads(asbuilt("advisories", "status", "--store", "mine", "--format", "json", cwd=tmp_path).text)
    assert len(held["bad"]) == 1


def test_the_sample_says_that_it_is_one_and_nothing_is_clean_by_it(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("nothing-known==1.0\n")
    done = asbuilt("advisories", "check", "--sample", cwd=tmp_path)
    assert done.code == 3
    assert "SAMPLE" in done.text
    assert "0 clean" in done.text


def test_a_folder_without_components_is_not_clean(tmp_path: Path) -> None:
    assert asbuilt("advisories", "check", "--sample", cwd=tmp_path).code == 3
