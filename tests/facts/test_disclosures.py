"""Recipients that logs show minus the list of them, single disclosures, complaints and yearly reviews."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell


def derived(table: str, *records: Record, key: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[key]: row for row in rows_of(store, table)}


def test_recipients_that_logs_show_minus_the_list() -> None:
    def seen(name: str, at: str = "2026-03-01", **columns: Any) -> Record:
        return tell("recipients_seen", recipient=name, seen_at=at, **columns)

    rows = derived(
        "data_recipients",
        tell("recipients", recipient="mailer", hosts=["mail.test"], listed_at="2026-01-01", announced_at="2025-12-01",
             contract_signed_at="2025-11-01"),
        seen("EU.mail.test", first_seen_at="2026-01-10"),
        seen("mailer", "2026-05-01"),
        tell("recipients", recipient="late", listed_at="2026-03-02", contract_signed_at="2026-03-02"),
        seen("late"),
        tell("recipients", recipient="gone", listed_at="2025-01-01", removed_at="2026-02-01"),
        seen("gone"),
        seen("shadow.test"),
        seen("after.test", "2026-09-01"),
        tell("disclosures", disclosure="1", recipient="court", disclosed_at="2026-02-01", authorised_by="ana",
             basis="order", content="one account", noted_at="2026-02-01"),
        tell("disclosures", disclosure="2", recipient="court", disclosed_at="2026-02-01", authorised_by="ana"),
        *covering("recipients"),
        key="receipt",
    )  # fmt: skip
    assert {
        key: (row["listed"], row["contracted_before"], row["announced_days_before"], row["accounted"])
        for key, row in rows.items()
    } == {
        "recipient | mailer": (True, True, 40, None),
        "recipient | late": (False, False, None, None),
        "recipient | gone": (False, False, None, None),
        "recipient | shadow.test": (False, False, None, None),
        "recipient | after.test": (None, None, None, None),
        "disclosure | 1": (None, None, None, True),
        "disclosure | 2": (None, None, None, False),
    }
    assert rows["recipient | mailer"]["first_at"] == "2026-01-10T00:00:00Z"
    assert rows["recipient | mailer"]["last_at"] == "2026-05-01T00:00:00Z"


def test_complaints_and_reviews_are_owed_each_from_its_own_day() -> None:
    def review(name: str, at: str, **columns: Any) -> Record:
        return tell("privacy_reviews", review=name, reviewed_at=at, reviewed_by="ana", **columns)

    rows = derived(
        "privacy_duties",
        tell("complaints", complaint="1", received_at="2026-02-01", resolved_at="2026-02-10", resolution="mended"),
        tell("complaints", complaint="2", received_at="2026-02-02"),
        review("a", "2025-06-01", gaps_found=0),
        review("b", "2026-05-01", gaps_found=2, actions=["T-1"]),
        *covering("complaints", "privacy_reviews", since="2025-01-01"),
        key="duty",
    )
    assert {
        key: (row["done_at"] and row["done_at"][:10], row["is_proven"], row["seen_until"])
        for key, row in rows.items()
    } == {
        "complaint | 1": ("2026-02-10", True, "2026-07-01T00:00:00Z"),
        "complaint | 2": (None, None, "2026-07-01T00:00:00Z"),
        "review | 2025-01-01T00:00:00Z": ("2025-06-01", True, "2026-07-01T00:00:00Z"),
        "review | 2025-06-01T00:00:00Z": ("2026-05-01", False, "2026-07-01T00:00:00Z"),
        "review | 2026-05-01T00:00:00Z": (None, None, "2026-07-01T00:00:00Z"),
    }
