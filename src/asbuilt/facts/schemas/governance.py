"""How the company governs itself: policies, acknowledgements, meetings, owners, tests of controls, evidence."""

import msgspec

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import HELD, column, derived, maybe, recorded, state

POLICIES = recorded(
    "policies",
    "One row for each approved version of a policy.",
    (
        column("policy", "text", "The policy's id, the same for all its versions."),
        column("version", "text", "The version, as its text names it."),
        column(
            "kind",
            "text",
            "What it rules: code-of-conduct, security, change, access, incident, vendor, data, continuity, "
            "ai-use or "
            "other.",
        ),
        column("approved_at", "timestamp", "When it was approved: not when the file was uploaded."),
        column("approved_by", "text", "The person who approved it."),
        column("effective_from", "timestamp", "From when it binds."),
        maybe("withdrawn_at", "timestamp", "When the whole policy was withdrawn. NULL: it was not."),
        maybe(
            "is_material",
            "bool",
            "Whether staff must read it anew; the first version always is. NULL: not said; it then counts as "
            "material.",
        ),
        maybe("applies_to", "text", "Whom it binds: everyone or engineers. NULL: not said; then everyone."),
        maybe(
            "topics",
            "text[]",
            "What its text settles, as its owner lists it: sanctions, ai-responsibility (the person answers "
            "for what an AI assistant wrote), ai-tools, ai-data, ai-review, ai-disclosure, ai-forbidden-uses … "
            "NULL: not listed.",
        ),
        maybe("text_sha256", "text", "Digest of its text. NULL: the text is not kept."),
        maybe(
            "allow_list_version",
            "text",
            "The version of the list of approved AI tools that it refers to; `none` where it refers to none. "
            "NULL: not recorded.",
        ),
        maybe("drafted_by_ai", "bool", "Whether an AI drafted its text. NULL: not recorded."),
    ),
    identity=("policy", "version"),
    occurred="approved_at",
)

ACKNOWLEDGEMENTS = recorded(
    "acknowledgements",
    "One row for each time that a person acknowledged a policy.",
    (
        column("person", "text", "Who."),
        column("policy", "text", "Which policy."),
        column("version", "text", "Which version was shown."),
        column("acknowledged_at", "timestamp", "When."),
    ),
    identity=("person", "policy", "version", "acknowledged_at"),
    occurred="acknowledged_at",
)

MEETINGS = recorded(
    "meetings",
    "One row for each meeting that watches over security, risk and controls, and for each report to management.",
    (
        column("meeting", "text", "The meeting's id."),
        column("kind", "text", "oversight, deficiency-report, treatment-review or other."),
        column("held_at", "timestamp", "When it was held, or the report was given."),
        maybe("attended_by", "text[]", "Who attended. NULL: the minutes do not say."),
        maybe(
            "independent_members",
            "text[]",
            "Those who declared that they have no part in day-to-day management. NULL: the minutes do not say.",
        ),
        maybe("topics", "text[]", "What was on the agenda, for example ai-risk. NULL: the minutes do not say."),
        maybe("presented_deficiencies", "bool", "Whether the open deficiencies were presented. NULL: not minuted."),
        maybe("minutes_sha256", "text", "Digest of the minutes. NULL: none are kept."),
    ),
    identity=("meeting",),
    occurred="held_at",
)

CONTROL_REGISTER = recorded(
    "control_register",
    "One row for each control that the company runs.",
    (
        column("control", "text", "The control's id."),
        maybe(
            "tested_every",
            "text",
            "How often it must be tested: day, week, month, quarter or year. NULL: no schedule is set.",
        ),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("control",),
    occurred="in_use_from",
)

CONTROL_OWNERS = state(
    "control_owners",
    "One row for each look at who owns a control: an assignment, or its yearly review.",
    (
        column("control", "text", "The control's id."),
        column("owner", "text", "The id of the one person who answers for it."),
        maybe("approved_by", "text", "Who approved the assignment. NULL: not recorded."),
    ),
    identity=("control",),
)

CONTROL_RUNS = recorded(
    "control_runs",
    "One row for each time that a control was tested.",
    (
        column("run", "text", "The run's id."),
        column("control", "text", "The control's id."),
        column("ran_at", "timestamp", "When it ran."),
        column("outcome", "text", "passed, failed or error."),
        maybe("deficiency", "text", "The deficiency that a failure opened, or belongs to. NULL: none is named."),
        maybe("judged_by_model", "bool", "Whether a language model judged it. NULL: not recorded."),
        maybe("disposed_by", "text", "The person who decided on the model's advice. NULL: nobody is named."),
    ),
    identity=("run",),
    occurred="ran_at",
)

DEFICIENCIES = recorded(
    "deficiencies",
    "One row for each deficiency in the register.",
    (
        column("deficiency", "text", "The deficiency's id."),
        column("opened_at", "timestamp", "When it was opened."),
        maybe("control", "text", "The control that failed. NULL: none is named."),
        maybe("severity", "text", "critical, high, medium or low. NULL: not rated."),
        maybe("owner", "text", "The person who mends it. NULL: nobody is named."),
        maybe("due_at", "timestamp", "Until when, as first set. NULL: no date is set."),
        maybe("extended_to", "timestamp", "The later date that was approved. NULL: none was."),
        maybe("extension_approved_by", "text", "Who approved the later date. NULL: nobody is named."),
        maybe("closed_at", "timestamp", "When it was mended. NULL: it is open."),
    ),
    identity=("deficiency",),
    occurred="opened_at",
)

EVIDENCE_REGISTER = recorded(
    "evidence_register",
    "One row for each report or extract that controls rely on: what it is and how its completeness is checked.",
    (
        column("entry", "text", "The entry's id."),
        column("population", "text", "The recorded table that it fills."),
        column("source", "text", "The system it is taken from, as its extracts name it."),
        maybe("query", "text", "The query or the request. NULL: not written down."),
        maybe("owner", "text", "The person who answers for it. NULL: nobody is named."),
        maybe("completeness_check", "text", "How it is shown to be complete. NULL: not written down."),
        maybe("written_with_ai", "bool", "Whether an AI wrote the collector. NULL: not recorded."),
        maybe(
            "under_change_control",
            "bool",
            "Whether the collector is reviewed and kept like any other code. NULL: not recorded.",
        ),
        maybe("has_tests", "bool", "Whether the collector has tests. NULL: not recorded."),
    ),
    identity=("entry",),
)

POLICY_VERSIONS = derived(
    "policy_versions",
    "One row for each approved version of a policy, with who stands behind it.",
    (
        column("policy_version", "text", "Policy and version."),
        column("policy", "text", "The policy's id."),
        column("version", "text", "The version."),
        column("kind", "text", "What it rules."),
        column("approved_at", "timestamp", "When it was approved."),
        column("approved_by", "text", "Who approved it."),
        maybe(
            "approver_is_person",
            "bool",
            "Whether the approver is on the HR list on that day. NULL: the list does not cover the day.",
        ),
        column("effective_from", "timestamp", "From when it binds."),
        column("material_from", "timestamp", "From when the newest version that staff must read anew binds."),
        column("starts_reading", "bool", "Whether this version is one that staff must read anew."),
        maybe("drafted_by_ai", "bool", "Whether an AI drafted its text. NULL: not recorded."),
    ),
    key="policy_version",
    covered_by=("policies",),
)

POLICY_SET = derived(
    "policy_set",
    "One row for each policy that must stand: those on the register, and each basic kind that has none.",
    (
        column("policy", "text", "The policy's id; the kind, where there is no such policy."),
        column("kind", "text", "What it rules."),
        column("is_absent", "bool", "Whether there is no policy of this kind."),
        maybe(
            "in_use_from",
            "timestamp",
            "From when its first version binds. NULL: the whole time, as for the oldest policy of a basic kind.",
        ),
        maybe("in_use_until", "timestamp", "When it was withdrawn. NULL: it was not."),
    ),
    key="policy",
    covered_by=("policies",),
)

ACKNOWLEDGEMENT_DUTIES = derived(
    "acknowledgement_duties",
    "One row for each acknowledgement that a person owes: at first, after each material version, and each time "
    "anew.",
    (
        *DUTY,
        column("person", "text", "Who owes it."),
        column("policy", "text", "Which policy; the kind, where there is no such policy."),
        column("document_kind", "text", "What the policy rules."),
        column("occasion", "text", "first, version or renewal."),
        maybe("applies", "bool", "Whether it binds this person. NULL: not known."),
        maybe("is_engineer", "bool", "Whether the person's role writes or reviews code. NULL: not known."),
        maybe(
            "version", "text", "The version owed; for a renewal, the one acknowledged before. NULL: there is none."
        ),
        maybe("done_version", "text", "The version acknowledged. NULL: none was."),
        maybe("topics", "text[]", "What the text of that version settles. NULL: not listed."),
        maybe("allow_list_version", "text", "The list of AI tools that it refers to. NULL: not recorded."),
    ),
    key="duty",
    covered_by=("people", "policies", "acknowledgements"),
)

CONTROL_OWNERSHIP = msgspec.structs.replace(
    derived(
        "control_ownership",
        "One row for each stretch of time over which a control had one owner who was, or was not, active.",
        (
            column("ownership", "text", "Control, owner and begin."),
            column("control", "text", "The control's id."),
            column("owner", "text", "Who is named as its owner."),
            maybe(
                "owner_is_active_person",
                "bool",
                "Whether the owner is on the HR list and at work. NULL: nobody of that name is on it, and it "
                "does not "
                "cover the time.",
            ),
            maybe("approved_by", "text", "Who approved the assignment. NULL: not recorded."),
            *HELD,
            column("observed_at", "timestamp", "When the assignment was read."),
        ),
        key="ownership",
        covered_by=("people", "control_owners"),
    ),
    state=True,
)

MONITORING_DUTIES = derived(
    "monitoring_duties",
    "One row for each run of a test that its schedule expects, each deficiency and each monthly report of them.",
    (
        *DUTY,
        column("kind", "text", "run, deficiency or report."),
        maybe("control", "text", "The control tested, or that failed. NULL: none, or none is named."),
        maybe("period_until", "timestamp", "The end of the period that it is for. NULL: it is a deficiency."),
        maybe(
            "is_followed_up",
            "bool",
            "Of a run: whether each failure of the period stands in the register of deficiencies, and a person "
            "decided on "
            "what a model judged. Of a deficiency: whether it has owner, severity and due date. NULL: not known.",
        ),
        maybe("due_at", "timestamp", "Of a deficiency: until when, approved extensions included. NULL: no date."),
    ),
    key="duty",
    covered_by=("control_register", "control_runs", "deficiencies", "meetings"),
)

EXTRACT_CHECKS = derived(
    "extract_checks",
    "One row for each extract, held against the register of evidence.",
    (
        column("extract", "text", "The extract's id."),
        column("population", "text", "The recorded table that its rows went to."),
        column("source", "text", "The system it was taken from."),
        maybe("taken_at", "timestamp", "When it ended. NULL: it was not noted."),
        maybe("covers_from", "timestamp", "From when it holds every occurrence. NULL: it does not say."),
        maybe("covers_until", "timestamp", "Until when, that moment left out. NULL: it does not say."),
        maybe(
            "is_registered",
            "bool",
            "Whether the register has an entry for it, with owner and completeness check. NULL: the register "
            "was not read.",
        ),
        column("says_how_it_was_taken", "bool", "Whether query, identity and end are noted."),
        column("is_whole", "bool", "Whether no limit cut it off, and it brought as many rows as the source names."),
        maybe(
            "ties",
            "bool",
            "Whether a second source has as many rows, or each difference is listed. NULL: there is no second "
            "source.",
        ),
        column("has_digest", "bool", "Whether its digest is kept."),
        maybe(
            "collector_is_controlled",
            "bool",
            "Whether the collector is under change control, and tested where an AI wrote it. NULL: not recorded.",
        ),
    ),
    key="extract",
    covered_by=("extracts",),
)

TABLES = (
    POLICIES,
    ACKNOWLEDGEMENTS,
    MEETINGS,
    CONTROL_REGISTER,
    CONTROL_OWNERS,
    CONTROL_RUNS,
    DEFICIENCIES,
    EVIDENCE_REGISTER,
    POLICY_VERSIONS,
    POLICY_SET,
    ACKNOWLEDGEMENT_DUTIES,
    CONTROL_OWNERSHIP,
    MONITORING_DUTIES,
    EXTRACT_CHECKS,
)
