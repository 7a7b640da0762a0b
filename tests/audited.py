"""A small company's ledger, ready to be audited: a few changes with their reviews, complete lists, one deviation."""

from pathlib import Path
from typing import Any

from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.record import Record
from tests.facts.telling import moment, tell

START, END = moment("2026-01-01"), moment("2026-07-01")
NOW = moment("2026-07-10")
CONFIG = """\
[audit]
company = "Acme"
system = "Acme Cloud"
seed = "agreed in May"

[controls."ACC-13"]
not_applicable = { reason = "No offices", by = "Ana Lima", on = "2026-01-05" }

[controls."CHG-07"]
retired = { reason = "Emergencies are not let through", by = "Ana Lima", on = "2026-02-01" }
"""


def change(number: int, **more: Any) -> list[Record]:
    """A change of January with an approval by Ben, unless ``approved`` is false."""
    approved = more.pop("approved", True)
    own = f"{number:040x}"
    at = f"2026-01-{number % 28 + 1:02}T12:00:00Z"
    found = [
        tell(
            "changes_seen", change_id=own, repository="acme/app", landed_at=at, landing="merge", subject=f"Change {number}",
            author="Ana <ana@acme.example>", participants=["ana@acme.example"], number=number, head_commit=own,
            attribution="ai-declared" if number % 2 else "unknown", came_by_pull_request=True, **more,
        )
    ]  # fmt: skip
    if approved:
        found.append(
            tell(
                "reviews", review_id=str(number), repository="acme/app", number=number, commit=own,
                reviewer="ben@acme.example", is_bot=False, state="approved", submitted_at=f"2026-01-{number % 28 + 1:02}T11:00:00Z",
            )
        )  # fmt: skip
    return found


def records() -> list[Record]:
    """Thirty changes, one of them without an approval, and what makes the lists complete."""
    found = [record for number in range(1, 31) for record in change(number, approved=number != 7)]
    found += [
        tell(
            "extracts", extract=f"{table}-1", population=table, source="the forge", covers_from="2026-01-01",
            covers_until="2026-07-01", ended_at="2026-07-02", row_count=30,
        )
        for table in ("changes_seen", "reviews", "checks", "deployments", "people")
    ]  # fmt: skip
    found.append(
        tell(
            "waivers", control="CHG-01", item=f"{7:040x}", granted_by="Ana Lima", reason="the branch was frozen",
            granted_at="2026-02-01", expires_at="2026-12-01",
        )
    )  # fmt: skip
    found.append(
        tell(
            "deviation_notes", control="CHG-01", item=f"{7:040x}", noted_by="Ben Berg", noted_at="2026-02-02",
            cause="a hurry", isolated=True, answer="We added a rule.",
        )
    )  # fmt: skip
    found.append(tell("gaps", gap="g", code="GAP-FORGE", what="Approvals before 2026 could not be read."))
    return found


def make_company(folder: Path) -> Path:
    """A folder with asbuilt.toml and a ledger; gives the ledger's folder."""
    folder.mkdir(exist_ok=True)
    (folder / "asbuilt.toml").write_text(CONFIG)
    ledger = folder / ".asbuilt" / "ledger"
    with create_ledger(ledger, origin="acme.example/ledger", now=NOW) as made:
        made.append(records())
    return ledger
