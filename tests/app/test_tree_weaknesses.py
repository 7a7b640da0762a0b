"""Weaknesses of a tree's dependencies: who brought them, how long they stood, and what is stated of them."""

import json
from pathlib import Path

import pytest

from asbuilt.app.advisories import VARIABLE, import_advisories
from asbuilt.app.tree_dependencies import read_dependencies
from asbuilt.history.git import open_repository
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.tree_content import HeldAgainstAdvisories
from tests.app.test_deps import CLAUDE, lock
from tests.facts.telling import moment, tell
from tests.repos import START, Repo
from tests.supply.advisories.written import affected, before, record, write_zip

DAY = 86_400
PURL = "pkg:npm/tool@0.1.0"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [
        record("GHSA-1", affected("npm", "tool", before("1.0.0")), published="2000-01-01T00:00:00Z"),
        record("GHSA-2", affected("npm", "base", before("2.0.0")), published="2000-01-01T00:00:00Z"),
    ]
    source = write_zip(tmp_path / "npm" / "all.zip", told)
    import_advisories([str(source)], store=tmp_path / "store", now=START)
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "store"))


@pytest.fixture
def shop(tmp_path: Path) -> Repo:
    """``base`` was weak from the first commit to one by a bot; ``tool`` is weak, and an AI brought it."""
    repo = Repo(tmp_path / "shop")
    repo.write("package-lock.json", lock(base="1.0.0")).commit("Start")
    repo.write("package-lock.json", lock(base="1.0.0", tool="0.1.0")).commit(f"By tool{CLAUDE}")
    bot = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
    repo.write("package-lock.json", lock(base="2.0.0", tool="0.1.0")).commit("Bump base", author=bot)
    return repo


def held(repo: Repo, **more: object) -> HeldAgainstAdvisories:
    with open_repository(repo.path) as repository:
        found = read_dependencies(
            repository,
            repository.resolve("HEAD"),
            at=START + 100 * DAY,
            keep_index=False,
            **more,  # type: ignore[arg-type]
        ).dependencies
    assert found is not None
    assert found.advisories is not None
    return found.advisories


def vex(folder: Path, status: str, **more: str) -> Path:
    said = {"vulnerability": {"name": "GHSA-1"}, "products": [{"@id": PURL}], "status": status, **more}
    file = folder / "vex.json"
    file.write_text(json.dumps({"author": "ana", "timestamp": "2026-01-01T00:00:00Z", "statements": [said]}))
    return file


def test_open_and_fixed_by_who_brought_the_version(shop: Repo) -> None:
    found = held(shop)
    told = {name: (own.open, own.fixed, own.timed) for name, own in found.times.items() if own.open or own.fixed}
    assert told == {"ai-declared": (1, 0, 0), "unknown": (0, 1, 1)}
    (weakness,) = found.weaknesses
    assert weakness.open_days == found.times["ai-declared"].oldest_open_days
    assert weakness.open_days is not None
    assert found.counted_to is not None


def test_what_is_stated_not_to_concern_the_product_is_counted_apart(shop: Repo, tmp_path: Path) -> None:
    stated = vex(tmp_path, "not_affected", justification="vulnerable_code_not_present")
    found = held(shop, vex=(stated,))
    assert (found.answered, sum(found.by_level.values()), sum(found.by_attribution.values())) == (1, 0, 0)
    (weakness,) = found.weaknesses
    assert weakness.answered
    assert weakness.stated == "not affected, says ana: vulnerable code not present"
    assert found.times["ai-declared"].open == 0


@pytest.mark.parametrize("status", ["not_affected", "under_investigation", "affected"])
def test_a_statement_without_a_reason_or_another_changes_no_count(shop: Repo, tmp_path: Path, status: str) -> None:
    found = held(shop, vex=(vex(tmp_path, status),))
    assert (found.answered, sum(found.by_level.values())) == (0, 1)


def test_decisions_of_a_ledger_stand_beside_it(shop: Repo, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    create_ledger(ledger, origin="example.com/log", now=0).close()
    person = tell("people", person="ana", name="Ana", starts_at="2020-01-01", observed="2020-01-02")
    told = {"finding": "F", "decided_at": "2020-01-02", "decided_by": "ana", "reason": "It is never called."}
    decision = tell(
        "finding_decisions",
        **told,
        decision="vex",
        vex_status="not_affected",
        vulnerability="GHSA-1",
        component=PURL,
        observed="2020-01-03",
    )
    with open_ledger(ledger) as opened:
        opened.append([person, decision])
    assert moment("2020-01-03") < START
    found = held(shop, ledger=ledger)
    assert (found.answered, found.weaknesses[0].stated) == (1, "not affected, says ana: It is never called.")
