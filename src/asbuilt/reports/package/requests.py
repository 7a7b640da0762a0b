"""The request list, filled in: what auditors usually ask a company for, and where it lies in the package."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from asbuilt.model.audit import Audit, PopulationFrozen
from asbuilt.reports.foreign import shown
from asbuilt.reports.package.prose import Prose
from asbuilt.reports.words import number

_HEADS: Final = ("asked for", "where it lies", "rows", "complete over the window")
# Group, what is asked for, and the populations that answer it.
_ASKED: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("Joiners", "Everybody who started in the period", ("people", "starters")),
    (
        "Joiners",
        "Screening, agreements and training of those who started",
        ("screenings", "agreements", "trainings"),
    ),
    ("Leavers", "Everybody who left, and when each access ended", ("leaver_access",)),
    ("Leavers", "Movers, and the rights they lost", ("role_moves", "access_changes")),
    ("Governance", "Policies with their approvals", ("policies", "policy_set")),
    ("Governance", "Acknowledgements of policies", ("acknowledgements", "acknowledgement_duties")),
    ("Governance", "Meetings of the oversight body", ("meetings",)),
    ("Governance", "Control owners", ("control_owners", "control_ownership")),
    ("Risk", "Risk assessments and the risk register", ("risk_assessments", "risks")),
    ("Logical security", "Accounts of every system", ("accounts", "account_checks")),
    ("Logical security", "Grants of access in the period", ("access_changes",)),
    ("Logical security", "Access reviews", ("access_reviews", "access_review_checks")),
    ("Logical security", "Privileged holders on every day", ("privileged_holdings",)),
    ("Logical security", "Multi-factor settings with their history", ("mfa_settings",)),
    ("Logical security", "AI agents and what they may do", ("agent_holdings",)),
    ("Changes", "Merged changes", ("changes",)),
    ("Changes", "Deployments to production", ("deployment_checks",)),
    ("Changes", "Branch rules with their history", ("branch_rules",)),
    ("Changes", "New dependencies", ("dependency_checks",)),
    ("Changes", "Releases", ("releases",)),
    ("Operations", "Findings of scanners and when each was closed", ("findings",)),
    ("Operations", "Alerts and how each was handled", ("alert_handling",)),
    ("Operations", "Backups and restore tests", ("store_days", "recovery_results")),
    ("Operations", "Log sources", ("log_coverage",)),
    ("Incidents", "Incidents and their reviews", ("incident_checks", "learning_duties")),
    ("Vendors", "Vendors and their reviews", ("vendor_list", "vendor_review_duties")),
    ("Vendors", "AI providers and AI tools", ("ai_provider_terms", "ai_tools")),
    ("Privacy", "Requests of individuals", ("privacy_answers",)),
    ("Data", "Data stores, retention and disposal", ("data_asset_duties", "disposal_duties")),
)


NAME: Final = "request-list.md"


def requests_of(audit: Audit) -> bytes:
    """The list as Markdown: each request with the files that answer it, or that nothing here does."""
    frozen = {own.table: own for own in audit.populations}
    page = Prose("Request list")
    page.say("Whole populations, as they were frozen; `lists/samples.csv` names the samples.")
    for group in dict.fromkeys(own for own, _, _ in _ASKED):
        page.head(group)
        page.table(
            _HEADS, (row for own, asked, names in _ASKED if own == group for row in _rows(asked, names, frozen))
        )
    others = sorted(set(frozen) - {name for _, _, names in _ASKED for name in names})
    page.head("Further populations")
    page.table(
        _HEADS,
        (row for name in others for row in _rows(shown(frozen[name].doc, 160), (name,), frozen)),
        none="None.",
    )
    return page.encode()


def _rows(asked: str, names: Iterable[str], frozen: Mapping[str, PopulationFrozen]) -> Iterable[Sequence[str]]:
    found = [frozen[name] for name in names if name in frozen]
    if not found:
        yield asked, "nothing here", "–", "not in the scope of this audit"
    for each in found:
        complete = "not asked" if each.coverage is None else shown(each.coverage.why, 160) or "yes"
        yield asked, f"`populations/{each.table}.csv`", number(each.rows), complete
