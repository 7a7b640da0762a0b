"""An inspection tells every kind of change, line and finding of a small company apart."""

from collections import Counter

import msgspec
import pytest

from asbuilt.app.inspect import inspect
from asbuilt.model.chain import Grade
from asbuilt.model.change import Landing
from asbuilt.model.inspection import Inspection
from tests.company import Company
from tests.repos import Repo


@pytest.fixture(scope="module")
def found(company: Company) -> Inspection:
    return inspect(company.repo.path, keep_index=False)


def row_of(found: Inspection, commit: str):
    return next(row for row in found.changes if commit in row.change.commits)


def test_every_change_is_told_by_how_it_came_in(found: Inspection, company: Company) -> None:
    landings = {commit: row_of(found, commit).change.landing for commit in
                (company.initial, company.direct, company.merge, company.squash, company.bot)}  # fmt: skip
    assert landings == {
        company.initial: Landing.INITIAL,
        company.direct: Landing.DIRECT,
        company.merge: Landing.MERGE,
        company.squash: Landing.SQUASH,
        company.bot: Landing.SQUASH,
    }
    assert row_of(found, company.feature).change.id == company.merge
    assert sum(found.landings.values()) == len(found.changes)


def test_lines_are_counted_once_and_by_who_wrote_them(found: Inspection, company: Company) -> None:
    kinds = found.lines.by_authorship
    counted = [int(row.rsplit(b":", 1)[1]) for row in company.repo.git("grep", "-c", "", "HEAD").splitlines()]
    assert found.lines.total == sum(kinds.values()) == sum(counted)
    # Two lines that a record names; direct.py, and the tool's line of the squash, declared by their commits.
    assert kinds["ai-tracked"] == 2
    assert kinds["ai-declared"] == 3 + 1
    assert kinds["automation"] == 1
    assert found.lines.by_tool == {"claude_code": 6}


def test_a_review_by_another_is_stated_and_by_oneself_contradicted(found: Inspection, company: Company) -> None:
    assert row_of(found, company.merge).grades["review"] == Grade.STATED
    assert row_of(found, company.own_review).grades["review"] == Grade.CONTRADICTED
    assert row_of(found, company.direct).grades["review"] == Grade.UNKNOWN


def test_links_cover_every_change(found: Inspection) -> None:
    assert {name: sum(grades.values()) for name, grades in found.links.items()} == dict.fromkeys(
        found.links, len(found.changes)
    )


def test_findings_name_the_opt_out_and_the_own_review(found: Inspection) -> None:
    by_code = Counter(finding.code for finding in found.findings)
    assert by_code["AI-OPTOUT"] == 1
    opt_out = next(finding for finding in found.findings if finding.code == "AI-OPTOUT")
    assert (opt_out.path, opt_out.line, opt_out.severity.value) == (".claude/settings.json", 2, "blocking")
    deviations = next(result for result in found.results if result.control == "CHG-01")
    assert [verdict.item for verdict in deviations.verdicts] == [row.change.id for row in found.changes
                                                                  if row.change.subject == "Add own (#6)"]  # fmt: skip
    assert found.blocking >= 2


def test_what_could_not_be_seen_is_said_with_its_remedy(found: Inspection) -> None:
    gaps = {gap.code: gap for gap in found.gaps}
    assert {"GAP-FORGE", "GAP-PULLREFS"} <= gaps.keys()
    assert gaps["GAP-FORGE"].remedy.startswith("asbuilt sync")
    assert found.verdict
    assert found.next_step


def test_the_window_limits_changes_and_not_lines(company: Company, found: Inspection) -> None:
    since = row_of(found, company.opt_out).change.landed_at
    late = inspect(company.repo.path, since=since, keep_index=False)
    assert [row.change.id for row in late.changes] == [
        row.change.id for row in found.changes if row.change.landed_at >= since
    ]
    assert late.lines == found.lines
    assert all(result.count <= len(late.changes) for result in late.results if result.population == "changes")


def test_the_same_commit_gives_the_same_bytes(company: Company, found: Inspection) -> None:
    again = inspect(company.repo.path)
    once_more = inspect(company.repo.path)
    assert msgspec.json.encode(again) == msgspec.json.encode(once_more) == msgspec.json.encode(found)


def test_configuration_approves_tools_and_leaves_files_out(repo: Repo) -> None:
    repo.write("asbuilt.toml", '[ai_tools]\napproved = ["cursor"]\n[inspect]\nexclude = ["vendor/"]\n')
    repo.write("vendor/x.js", "x\n" * 5).write("a.py", "a\n")
    repo.commit("Start\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n")
    found = inspect(repo.path)
    assert (found.lines.excluded, found.lines.excluded_lines) == (1, 5)
    assert found.lines.total == 5
    vendor = next(result for result in found.results if result.control == "VEN-05")
    assert [verdict.item for verdict in vendor.verdicts] == ["claude_code"]
    assert any(finding.code == "VEN-05" and finding.severity == "blocking" for finding in found.findings)


def test_a_cache_that_cannot_be_used_is_a_gap(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(company.repo.path / ".git"))
    found = inspect(company.repo.path)
    assert "GAP-INDEX" in {gap.code for gap in found.gaps}
    assert not (company.repo.path / ".git" / "asbuilt").exists()
