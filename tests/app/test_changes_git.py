"""The list of changes from git alone: what it states, in the window, with what would open the rest."""

from asbuilt.app.changes_git import changes_from_git
from asbuilt.app.listed_changes import Wanted
from asbuilt.model.progress import silent
from tests.company import Company
from tests.repos import Repo


def test_rows_say_what_git_states(company: Company) -> None:
    found = changes_from_git(Wanted(), company.repo.path, silent, whole=False)
    rows = {row.change: row for row in found.changes}
    assert (rows[company.merge].number, rows[company.merge].review) == (3, "reviewed")
    assert rows[company.merge].grades["review"] == "stated"
    assert rows[company.initial].review == "exempt"
    assert rows[company.squash].attribution == "ai-declared"
    assert all(row.links == () and row.record is None for row in found.changes)
    assert all(row.links for row in changes_from_git(Wanted(), company.repo.path, silent, whole=True).changes)


def test_only_the_window_counts(company: Company) -> None:
    whole = changes_from_git(Wanted(), company.repo.path, silent, whole=False).changes
    part = changes_from_git(Wanted(whole[2].landed_at, whole[5].landed_at), company.repo.path, silent, whole=False)
    assert part.changes == whole[2:5]
    assert part.total == 3


def test_the_forge_that_git_names_is_named_in_what_would_open_more(repo: Repo) -> None:
    repo.write("a", "1\n").commit("Start")
    repo.git("remote", "add", "origin", "https://gitlab.com/octo/app.git")
    found = changes_from_git(Wanted(), repo.path, silent, whole=False)
    assert found.repositories == ("octo/app",)
    (gap,) = [gap for gap in found.gaps if gap.code == "GAP-LEDGER"]
    assert gap.remedy.endswith("asbuilt sync gitlab octo/app")
