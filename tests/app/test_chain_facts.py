"""What the facts of a ledger hold about changes."""

from pathlib import Path

import pytest

from asbuilt.app.chain_facts import LedgerFacts, Meant, open_ledger_facts, seconds_of, utc
from asbuilt.app.ledger import append
from asbuilt.model.commit import Person
from asbuilt.model.errors import UsageError
from tests.company import Company
from tests.facts.telling import tell
from tests.joined import NAME, READ, at, make_ledger, request, told
from tests.repos import START


@pytest.fixture
def ledger(company: Company, tmp_path: Path) -> Path:
    return make_ledger(company, tmp_path / "ledger")


def meant(change_id: str, number: int | None = None, head: str | None = None, reverted_by: str = "[]") -> Meant:
    return Meant(change_id, NAME, number, head, utc(START + 3600), reverted_by)


def test_everything_around_a_change_is_told_and_nothing_of_another(company: Company, ledger: Path) -> None:
    with open_ledger_facts(ledger) as facts:
        first, second = facts.told_of([
            meant(company.merge, 3, company.feature), meant(company.squash, 4, company.by_tool),
        ])  # fmt: skip
        assert first.request is not None
        assert first.claimed is not None
        assert first.request["number"] == first.claimed["number"] == 3
        assert [row["review_id"] for row in first.reviews] == ["31"]
        assert [row["check_id"] for row in first.checks] == ["c1"]
        assert [row["deployment_id"] for row in first.deployments] == ["d1"]
        assert [row["attestation"] for row in first.attestations] == ["a1"]
        assert [row["event_id"] for row in first.events] == ["e1"]
        assert first.change["review_verdict"] == "reviewed"
        assert first.covered == frozenset(READ) - {"request_commits"}
        assert not (*second.reviews, *second.checks, *second.deployments)
        assert list(facts.told_of([])) == []


def test_a_request_is_found_without_a_number_by_its_merge_commit_or_its_head(
    company: Company, ledger: Path
) -> None:
    append(ledger, [request(20, merge_commit="a" * 40, head_commit="b" * 40)])
    with open_ledger_facts(ledger) as facts:
        by_merge, by_head, neither = facts.told_of([
            meant(company.merge), meant("5" * 40, head="b" * 40), meant("0" * 40),
        ])  # fmt: skip
    assert by_merge.landed_as is not None
    assert by_merge.landed_as["number"] == 3
    assert by_head.landed_as is not None
    assert by_head.landed_as["number"] == 20
    assert neither.landed_as is None


def test_a_later_deployment_holds_the_change_and_a_revert_is_the_request_that_landed_it(
    company: Company, ledger: Path
) -> None:
    append(ledger, [
        told("deployments", deployment_id="d3", environment="production", is_production=True, deployed_at=at(50),
             commit=company.noted),
        request(21, merge_commit=company.revert),
    ])  # fmt: skip
    with open_ledger_facts(ledger) as facts:
        (own,) = facts.told_of([meant(company.guarded, reverted_by=f'["{company.revert}"]')])
    assert own.first_live is not None
    assert own.first_live["deployment_id"] == "d3"
    assert [row["number"] for row in own.reverted_by] == [21]


def test_a_repository_is_known_by_its_name_or_by_its_changes(company: Company, ledger: Path) -> None:
    with open_ledger_facts(ledger) as facts:
        assert facts.repositories() == [NAME]
        assert facts.repository_of([], NAME.upper()) == NAME
        assert facts.repository_of([company.merge], None) == NAME
        assert facts.repository_of([company.merge], "octo/fork") == NAME
        assert facts.repository_of(["0" * 40], "octo/none") is None


def accounts(facts: LedgerFacts, email: str) -> frozenset[str]:
    return facts.accounts(NAME)(Person("x", email))


def test_accounts_of_a_git_address(ledger: Path) -> None:
    append(
        ledger,
        [
            tell("people", person="bo", identities=["bo@example.com", "bo-gh"]),
            tell("people", person="cy", identities=["cy@example.com"]),
        ],
    )
    with open_ledger_facts(ledger) as facts:
        assert accounts(facts, "Ana@Example.com") == {"ana"}  # as the forge joins it
        assert accounts(facts, "bo@example.com") == {"bo", "bo-gh"}  # as the list of people does
        assert accounts(facts, "12+dee@users.noreply.github.com") == {"dee"}
        assert accounts(facts, "nobody@example.com") == frozenset()


def test_facts_are_brought_up_to_the_ledger_each_time(company: Company, ledger: Path) -> None:
    with open_ledger_facts(ledger) as facts:
        assert facts.rows("SELECT count(*) AS held FROM requests")[0]["held"] == 4
    append(ledger, [request(30)])
    with open_ledger_facts(ledger) as facts:
        assert facts.rows("SELECT count(*) AS held FROM requests")[0]["held"] == 5


def test_no_ledger_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError), open_ledger_facts(tmp_path / "none"):
        pass


def test_moments() -> None:
    assert seconds_of(utc(START)) == START
    assert utc(START).tzinfo is None
