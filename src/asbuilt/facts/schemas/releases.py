"""What is shipped: releases, the packages that come in, and changes of models behind the product's AI features."""

from asbuilt.facts.schemas.table import column, derived, maybe, recorded

RELEASES = recorded(
    "releases",
    "One row for each artefact that was released to production or to customers.",
    (
        column("release", "text", "The release's id: name and version."),
        column("repository", "text", "The repository, `owner/name`."),
        column("released_at", "timestamp", "When."),
        column("artifact_digest", "text", "The digest of what was released."),
        maybe("commit", "text", "The commit it was built from. NULL: not known."),
        maybe(
            "sbom_format", "text", "Format of its list of components; `none` where there is none. NULL: not known."
        ),
        maybe(
            "sbom_artifact_digest", "text", "The digest that the list names. NULL: it names none, or there is none."
        ),
        maybe("sbom_kept_until", "timestamp", "Until when list and provenance are kept. NULL: not said."),
        maybe(
            "provenance_digest",
            "text",
            "The digest that the build's provenance names. NULL: there is none, or not known.",
        ),
        maybe("has_provenance", "bool", "Whether there is provenance of the build. NULL: not known."),
        maybe(
            "signature_verified", "bool", "Whether its signature was checked and holds. NULL: it was not checked."
        ),
        maybe("ships_models", "bool", "Whether it holds AI models or data sets. NULL: not known."),
        maybe("sbom_lists_models", "bool", "Whether the list names those. NULL: not known."),
    ),
    identity=("repository", "release"),
    part="repository",
    parts="repositories",
    occurred="released_at",
)

SBOMS = recorded(
    "sboms",
    "One row for each list of components (CycloneDX, SPDX) that the ledger keeps, and what artefact it names.",
    (
        column("repository", "text", "The repository, `owner/name`, of what it is about."),
        column("sbom", "text", "The list's id: SHA-256 of the document, and the release that it is recorded for."),
        column("document", "text", "SHA-256 of the document: the file that the ledger keeps."),
        column("format", "text", "CycloneDX or SPDX, with the version."),
        maybe(
            "artifact_digests",
            "text[]",
            "The digests of the artefact that the document itself names: `sha256:…`. NULL: it names none.",
        ),
        maybe("release", "text", "The release that it is recorded for. NULL: only the digest tells."),
        maybe("commit", "text", "The commit that it was made of. NULL: it does not say."),
        maybe("made_at", "timestamp", "When it was made, as it says. NULL: it does not say."),
        maybe("made_by", "text", "The program that made it, as it says. NULL: it does not say."),
        maybe("component_count", "int", "How many components it lists. NULL: not counted."),
        maybe("lists_models", "bool", "Whether AI models or data sets are among them. NULL: not looked at."),
    ),
    identity=("repository", "sbom"),
    part="repository",
    parts="repositories",
    occurred="made_at",
)

DEPENDENCIES_ADDED = recorded(
    "dependencies_added",
    "One row for each package, action, container or model that a change brought in, from the difference of lock "
    "files.",
    (
        column("repository", "text", "The repository, `owner/name`."),
        column("change_id", "text", "The change that brought it."),
        column("package", "text", "The package with its ecosystem: `pypi:requests`."),
        column("version", "text", "The version."),
        column("added_at", "timestamp", "When the change landed."),
        maybe(
            "kind",
            "text",
            "`new` where no file named the package before, `version` where another version stood there. NULL: not "
            "told.",
        ),
        maybe(
            "previous_version", "text", "The version, or range, before. NULL: there was none, or it is not told."
        ),
        maybe("path", "text", "The file that names it. NULL: not told."),
        maybe("line", "int", "The line there, from 1. NULL: not known."),
        maybe("direct", "bool", "Whether the product itself asks for it. NULL: the file does not tell."),
        maybe("exists_in_registry", "bool", "Whether the registry knows it. NULL: it was not asked."),
        maybe("published_at", "timestamp", "When this version was published. NULL: not known."),
        maybe(
            "looks_like",
            "text",
            "The well-known name that it may be mistaken for; `none` where it is like none. NULL: nobody looked.",
        ),
        maybe("licence", "text", "Its licence. NULL: not known."),
        maybe("blocking_findings", "int", "Findings on it that block, when it came. NULL: nobody looked."),
        maybe("approved_by", "text", "Who approved it as a dependency. NULL: nobody is named."),
        maybe("approved_at", "timestamp", "When. NULL: nobody is named."),
    ),
    identity=("repository", "change_id", "package", "version"),
    part="repository",
    parts="repositories",
    occurred="added_at",
)

DEPENDENCY_APPROVALS = recorded(
    "dependency_approvals",
    "One row for each approval of a package by a person: that it may be used, and what it is excepted from.",
    (
        column("approval", "text", "The approval's id: a ticket, or any name that no other approval has."),
        column("package", "text", "The package with its ecosystem: `pypi:requests`."),
        column("approved_by", "text", "The account or person who approved it."),
        column("approved_at", "timestamp", "When."),
        maybe("version", "text", "The version that may be used. NULL: any."),
        maybe("reason", "text", "Why it may be used. NULL: no reason is given; then the approval does not count."),
        maybe("expires_at", "timestamp", "Until when it holds, that moment left out. NULL: it has no end."),
        maybe(
            "excepts",
            "text[]",
            "What the package is excepted from: age, licence, suspicion, advisories, maintenance, deprecated or "
            "yanked. It needs an end. NULL: from nothing.",
        ),
    ),
    identity=("approval",),
    occurred="approved_at",
)

MODEL_CHANGES = recorded(
    "model_changes",
    "One row for each time that a feature of the product was served by another model, without a change of ours.",
    (
        column("feature", "text", "The feature of the product."),
        column("changed_at", "timestamp", "When the answers first named the other model."),
        column("new_model", "text", "The model that answers now."),
        maybe("old_model", "text", "The one before. NULL: not known."),
        maybe(
            "evaluated_at", "timestamp", "When the feature was evaluated with it. NULL: it was not, or not known."
        ),
        maybe("evaluation_passed", "bool", "Whether that came above the threshold. NULL: no evaluation is known."),
        maybe("accepted_by", "text", "The person who accepted it. NULL: nobody is named."),
    ),
    identity=("feature", "changed_at"),
    occurred="changed_at",
)

DEPENDENCY_CHECKS = derived(
    "dependency_checks",
    "One row for each package that came in, with what was known of it then and who approved it.",
    (
        column("dependency", "text", "Repository, change, package and version."),
        column("repository", "text", "The repository."),
        column("change_id", "text", "The change that brought it."),
        column("attribution", "text", "Who wrote that change."),
        column("package", "text", "The package with its ecosystem."),
        column("version", "text", "The version."),
        maybe("kind", "text", "`new`, or `version` where another version stood there. NULL: not told."),
        column("added_at", "timestamp", "When the change landed."),
        maybe("exists_in_registry", "bool", "Whether the registry knows it. NULL: it was not asked."),
        maybe("age_days", "int", "Days from its publication to the change. NULL: not known."),
        maybe(
            "looks_like",
            "text",
            "The well-known name that it may be mistaken for; `none` where it is like none. NULL: nobody looked.",
        ),
        maybe("licence", "text", "Its licence. NULL: not known."),
        column("licences_named", "text[]", "Every licence that its licence names, in lower case."),
        maybe(
            "licence_choice_1",
            "text[]",
            "The licences that bind whoever takes the first choice it leaves (all, where it leaves none). NULL: "
            "there is no licence, or its expression leaves more than four choices or is nested.",
        ),
        *(
            maybe(f"licence_choice_{number}", "text[]", f"Those of the {name} choice. NULL: there is none.")
            for number, name in ((2, "second"), (3, "third"), (4, "fourth"))
        ),
        maybe("blocking_findings", "int", "Findings on it that block, when it came. NULL: nobody looked."),
        maybe("approved_by", "text", "Who approved it as a dependency. NULL: nobody is named."),
        maybe(
            "approved_by_another",
            "bool",
            "Whether a person at work then, who had no part in the change, approved it before it landed; an "
            "approval of "
            "the whole change counts. NULL: not known.",
        ),
        column(
            "excepted_from",
            "text[]",
            "What approvals that held when it came, by another person and with an end, except it from.",
        ),
    ),
    key="dependency",
    covered_by=("dependencies_added",),
)

RELEASE_CHECKS = derived(
    "release_checks",
    "One row for each release, with the list of components and the provenance that name its artefact: what the "
    "release's own row says, joined with the lists and statements that the ledger keeps.",
    (
        column("release_id", "text", "Repository and release."),
        column("repository", "text", "The repository."),
        column("release", "text", "The release's id: name and version."),
        column("released_at", "timestamp", "When."),
        column("artifact_digest", "text", "The digest of what was released."),
        maybe(
            "sbom_format", "text", "Format of its list of components; `none` where there is none. NULL: not known."
        ),
        maybe(
            "sbom_artifact_digest", "text", "The digest that the list names. NULL: it names none, or there is none."
        ),
        maybe(
            "sbom_kept_since",
            "timestamp",
            "Since when the ledger keeps the list itself. NULL: it does not hold it.",
        ),
        maybe("sbom_kept_until", "timestamp", "Until when the list is kept, as was told. NULL: not said."),
        maybe("has_provenance", "bool", "Whether there is provenance of the build. NULL: not known."),
        maybe("provenance_digest", "text", "The digest that it names. NULL: there is none, or it is not known."),
        maybe(
            "signature_verified", "bool", "Whether its signature was checked and holds. NULL: it was not checked."
        ),
        maybe("ships_models", "bool", "Whether it holds AI models or data sets. NULL: not known."),
        maybe("sbom_lists_models", "bool", "Whether the list names those. NULL: not known."),
        column(
            "disagreements",
            "text[]",
            "Where the release's row and what the ledger keeps contradict each other: what they disagree on is not "
            "known.",
        ),
    ),
    key="release_id",
    covered_by=("releases",),
)

AI_FEATURE_CHANGES = derived(
    "ai_feature_changes",
    "One row for each change to prompts, models or guardrails of the product, and each change of a model by its "
    "provider.",
    (
        column("ai_feature_change", "text", "The change, or feature and moment."),
        column("kind", "text", "own or provider."),
        column("happened_at", "timestamp", "When it landed, or the answers first named the other model."),
        column("attribution", "text", "Who wrote it; automation where the provider did it."),
        maybe(
            "independent_human_approvals", "int", "Persons who approved it and had no part in it. NULL: not known."
        ),
        maybe(
            "evaluated", "bool", "Whether an evaluation ran on it and came above the threshold. NULL: not known."
        ),
        maybe(
            "evaluation_days",
            "int",
            "Days from a provider's change to its evaluation. NULL: none, or it is our own.",
        ),
        maybe(
            "accepted", "bool", "Whether a person accepted a provider's change. NULL: not known, or it is our own."
        ),
    ),
    key="ai_feature_change",
    covered_by=("changes_seen", "checks", "reviews", "model_changes"),
)

TABLES = (
    RELEASES,
    SBOMS,
    DEPENDENCIES_ADDED,
    DEPENDENCY_APPROVALS,
    MODEL_CHANGES,
    RELEASE_CHECKS,
    DEPENDENCY_CHECKS,
    AI_FEATURE_CHANGES,
)
