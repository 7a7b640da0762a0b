"""Processing: what is promised about inputs and outputs, jobs and their totals, and the quality of AI output."""

from asbuilt.facts.schemas.duties import DUTY
from asbuilt.facts.schemas.table import column, derived, maybe, recorded, state

INTERFACE_CHANGES = recorded(
    "interface_changes",
    "One row for each change of what users give, get or may expect: schema, rule, limit, AI-made output.",
    (
        column("change", "text", "The change's id: the commit, or the release and interface."),
        column("interface", "text", "The interface, endpoint or feature."),
        column("released_at", "timestamp", "When users got it."),
        column("kind", "text", "input, rule, output, limit or ai-output."),
    ),
    identity=("change", "interface"),
    occurred="released_at",
)

SPECIFICATION_UPDATES = recorded(
    "specification_updates",
    "One row for each update of the documents for users: reference, limits, release notes.",
    (
        column("update_id", "text", "The update's id."),
        column("interface", "text", "The interface, endpoint or feature that it speaks of."),
        column("published_at", "timestamp", "When users could read it."),
        maybe("change", "text", "The change that it tells. NULL: it names none; then the time decides."),
        maybe(
            "states_ai_limits", "bool", "Whether it says what is made by AI, and its known limits. NULL: not noted."
        ),
    ),
    identity=("update_id", "interface"),
    occurred="published_at",
)

PROCESSING_CHANGES = derived(
    "processing_changes",
    "One row for each change of what users give or get, with the document that tells it.",
    (
        *DUTY,
        column("interface", "text", "The interface, endpoint or feature."),
        column("kind", "text", "input, rule, output, limit or ai-output."),
        maybe("update_id", "text", "The update that tells it. NULL: none does."),
        maybe(
            "states_ai_limits",
            "bool",
            "Whether that names AI-made output and its limits. NULL: none, or not noted.",
        ),
    ),
    key="duty",
    covered_by=("interface_changes",),
)

INPUT_ENDPOINTS = recorded(
    "input_endpoints",
    "One row for each place where input enters the product: routes, queues, uploads, prompts.",
    (
        column("endpoint", "text", "The endpoint."),
        column("in_scope", "bool", "Whether the audit covers it."),
        maybe("service", "text", "The service behind it. NULL: not noted."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("endpoint",),
    occurred="in_use_from",
)

ENDPOINT_VALIDATION = state(
    "endpoint_validation",
    "What held for the checking of one endpoint's input over a time: as a rule, from one release to the next.",
    (
        column("endpoint", "text", "The endpoint."),
        maybe("schema_enforced", "bool", "Whether input is checked against a schema and refused. NULL: not known."),
        maybe("tests_succeeded", "bool", "Whether its contract tests succeeded on that release. NULL: not known."),
        maybe("rejects_logged", "bool", "Whether refused input is logged. NULL: not known."),
        maybe("feeds_model", "bool", "Whether the input reaches an AI model. NULL: not known."),
        maybe("injection_checked", "bool", "Whether it is checked for injected instructions. NULL: not known."),
        maybe("release", "text", "The release. NULL: not noted."),
    ),
    identity=("endpoint",),
)

JOBS = recorded(
    "jobs",
    "One row for each scheduled job that processes customers' data.",
    (
        column("job", "text", "The job's id."),
        column("in_scope", "bool", "Whether the audit covers it."),
        column("every_days", "int", "Days from one run that must be to the next: 1 is daily or oftener."),
        column("reconciles", "bool", "Whether counts or totals must tie to the stage before."),
        column("delivers_to_tenants", "bool", "Whether its output goes to single customers."),
        maybe("in_use_from", "timestamp", "From when. NULL: before anything recorded."),
        maybe("in_use_until", "timestamp", "Until when, that moment left out. NULL: it still is."),
    ),
    identity=("job",),
    occurred="in_use_from",
)

JOB_RUNS = recorded(
    "job_runs",
    "One row for each run of a job, as the scheduler tells it.",
    (
        column("run", "text", "The run's id."),
        column("job", "text", "The job."),
        column("ran_at", "timestamp", "When it ended."),
        column("succeeded", "bool", "Whether it did."),
        maybe(
            "tenant_checked",
            "bool",
            "Whether its output was checked to go to the intended customer. NULL: not known.",
        ),
        maybe("ticket", "text", "The ticket for what went wrong. NULL: none."),
    ),
    identity=("run",),
    occurred="ran_at",
)

RECONCILIATIONS = recorded(
    "reconciliations",
    "One row for each comparison of counts or totals between two stages.",
    (
        column("reconciliation", "text", "Its id."),
        column("job", "text", "The job whose output was compared."),
        column("compared_at", "timestamp", "When."),
        column("ties", "bool", "Whether the two agree."),
        maybe("run", "text", "The run. NULL: not noted; then the day decides."),
        maybe("difference", "text", "What they differ by. NULL: nothing, or not noted."),
        maybe("ticket", "text", "The ticket for the difference. NULL: none."),
    ),
    identity=("reconciliation",),
    occurred="compared_at",
)

JOB_SLOTS = derived(
    "job_slots",
    "One row for each scheduled job and each stretch of days in which it must run.",
    (
        column("slot", "text", "`job | first day`."),
        column("job", "text", "The job."),
        column("slot_from", "timestamp", "The stretch's first moment, UTC."),
        column("slot_until", "timestamp", "Its end, that moment left out."),
        maybe("ran", "bool", "Whether a run of it succeeded. NULL: none is known, and no list covers it."),
        maybe("ties", "bool", "Whether its last comparison ties; true too where none is asked. NULL: not known."),
        maybe(
            "tenant_checked",
            "bool",
            "Whether its output was checked for the right customer; true too where none is asked. NULL: not known.",
        ),
        maybe("ticket", "text", "A ticket for what went wrong in it. NULL: none."),
    ),
    key="slot",
    covered_by=("jobs", "job_runs"),
)

AI_RELEASES = recorded(
    "ai_releases",
    "One row for each release of an AI feature: a new model, prompt, tool or guardrail in front of customers.",
    (
        column("release", "text", "The release's id."),
        column("feature", "text", "The AI feature."),
        column("released_at", "timestamp", "When."),
        column("configuration", "text", "Digest or name of model, prompt and settings together."),
    ),
    identity=("release", "feature"),
    occurred="released_at",
)

AI_EVALUATIONS = recorded(
    "ai_evaluations",
    "One row for each evaluation of a configuration on a fixed set.",
    (
        column("evaluation", "text", "Its id."),
        column("feature", "text", "The AI feature."),
        column("configuration", "text", "The configuration that was evaluated."),
        column("evaluated_at", "timestamp", "When it ended."),
        maybe("set_digest", "text", "Digest of the fixed set. NULL: not noted."),
        maybe("model", "text", "The model. NULL: not noted."),
        maybe("repetitions", "int", "How often each case was tried. NULL: not noted."),
        maybe("score", "int", "The score, in hundredths of a percent. NULL: not noted."),
        maybe(
            "score_at_least",
            "int",
            "The lower end of its interval. NULL: none was computed; one try proves little.",
        ),
        maybe("threshold", "int", "What it must reach, in hundredths of a percent. NULL: none is set."),
    ),
    identity=("evaluation",),
    occurred="evaluated_at",
)

OUTPUT_SAMPLES = recorded(
    "output_samples",
    "One row for each sample of AI output in production that a person looked through.",
    (
        column("sample", "text", "Its id."),
        column("feature", "text", "The AI feature."),
        column("reviewed_at", "timestamp", "When."),
        maybe("reviewed_by", "text", "Who looked. NULL: not noted; then it does not count."),
        maybe("outputs", "int", "Outputs in it. NULL: not noted."),
        maybe("faults", "int", "Faults found. NULL: not noted."),
        maybe("escalation", "text", "The ticket for them. NULL: none."),
    ),
    identity=("sample",),
    occurred="reviewed_at",
)

AI_RELEASE_GATES = derived(
    "ai_release_gates",
    "One row for each release of an AI feature, with its evaluation and the samples until the next release.",
    (
        column("gate", "text", "`release | feature`."),
        column("feature", "text", "The AI feature."),
        column("released_at", "timestamp", "When."),
        maybe(
            "evaluated",
            "bool",
            "Whether just this configuration was evaluated before. NULL: it was not, and no list covers it.",
        ),
        maybe("repetitions", "int", "How often each case was tried. NULL: no evaluation, or not noted."),
        maybe(
            "score_at_least", "int", "The lower end of the score's interval. NULL: no evaluation, or none computed."
        ),
        maybe("threshold", "int", "What it must reach. NULL: no evaluation, or none set."),
        maybe("set_named", "bool", "Whether the fixed set is named by its digest. NULL: no evaluation."),
        maybe(
            "longest_unsampled_days",
            "int",
            "The longest time without a reviewed sample, until the next release or the last day known. NULL: no "
            "list of samples covers the release.",
        ),
        maybe(
            "faults_escalated",
            "bool",
            "Whether every sample with faults has a ticket. NULL: of one it is not known.",
        ),
    ),
    key="gate",
    covered_by=("ai_releases",),
)

TABLES = (
    INTERFACE_CHANGES,
    SPECIFICATION_UPDATES,
    PROCESSING_CHANGES,
    INPUT_ENDPOINTS,
    ENDPOINT_VALIDATION,
    JOBS,
    JOB_RUNS,
    RECONCILIATIONS,
    JOB_SLOTS,
    AI_RELEASES,
    AI_EVALUATIONS,
    OUTPUT_SAMPLES,
    AI_RELEASE_GATES,
)
