"""Incidents: the register, the sources it is held against, reviews, actions, exercises, breaches."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded

INCIDENTS = recorded(
    "incidents",
    "One row for each incident in the register.",
    (
        column("incident", "text", "The incident's id."),
        column("detected_at", "timestamp", "When somebody or something noticed it."),
        maybe("started_at", "timestamp", "When it began. NULL: not found out."),
        maybe("severity", "text", "critical, high, medium or low. NULL: not classified."),
        maybe("classified_at", "timestamp", "When it was classified. NULL: not yet."),
        maybe("contained_at", "timestamp", "When it was stopped from spreading. NULL: not yet."),
        maybe("communicated_at", "timestamp", "When those concerned were first told. NULL: nobody was."),
        maybe("resolved_at", "timestamp", "When normal operation was back. NULL: not yet."),
        maybe("closed_at", "timestamp", "When the ticket was closed. NULL: it is open."),
        maybe("customer_affecting", "bool", "Whether commitments to customers were touched. NULL: not flagged."),
        maybe("is_breach", "bool", "Whether data was disclosed, or may have been. NULL: not decided."),
        maybe("notice_promised_by", "timestamp", "Until when customers are promised notice. NULL: no own promise."),
        maybe("ai_part", "text", "The part of AI in it: none, cause, detection or fix. NULL: not recorded."),
    ),
    identity=("incident",),
    occurred="detected_at",
)

INCIDENT_SIGNALS = recorded(
    "incident_signals",
    "One row for each sign of trouble from a source other than the register: pager, support, status page.",
    (
        column("signal", "text", "The source's own id."),
        column("source", "text", "pager, support, status-page, customer or other."),
        column("raised_at", "timestamp", "When."),
        maybe("severity", "text", "critical, high, medium or low. NULL: the source does not say."),
        maybe("incident", "text", "The incident that it belongs to. NULL: none is named."),
        maybe("explanation", "text", "Why it was no incident. NULL: nobody said."),
        maybe("explained_by", "text", "Who says so. NULL: nobody is named."),
    ),
    identity=("source", "signal"),
    occurred="raised_at",
)

INCIDENT_REVIEWS = recorded(
    "incident_reviews",
    "One row for each written review after an incident.",
    (
        column("incident", "text", "The incident's id."),
        column("published_at", "timestamp", "When the review was published."),
        maybe("written_by", "text", "Who wrote it. NULL: nobody is named."),
        maybe("caused_by_ai_code", "bool", "Whether code that an AI wrote was a cause. NULL: not said."),
        maybe("rule_or_test", "text", "The rule or test that came of it. NULL: none is named."),
        maybe("text_sha256", "text", "Digest of its text. NULL: the text is not kept."),
    ),
    identity=("incident", "published_at"),
    occurred="published_at",
)

FOLLOW_UP_ACTIONS = recorded(
    "follow_up_actions",
    "One row for each action that an incident or an exercise led to.",
    (
        column("action", "text", "The action's id."),
        column("subject", "text", "The incident or the exercise, by its id."),
        column("opened_at", "timestamp", "When it was opened."),
        maybe("owner", "text", "Who does it. NULL: nobody is named."),
        maybe("due_at", "timestamp", "Until when. NULL: no date is set."),
        maybe("closed_at", "timestamp", "When it was done. NULL: it is open."),
    ),
    identity=("action",),
    occurred="opened_at",
)

EXERCISES = recorded(
    "exercises",
    "One row for each exercise of the incident plan.",
    (
        column("exercise", "text", "The exercise's id."),
        column("held_at", "timestamp", "When it was held."),
        maybe(
            "scenarios",
            "text[]",
            "What was played: prompt-leak, rogue-agent, ransomware, outage, … NULL: not written down.",
        ),
        maybe("attended_by", "text[]", "Who took part. NULL: not written down."),
        maybe("lessons", "text", "What was learned. NULL: not written down."),
    ),
    identity=("exercise",),
    occurred="held_at",
)

BREACH_DECISIONS = recorded(
    "breach_decisions",
    "One row for each decision on whom to tell of a breach.",
    (
        column("incident", "text", "The incident's id."),
        column("audience", "text", "customers, individuals, regulator or partners."),
        column("must_notify", "bool", "Whether they must be told."),
        column("decided_at", "timestamp", "When it was decided."),
        maybe("decided_by", "text", "Who decided. NULL: nobody is named."),
        maybe("reason", "text", "Why. NULL: not written down."),
        maybe(
            "notify_by", "timestamp", "The limit of law or contract. NULL: none is named; the general one holds."
        ),
    ),
    identity=("incident", "audience"),
    occurred="decided_at",
)

EXERCISE_RESULTS = derived(
    "exercise_results",
    "One row for each exercise, with the plan it rehearsed and what came of it.",
    (
        column("exercise", "text", "The exercise's id."),
        column("held_at", "timestamp", "When it was held."),
        column("scenarios", "text[]", "What was played; empty where nothing is written down."),
        maybe(
            "plan_approved_at",
            "timestamp",
            "The last approval of the incident plan before it. NULL: none is known, and the policies do not tell.",
        ),
        maybe("plan_is_approved", "bool", "Whether there was one. NULL: the policies were not read."),
        maybe("lessons", "text", "What was learned. NULL: not written down."),
        maybe(
            "actions_late",
            "int",
            "Actions closed late or still open after their date. NULL: actions were not read.",
        ),
        maybe("actions_without_date", "int", "Actions without owner or date. NULL: actions were not read."),
    ),
    key="exercise",
    covered_by=("exercises",),
)

INCIDENT_CHECKS = derived(
    "incident_checks",
    "One row for each incident in the register, and each sign of one from another source.",
    (
        column("entry", "text", "What it is, and its id."),
        column("kind", "text", "incident or signal."),
        column("source", "text", "register, alerts, pager, support, status-page or another."),
        column("noticed_at", "timestamp", "When it was detected or raised."),
        maybe("severity", "text", "critical, high, medium or low. NULL: not classified."),
        maybe(
            "is_accounted_for",
            "bool",
            "Of a signal: whether it belongs to an incident of the register, or a person said why it is none. "
            "True for "
            "an incident. NULL: the register does not cover the day.",
        ),
        maybe("is_ordered", "bool", "Whether its times follow each other. NULL: it is a signal."),
        maybe("classified_at", "timestamp", "When it was classified. NULL: not yet, or a signal."),
        maybe("contained_at", "timestamp", "When it was contained. NULL: not yet, or a signal."),
        maybe("communicated_at", "timestamp", "When those concerned were told. NULL: nobody was, or a signal."),
        maybe("closed_at", "timestamp", "When it was closed. NULL: it is open, or a signal."),
        maybe("ai_part", "text", "none, cause, detection or fix. NULL: not recorded, or a signal."),
        column(
            "seen_until", "timestamp", "When the row was read: what it does not say had not happened until then."
        ),
    ),
    key="entry",
    covered_by=("incidents", "incident_signals", "alerts"),
)

LEARNING_DUTIES = derived(
    "learning_duties",
    "One row for each incident's written review, and for each action that it led to.",
    (
        *DUTY,
        column("kind", "text", "review or action."),
        column("incident", "text", "The incident's id."),
        maybe("severity", "text", "The incident's severity. NULL: not classified."),
        maybe(
            "business_days", "int", "Business days (Monday to Friday, UTC) from its end to the review. NULL: none."
        ),
        maybe(
            "seen_business_days",
            "int",
            "Business days from its end for which the list of reviews was read. NULL: it does not reach back "
            "to then.",
        ),
        maybe("due_at", "timestamp", "Of an action: until when. NULL: no date, or it is a review."),
        maybe(
            "feeds_back", "bool", "Whether a rule or test came of it where AI code was a cause. NULL: not known."
        ),
    ),
    key="duty",
    covered_by=("incidents", "follow_up_actions"),
)

BREACH_DUTIES = derived(
    "breach_duties",
    "One row for each breach and each audience on which must be decided.",
    (
        *DUTY,
        column("incident", "text", "The incident's id."),
        column("audience", "text", "customers, individuals, regulator or partners."),
        maybe("is_breach", "bool", "Whether data was disclosed, or may have been. NULL: not decided."),
        maybe("decided_at", "timestamp", "When it was decided. NULL: no decision is known."),
        maybe("decided_by", "text", "Who decided. NULL: nobody is named."),
        maybe("must_notify", "bool", "Whether they must be told. NULL: not decided."),
        maybe(
            "notify_by", "timestamp", "The limit of law or contract. NULL: none is named; the general one holds."
        ),
        maybe(
            "decisions_seen_until",
            "timestamp",
            "Until when the list of decisions was read without a break since the breach was noticed. NULL: it "
            "was not.",
        ),
    ),
    key="duty",
    covered_by=("incidents",),
)

TABLES = (
    INCIDENTS,
    INCIDENT_SIGNALS,
    INCIDENT_REVIEWS,
    FOLLOW_UP_ACTIONS,
    EXERCISES,
    BREACH_DECISIONS,
    EXERCISE_RESULTS,
    INCIDENT_CHECKS,
    LEARNING_DUTIES,
    BREACH_DUTIES,
)
