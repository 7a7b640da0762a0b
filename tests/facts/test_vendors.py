"""Vendors: what shows their use minus the register, what came before first use, and reviews from one to the next."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell


def derived(table: str, *records: Record, key: str, also: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[*also, table]) as store:
        return {row[key]: row for row in rows_of(store, table)}


def vendor(own: str, **columns: Any) -> Record:
    return tell("vendors", **{"vendor": own, "name": own, **columns})


def test_the_union_of_what_shows_use_minus_the_register() -> None:
    whole = {"service": "mail", "tier": "high", "data": "addresses", "owner": "ana", "review_due_at": "2026-09-01"}
    rows = derived(
        "vendor_list",
        vendor("mailer", name="Mailer Inc", aliases=["MLR*mailer"], **whole),
        vendor("asleep", **{**whole, "owner": None}),
        tell("vendor_payments", payment="1", payee="mlr*MAILER ", paid_at="2026-02-01"),
        tell("vendor_payments", payment="2", payee="ChatThing", paid_at="2026-02-03"),
        tell("vendor_payments", payment="3", payee="Landlord", paid_at="2026-02-03", is_software=False),
        tell("vendor_connections", application="mailer", list_name="sso", seen_at="2026-03-01"),
        tell("vendor_connections", application="chatthing", list_name="oauth", seen_at="2026-01-05"),
        tell("vendor_connections", application="afterwards", list_name="oauth", seen_at="2026-09-05"),
        *covering("vendors"),
        key="vendor",
    )
    assert {key: (row["listed"], row["seen_in"], row["missing"]) for key, row in rows.items()} == {
        "mailer": (True, ["payments", "register", "sso"], []),
        "chatthing": (False, ["oauth", "payments"], []),
        "afterwards": (None, ["oauth"], []),
        "asleep": (True, ["register"], ["owner"]),
    }
    assert rows["mailer"]["first_seen_at"] == "2026-02-01T00:00:00Z"
    assert rows["chatthing"]["last_seen_at"] == "2026-02-03T00:00:00Z"
    assert rows["asleep"]["first_seen_at"] is None


def test_first_use_is_the_earliest_told_and_a_payment_only_where_nothing_else_is() -> None:
    rows = derived(
        "vendor_onboarding",
        vendor("early", tier="critical", in_use_from="2026-03-01", contract_signed_at="2026-02-10"),
        tell("vendor_connections", application="early", list_name="sso", seen_at="2026-04-01",
             first_data_at="2026-02-10"),
        tell("vendor_payments", payment="0", payee="early", paid_at="2026-01-01"),
        tell("vendor_reviews", review="1", vendor="early", kind="assessment", reviewed_at="2026-02-10", approved=True),
        vendor("paid", tier="low"),
        tell("vendor_payments", payment="1", payee="paid", paid_at="2026-02-01"),
        tell("vendor_reviews", review="2", vendor="paid", kind="assessment", reviewed_at="2026-02-02", approved=True),
        vendor("undecided", in_use_from="2026-02-01", contract_signed_at="2026-02-02"),
        tell("vendor_reviews", review="3", vendor="undecided", kind="assessment", reviewed_at="2026-01-02"),
        vendor("refused", in_use_from="2026-02-01"),
        tell("vendor_reviews", review="4", vendor="refused", kind="assessment", reviewed_at="2026-01-02",
             approved=False),
        vendor("ancient", in_use_from="2020-02-01"),
        vendor("never"),
        *covering("vendors", "vendor_reviews"),
        key="vendor",
    )  # fmt: skip
    assert {
        key: (
            row["first_used_at"] and row["first_used_at"][:10],
            row["assessed_before_use"],
            row["contracted_before_use"],
        )
        for key, row in rows.items()
    } == {
        "early": ("2026-02-10", True, True),
        "paid": ("2026-02-01", False, False),
        "undecided": ("2026-02-01", None, False),
        "refused": ("2026-02-01", False, False),
        "ancient": ("2020-02-01", None, None),
        "never": (None, None, None),
    }
    assert [rows[key]["is_critical"] for key in ("early", "paid", "never")] == [True, False, None]


def test_reviews_are_owed_from_first_use_and_from_one_to_the_next() -> None:
    def review(name: str, at: str, **columns: Any) -> Record:
        return tell("vendor_reviews", review=name, vendor="host", kind="review", reviewed_at=at, **columns)

    rows = derived(
        "vendor_review_duties",
        vendor("host", tier="critical", in_use_from="2024-01-01", in_use_until="2026-06-01"),
        vendor("old", tier="critical", in_use_from="2019-01-01"),
        review("1", "2024-06-01", report="SOC 2", report_from="2023-01-01", report_until="2023-12-31"),
        review("2", "2025-05-01", report="SOC 2", report_from="2024-02-10", report_until="2025-01-01",
               bridge_until="2025-04-01", exceptions_assessed=True),
        review("3", "2025-09-01", approved=False),
        review("4", "2026-04-20", report="SOC 2", report_from="2025-04-02", report_until="2026-03-31"),
        *covering("vendor_reviews", since="2024-01-01"),
        key="duty",
        also=("vendor_onboarding",),
    )  # fmt: skip
    assert {
        key: (
            row["done_at"] and row["done_at"][:10],
            row["report_gap_days"],
            row["report_age_days"],
            row["lapsed_at"],
        )
        for key, row in rows.items()
    } == {
        "host | first | 2024-01-01T00:00:00Z": ("2024-06-01", 0, 153, "2026-06-01T00:00:00Z"),
        "host | review | 2024-06-01T00:00:00Z": ("2025-05-01", 40, 30, "2026-06-01T00:00:00Z"),
        # The bridge letter's last day is the day before the report's first.
        "host | review | 2025-05-01T00:00:00Z": ("2026-04-20", 0, 20, "2026-06-01T00:00:00Z"),
        "host | review | 2026-04-20T00:00:00Z": (None, None, None, "2026-06-01T00:00:00Z"),
        "old | first | 2024-01-01T00:00:00Z": (None, None, None, None),  # since the list begins
    }
    assert {row["seen_until"] for row in rows.values()} == {"2026-07-01T00:00:00Z"}


def test_a_provider_in_the_product_path_is_a_subservice_organisation_or_a_reason_says_why_not() -> None:
    kept = {"data_terms": "DPA", "no_training_evidence": "shot", "retention_terms": "0 days", "monitoring": "SOC 2"}
    rows = derived(
        "ai_provider_terms",
        tell("ai_providers", provider="a", name="Model Host", classification="subservice", in_product_path=True,
             expected_controls=["keys", "deletion"], **kept),
        tell("ai_providers", provider="b", name="B", classification="vendor", in_product_path=True),
        tell("ai_providers", provider="c", name="C", classification="vendor", in_product_path=True,
             classification_reason="sees test data only", **{**kept, "monitoring": None}),
        tell("ai_providers", provider="d", name="D", classification="vendor", in_product_path=False,
             receives_customer_data=False),
        tell("ai_providers", provider="e", name="E", classification="vendor", in_product_path=False),
        tell("ai_providers", provider="f", name="F"),
        tell("ai_tool_inventory", tool="x", approved=True, provider="MODEL HOST", approved_at="2026-02-01"),
        tell("ai_tool_inventory", tool="y", approved=True, provider="Shadow", approved_at="2026-02-01"),
        tell("ai_tool_inventory", tool="z", approved=True, provider="Unseen", approved_at="2027-02-01"),
        tell("ai_tool_inventory", tool="w", approved=False, provider="Refused"),
        *covering("ai_providers"),
        key="provider",
    )  # fmt: skip
    assert {
        key: (row["classified"], row["classification_fits"], row["expected_controls"], row["terms_kept"])
        for key, row in rows.items()
    } == {
        "a": (True, True, 2, True),
        "b": (True, False, 0, False),
        "c": (True, True, 0, False),
        "d": (True, True, 0, False),
        "e": (True, None, 0, False),
        "f": (False, None, 0, False),
        "shadow": (False, None, None, None),
        "unseen": (None, None, None, None),
    }
    assert rows["a"]["named_in"] == ["inventory", "register"]


def test_ai_tools_seen_minus_the_inventory_and_the_account_that_it_demands() -> None:
    def seen(tool: str, where: str, at: str = "2026-03-01", **columns: Any) -> Record:
        return tell("ai_tools_seen", tool=tool, seen_in=where, seen_at=at, **columns)

    def listed(tool: str, **columns: Any) -> Record:
        told = {"approved": True, "approved_by": "ana", "owner": "ana", "data_class": "internal", **columns}
        return tell("ai_tool_inventory", tool=tool, **told)

    rows = derived(
        "ai_tools",
        seen("Claude_Code", "git", "2026-02-01", commits=3, lines=40, first_seen_at="2025-12-01"),
        seen("claude_code", "git", commits=5, lines=30),
        seen("claude_code", "sso", account_type="business"),
        listed("claude_code", account_type="business"),
        seen("cursor", "expense", account_type="personal"),
        listed("cursor", account_type="business", owner=None),
        seen("aider", "configuration"),
        seen("zed", "oauth", "2026-09-01"),
        seen("amp", "git"),
        listed("amp", account_type="business"),
        seen("gone", "git"),
        listed("gone", withdrawn_at="2026-02-01"),
        listed("stale", provider="Host"),
        *covering("ai_tool_inventory"),
        key="tool",
    )
    assert {
        key: (row["approved"], row["wrong_account"], row["observed"], row["configured"], row["missing"])
        for key, row in rows.items()
    } == {
        "claude_code": (True, False, True, False, []),
        "cursor": (True, True, True, False, ["owner"]),
        "aider": (False, False, False, True, None),
        "zed": (None, False, True, False, None),
        "amp": (True, None, True, False, []),
        "gone": (False, False, True, False, []),
        "stale": (True, False, False, False, []),
    }
    own = rows["claude_code"]
    assert (own["commits"], own["lines"], own["first_seen"], own["seen_in"]) == (
        5, 30, "2025-12-01T00:00:00Z", ["git", "sso"],
    )  # fmt: skip
    assert (rows["aider"]["first_seen"], rows["stale"]["vendor"]) == (None, "Host")
