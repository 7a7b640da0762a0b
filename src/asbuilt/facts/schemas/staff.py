"""The people who do the work: screening, agreements, training, evaluation, breaches of policy."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded

SCREENINGS = recorded(
    "screenings",
    "One row for each finished background screening: that it was done and how it ended, never the report.",
    (
        column("person", "text", "Who was screened."),
        column("completed_at", "timestamp", "When it was finished."),
        column("outcome", "text", "clear, adverse, or not-permitted where the law allows none."),
        maybe(
            "accepted_by",
            "text",
            "Who decided, after an adverse outcome, to go on all the same. NULL: nobody is named.",
        ),
    ),
    identity=("person", "completed_at"),
    occurred="completed_at",
)

AGREEMENTS = recorded(
    "agreements",
    "One row for each agreement that a person signed.",
    (
        column("person", "text", "Who signed."),
        column("kind", "text", "confidentiality, inventions, or both where one paper holds the two; else other."),
        column("signed_at", "timestamp", "When it was signed: not when the file was uploaded."),
        maybe("paper_sha256", "text", "Digest of the signed paper. NULL: it is not kept."),
    ),
    identity=("person", "kind", "signed_at"),
    occurred="signed_at",
)

TRAININGS = recorded(
    "trainings",
    "One row for each time that a person finished a training.",
    (
        column("person", "text", "Who."),
        column("course", "text", "security-awareness, secure-development or other."),
        column("completed_at", "timestamp", "When it was finished."),
        column("passed", "bool", "Whether its test was passed; true where there is none."),
        maybe(
            "topics",
            "text[]",
            "What it covered: ai-data (what may go into assistants), prompt-injection, invented-packages, "
            "ai-review (reviewing AI output), … NULL: not listed.",
        ),
    ),
    identity=("person", "course", "completed_at"),
    occurred="completed_at",
)

EVALUATIONS = recorded(
    "evaluations",
    "One row for each time that a person was evaluated against the duties of the role.",
    (
        column("person", "text", "Who was evaluated."),
        column("kind", "text", "hire or yearly."),
        column("evaluated_at", "timestamp", "When."),
        maybe("evaluated_by", "text", "By whom. NULL: not said."),
    ),
    identity=("person", "kind", "evaluated_at"),
    occurred="evaluated_at",
)

ROLE_DESCRIPTIONS = recorded(
    "role_descriptions",
    "One row for each version of a written description of a role: its duties, and the skills it asks for.",
    (
        column("role", "text", "The role, as the HR list names it."),
        column("version", "text", "The version."),
        column("effective_from", "timestamp", "From when it holds."),
        maybe("text_sha256", "text", "Digest of its text. NULL: the text is not kept."),
    ),
    identity=("role", "version"),
    occurred="effective_from",
)

POLICY_BREACHES = recorded(
    "policy_breaches",
    "One row for each breach of a policy that came to be known.",
    (
        column("breach", "text", "The breach's id."),
        column("reported_at", "timestamp", "When it became known."),
        maybe("policy", "text", "The policy. NULL: not said."),
        maybe("disposition", "text", "What was decided: none, talk, warning, dismissal … NULL: nothing yet."),
        maybe("decided_by", "text", "Who decided. NULL: nobody is named."),
        maybe("decided_at", "timestamp", "When. NULL: not yet."),
    ),
    identity=("breach",),
    occurred="reported_at",
)

STARTERS = derived(
    "starters",
    "One row for each person, with what had to be done around the first day.",
    (
        column("person", "text", "The person's id."),
        column("starts_at", "timestamp", "First day."),
        maybe("ends_at", "timestamp", "When the person left. NULL: no end is set."),
        maybe("is_contractor", "bool", "Whether on a contract. NULL: the list does not say."),
        maybe("screened_at", "timestamp", "When the first screening was finished. NULL: none is known."),
        maybe(
            "screening_is_settled",
            "bool",
            "Whether it was clear, or somebody decided after an adverse outcome. NULL: none is known.",
        ),
        maybe(
            "screenings_seen_until",
            "timestamp",
            "Until when the list of screenings was read without a break since the first day. NULL: it was not.",
        ),
        maybe(
            "privileged_before_screening",
            "bool",
            "Whether administrator rights came before the screening was finished. NULL: the lists do not tell.",
        ),
        maybe("first_access_at", "timestamp", "The first account or grant. NULL: none is known."),
        column("access_is_seen", "bool", "Whether the lists of accounts and grants cover the first day."),
        maybe(
            "signed_at",
            "timestamp",
            "When both confidentiality and invention terms were signed. NULL: one or both are not known to be.",
        ),
        maybe(
            "agreements_seen_until",
            "timestamp",
            "Until when the list of agreements was read without a break since the first day. NULL: it was not.",
        ),
    ),
    key="person",
    covered_by=("people",),
)

TRAINING_DUTIES = derived(
    "training_duties",
    "One row for each training that a person owes: after the first day, and anew after each one that was passed.",
    (
        *DUTY,
        column("person", "text", "Who owes it."),
        column("course", "text", "The course: security-awareness."),
        column("occasion", "text", "first or renewal."),
        maybe("topics", "text[]", "What the finished training covered. NULL: not listed, or none was finished."),
    ),
    key="duty",
    covered_by=("people", "trainings"),
)

CHANGE_TRAINING = derived(
    "change_training",
    "One row for each change on a protected branch, with the training of those who wrote and approved it.",
    (
        column("change_id", "text", "The commit on the branch; of a rebased run, the last."),
        column("repository", "text", "The repository, `owner/name`."),
        column("landed_at", "timestamp", "When it landed, UTC."),
        column(
            "attribution", "text", "Who wrote it: ai-tracked, ai-declared, human-tracked, automation or unknown."
        ),
        column("people", "text[]", "The persons who wrote or approved it, by the HR list."),
        column("unknown_approvers", "text[]", "Approving accounts that belong to nobody on the HR list."),
        column(
            "without_training", "text[]", "Those persons of whom no secure-development training before it is known."
        ),
        maybe(
            "oldest_training_at",
            "timestamp",
            "The oldest of the persons' last trainings before it. NULL: none of them has one.",
        ),
        maybe("covers_ai_review", "bool", "Whether each of these covered reviewing AI output. NULL: not listed."),
        maybe(
            "trainings_seen_from",
            "timestamp",
            "Since when the list of trainings was read without a break until the change. NULL: it was not read.",
        ),
    ),
    key="change_id",
    covered_by=("changes_seen", "reviews"),
)

CONDUCT_DUTIES = derived(
    "conduct_duties",
    "One row for each evaluation, role description and answer to a breach that is owed.",
    (
        *DUTY,
        column("kind", "text", "role, hire, yearly or breach."),
        column("subject", "text", "The person, or the breach."),
        maybe("decided_by", "text", "Who evaluated or decided. NULL: nobody is named."),
    ),
    key="duty",
    covered_by=("people", "evaluations", "policy_breaches"),
)

TABLES = (
    SCREENINGS,
    AGREEMENTS,
    TRAININGS,
    EVALUATIONS,
    ROLE_DESCRIPTIONS,
    POLICY_BREACHES,
    STARTERS,
    TRAINING_DUTIES,
    CHANGE_TRAINING,
    CONDUCT_DUTIES,
)
