"""The small company with its ledger: its history recorded, and beside it what its forge and platform told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.ledger import append
from asbuilt.app.record_git import record_git
from asbuilt.app.taking import Taking
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.record import Record
from tests.company import Company
from tests.facts.telling import tell
from tests.repos import HOUR, START

NAME = "harbor-freight/harbor"
READ = ("requests", "reviews", "request_commits", "request_events", "checks", "deployments", "attestations")
SINCE, UNTIL = "2023-11-01", "2024-06-01"
OBSERVED = "2024-06-02T00:00:00Z"


def at(hours: int) -> str:
    """So many hours after the first commit."""
    return datetime.fromtimestamp(START + hours * HOUR, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(table: str, **columns: Any) -> Record:
    """A row that the forge told of this repository."""
    return tell(table, source=f"github:{NAME}", observed=OBSERVED, repository=NAME, **columns)


def covering(*tables: str) -> list[Record]:
    """Extracts of these tables, of this repository alone."""
    return [
        tell(
            "extracts", extract=f"{table} {NAME}", population=table, part=NAME, covers_from=SINCE, covers_until=UNTIL,
            observed=OBSERVED,
        )
        for table in tables
    ]  # fmt: skip


def request(number: int, **columns: Any) -> Record:
    """A merged request; what is not said is told as usual."""
    usual = {
        "opened_at": at(1), "merged_at": at(12), "author": "ana", "merged_by": "cy", "state": "merged",
        "base_branch": "main", "comment_count": 0, "linked_issues": [], "title": f"Request {number}",
    }  # fmt: skip
    return told("requests", number=number, **(usual | columns))


def forge_of(company: Company) -> list[Record]:
    """What the forge and the platform tell: #3 passed everything, #4 nobody reviewed, #6 is another's number."""
    feature, merge = company.feature, company.merge
    return [
        request(
            3, merge_commit=merge, head_commit=feature, linked_issues=["#12"], linked_opened_at=at(0), commit_count=1,
            merged_by="ana",
        ),
        request(4, merge_commit=company.squash, head_commit=company.by_tool, author="cyc", merged_by="ana"),
        request(6, merge_commit="6" * 40, head_commit="7" * 40),
        request(8, merged_at=None, state="open"),
        told(
            "request_commits", number=3, commit=feature, author="Ana Alves <ana@example.com>", author_login="ana",
            is_verified=True,
        ),
        told(
            "reviews", review_id="31", number=3, commit=feature, reviewer="bo", is_bot=False, state="approved",
            submitted_at=at(2),
        ),
        told("request_events", event_id="e1", number=3, kind="merged", happened_at=at(12), actor="ana"),
        told(
            "coverings", commit=feature, change_id=merge, covers=True, how="same-tree",
        ),
        told(
            "checks", check_id="c1", commit=feature, name="tests", kind="tests", conclusion="success",
            completed_at=at(2),
        ),
        told(
            "deployments", deployment_id="d1", environment="production", is_production=True, deployed_at=at(40),
            commit=merge, deployed_by="deployer",
        ),
        told(
            "deployments", deployment_id="d2", environment="production", is_production=True, deployed_at=at(41),
            commit="9" * 40,
        ),
        told(
            "attestations", attestation="a1", predicate_type="https://slsa.dev/provenance/v1",
            subject="sha256:1234", commit=merge, is_verified=True, builder="the pipeline",
        ),
        *covering(*READ),
    ]  # fmt: skip


def make_ledger(company: Company, folder: Path, *, forge: bool = True) -> Path:
    """A ledger with the history, and with what the forge told."""
    create_ledger(folder, origin="example.com/harbor", now=START).close()
    record_git(str(company.repo.path), Origin(), Taking(folder, now=START + 10_000 * HOUR), name=NAME)
    if forge:
        append(folder, forge_of(company))
    return folder
