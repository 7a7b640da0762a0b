"""What each release's own row says, beside the lists and the provenance that the ledger keeps."""

from typing import Any

import pytest

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

OWN, OTHER = "sha256:aa", "sha256:bb"


def release(**columns: Any) -> Record:
    told = {"released_at": "2026-03-03", "artifact_digest": OWN, **columns}
    return tell("releases", repository="h/a", release="1.0", **told)


def listed(name: str = "d1", digests: list[str] | None = None, **columns: Any) -> Record:
    told = {
        "repository": "h/a",
        "format": "CycloneDX 1.6",
        "recorded": "2026-03-04",
        "artifact_digests": [OWN] if digests is None else digests,
        "lists_models": False,
        **columns,
    }
    return tell("sboms", sbom=name, document=name, **told)


def stated(
    name: str = "s1", subject: str = OWN, kind: str = "https://slsa.dev/provenance/v1", **columns: Any
) -> Record:
    told = {"repository": "h/a", "is_verified": True, **columns}
    return tell("attestations", attestation=name, subject=subject, predicate_type=kind, **told)


def checked(*records: Record) -> dict[str, Any]:
    with facts_of(records, only=["release_checks"]) as store:
        (row,) = rows_of(store, "release_checks")
        return row


def bound(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    return row["sbom_format"], row["sbom_artifact_digest"], row["sbom_kept_since"]


def built(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    return row["has_provenance"], row["provenance_digest"], row["signature_verified"]


def test_a_list_that_names_the_artefact_is_the_releases() -> None:
    row = checked(release(), listed())
    assert bound(row) == ("CycloneDX", OWN, "2026-03-04T00:00:00Z")
    assert (row["release_id"], row["sbom_lists_models"], row["disagreements"]) == ("h/a | 1.0", False, [])


@pytest.mark.parametrize(
    "other",
    [
        listed(digests=[OTHER]),  # of another artefact, and not recorded for this release
        listed(repository="h/b"),
        stated(kind="https://cyclonedx.org/bom", subject=OTHER),
    ],
)
def test_what_was_never_told_is_not_known(other: Record) -> None:
    row = checked(release(), other)
    assert bound(row) == (None, None, None)
    assert built(row) == (None, None, None)


def test_a_list_recorded_for_the_release_that_names_another_artefact_is_told_as_it_is() -> None:
    wrong = listed(digests=[OTHER], release="1.0")
    assert bound(checked(release(), wrong))[:2] == ("CycloneDX", OTHER)
    assert bound(checked(release(), wrong, listed("d2", recorded="2026-03-09")))[:2] == ("CycloneDX", OWN)


def test_a_list_that_names_nothing_binds_to_nothing() -> None:
    assert bound(checked(release(), listed(digests=[], release="1.0")))[:2] == ("CycloneDX", None)


def test_letter_case_of_a_digest_and_several_of_them() -> None:
    row = checked(release(artifact_digest="sha256:AA"), listed(digests=["sha512:cc", OWN]))
    assert bound(row)[:2] == ("CycloneDX", "sha256:AA")


def test_a_signed_statement_that_holds_a_list_is_one() -> None:
    row = checked(release(), stated(kind="https://spdx.dev/Document/v2.3"))
    assert bound(row)[:2] == ("SPDX", OWN)
    assert built(row) == (None, None, None)


def test_none_only_where_the_lists_were_all_read() -> None:
    row = checked(release(), *covering("sboms", "attestations"))
    assert (row["sbom_format"], row["has_provenance"]) == ("none", False)


def test_what_the_release_says_stands_where_nothing_else_does() -> None:
    row = checked(release(sbom_format="SPDX", sbom_artifact_digest=OWN, has_provenance=True, provenance_digest=OWN))
    assert (bound(row), built(row)) == (("SPDX", OWN, None), (True, OWN, None))


def test_provenance_of_the_artefact() -> None:
    assert built(checked(release(), stated())) == (True, OWN, True)
    assert built(checked(release(), stated(is_verified=None))) == (True, OWN, None)
    assert built(checked(release(), stated(), stated("s2", is_verified=False))) == (True, OWN, False)


@pytest.mark.parametrize(
    ("own", "kept", "unknown"),
    [
        ({"sbom_format": "none"}, listed(), "sbom_format"),
        ({"sbom_artifact_digest": OTHER}, listed(), "sbom_artifact_digest"),
        ({"sbom_artifact_digest": OWN}, listed(digests=[OTHER], release="1.0"), "sbom_artifact_digest"),
        ({"sbom_lists_models": True}, listed(), "sbom_lists_models"),
        ({"has_provenance": False}, stated(), "has_provenance"),
        ({"provenance_digest": OTHER}, stated(), "provenance_digest"),
        ({"signature_verified": True}, stated(is_verified=False), "signature_verified"),
        ({"signature_verified": False}, stated(), "signature_verified"),
    ],
)
def test_where_they_contradict_each_other_neither_is_believed(
    own: dict[str, Any], kept: Record, unknown: str
) -> None:
    row = checked(release(**own), kept)
    assert row[unknown] is None
    assert len(row["disagreements"]) == 1
