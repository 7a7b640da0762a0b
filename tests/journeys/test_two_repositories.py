"""A company with two repositories, told by the command line: what was read of one says nothing of the other."""

from pathlib import Path
from typing import Any

import pytest

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.audit import test_controls as audit
from asbuilt.engine.duck import DuckFacts
from asbuilt.facts.store import open_facts, project
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.result import Conclusion, Result
from asbuilt.model.window import Window
from tests.commands import asbuilt
from tests.facts.telling import moment

H1 = Window(moment("2026-01-01"), moment("2026-07-01"))
READ = ("--by", "ana", "--observed-at", "2026-07-02", "--covers", "2026-01-01..2026-07-02")
BOTH = ("acme/app", "acme/api")
CHANGED = {
    "landed_at": "2026-03-02", "landing": "merge", "subject": "s", "author": "Ana <ana@example.com>",
    "participants": "ana@example.com", "attribution": "unknown", "number": "7", "head_commit": "h",
    "came_by_pull_request": "yes",
}  # fmt: skip
APPROVED = {
    "review_id": "1", "number": "7", "commit": "h", "reviewer": "ben", "is_bot": "no", "state": "approved",
    "submitted_at": "2026-03-01",
}  # fmt: skip


class Company:
    """A ledger in a folder, and the audit of one control over what it tells."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._ledger = folder, folder / ".asbuilt" / "ledger"
        create_ledger(self._ledger, origin="example.com/log", now=0).close()

    def tell(self, table: str, *options: str, **columns: str) -> None:
        words = [f"{name}={value}" for name, value in columns.items()]
        done = asbuilt("record", table, *words, *READ, *options, cwd=self._folder)
        assert done.code == 0, done.said

    def changes(self, repository: str) -> None:
        self.tell(
            "changes_seen", "--part", repository, change_id=f"c of {repository}", repository=repository, **CHANGED
        )

    def reviews(self, repository: str) -> None:
        self.tell("reviews", "--part", repository, repository=repository, **APPROVED)

    def repositories(self) -> None:
        (self._folder / "list.csv").write_text("repository,in_scope\nacme/app,yes\nacme/api,yes\nacme/site,no\n")
        self.tell("repositories", "--csv", "list.csv", "--source", "forge")

    def tested(self) -> Result:
        own = [each for each in load_controls() if each.id == "CHG-01"]
        with open_ledger(self._ledger, read_only=True) as ledger, open_facts(None, origin="test") as store:
            assert project(store, ledger.entries(), start=0).refused == ()
            (found,) = audit(DuckFacts(store.connection, store.tables), own, H1, now=moment("2026-07-10"))
        return found.result


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def counts(result: Result) -> dict[str, Any]:
    return {word: count for word, count in result.counts.items() if count}


@pytest.mark.slow
def test_reviews_that_were_read_of_one_repository_leave_the_other_unknown(company: Company) -> None:
    company.repositories()
    for repository in BOTH:
        company.changes(repository)
    company.reviews("acme/app")
    first = company.tested()
    assert counts(first) == {"met": 1, "unknown": 1}
    assert first.conclusion is not Conclusion.EFFECTIVE
    # Read, and there is none: that is a deviation.
    company.tell("reviews", "--part", "acme/api", "--source", "forge")
    second = company.tested()
    assert counts(second) == {"met": 1, "deviation": 1}
    # An approval that comes in later takes the place of nothing; it counts.
    company.reviews("acme/api")
    third = company.tested()
    assert counts(third) == {"met": 2}
    assert third.conclusion is Conclusion.EFFECTIVE


@pytest.mark.slow
def test_a_population_is_complete_once_each_listed_repository_was_read(company: Company) -> None:
    company.changes("acme/app")
    for repository in BOTH:
        company.reviews(repository)
    alone = company.tested()
    assert alone.conclusion is Conclusion.EVIDENCE_MISSING
    assert alone.coverage is not None
    assert "no extract of repositories says whether that is all of them" in alone.coverage.why
    company.repositories()
    listed = company.tested()
    assert counts(listed) == {"met": 1}
    assert listed.conclusion is Conclusion.EVIDENCE_MISSING
    assert listed.coverage is not None
    assert listed.coverage.why == "No extract of changes_seen covers 2026-01-01 to 2026-07-01 (missing: acme/api)."
    company.changes("acme/api")
    whole = company.tested()
    assert counts(whole) == {"met": 2}
    assert whole.conclusion is Conclusion.EFFECTIVE
