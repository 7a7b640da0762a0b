"""``asbuilt sbom --record`` and ``asbuilt record sbom`` as a user runs them."""

import json
from pathlib import Path

import pytest

from tests.commands import asbuilt
from tests.repos import Repo


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    repo = Repo(tmp_path / "acme")
    repo.write("requirements.txt", "a==1.0\n").write("shop.whl", "built").commit("First")
    assert asbuilt("ledger", "init", "example.com/log", cwd=repo.path).code == 0
    return repo.path


def test_a_list_of_our_own_is_printed_and_kept(repo: Path) -> None:
    words = ("sbom", "--format", "cyclonedx", "--artifact", "shop.whl", "--release", "1.0", "--record")
    done = asbuilt(*words, "--name", "acme/shop", "--by", "ana", cwd=repo)
    assert done.code == 0, done.said
    metadata = json.loads(done.out)["metadata"]
    assert metadata["component"]["hashes"][0]["alg"] == "SHA-256"
    assert "names the artefact sha256:" in done.said
    assert "acme/shop: 3 new, 0 known, 1 kept by digest." in done.said


def test_both_formats_are_kept_when_both_are_written(repo: Path) -> None:
    words = ("--output", "cyclonedx=c.json", "--output", "spdx=s.json", "--output", "json=j.json")
    done = asbuilt("sbom", "--artifact", f"sha256:{'a' * 64}", "--record", *words, cwd=repo)
    assert (done.code, done.out) == (0, b""), done.said
    assert "2 kept by digest" in done.said
    (product, *_) = json.loads((repo / "s.json").read_bytes())["packages"]
    assert product["checksums"] == [{"algorithm": "SHA256", "checksumValue": "a" * 64}]
    assert json.loads((repo / "j.json").read_bytes())["artifact"]["digest"] == f"sha256:{'a' * 64}"


def test_a_list_of_another_program_is_kept(repo: Path) -> None:
    (repo / "theirs.json").write_text('{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": []}')
    done = asbuilt("record", "sbom", "theirs.json", "--repository", "acme/shop", "--release", "1.0", cwd=repo)
    assert (done.code, "names no artefact" in done.text) == (0, True), done.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sbom", "--record"), "--record keeps a document that names an artefact."),
        (("sbom", "--record", "--artifact", "shop.whl"), "--record keeps a document that names an artefact."),
        (("sbom", "--name", "a/b"), "--name and --by speak of --record."),
        (("sbom", "--release", "1"), "A release is named without its artefact."),
        (("sbom", "--artifact", "nothing"), "cannot be read"),
        (("record", "sbom", "x.json"), "which lists of which repository"),
        (("record", "sbom", "x", "--repository", "a/b", "--tool", "snyk"), "speak of scans"),
        (("record", "scan", "x", "--repository", "a/b", "--release", "1"), "speaks of lists"),
    ],
)
def test_what_means_nothing_is_refused(repo: Path, words: tuple[str, ...], said: str) -> None:
    done = asbuilt(*words, cwd=repo)
    assert (done.code, said in done.said) == (2, True), done.said
