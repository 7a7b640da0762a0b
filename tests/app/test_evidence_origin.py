"""Where evidence comes from, as a command says it."""

import pytest

from asbuilt.app.evidence_origin import Origin, manifest_of, person_of, short_name
from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import EvidenceError, Problems

NOW = 1_782_900_000


def refused(origin: Origin) -> list[str]:
    problems = Problems()
    manifest_of(origin, NOW, "HR", problems)
    with pytest.raises(EvidenceError) as caught:
        problems.refuse()
    return [str(problem) for problem in caught.value.problems]


def test_a_manifest_from_words() -> None:
    told = Origin(
        by=" ana ",
        observed="2026-07-01T08:00:00Z",
        covers="2026-01-01..2026-07-01",
        second_source="p",
        second_count=0,
    )
    manifest = manifest_of(told, NOW, "HR", Problems())
    assert (manifest.source, manifest.taken_by, manifest.taken_at) == ("HR", "ana", 1_782_892_800)
    assert (manifest.covers, manifest.second) == ((1767225600, 1782864000), ("p", 0))
    assert manifest_of(Origin(by="ana"), NOW, "HR", Problems()).taken_at == NOW


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (Origin(by="a", observed="2027-01-01"), "the command line: --observed-at: 2027-01-01T00:00:00Z is in the future"),
        (Origin(by="a", observed="2026-01-01T10:00"), "the command line: --observed-at: '2026-01-01T10:00' does not say"),
        (Origin(by="a", covers="2026-01-01"), "the command line: --covers: '2026-01-01' is no period."),
        (Origin(by="a", covers="x..y"), "the command line: --covers: 'x' is no date."),
        (Origin(by="a", covers="2026-01-01..2027-01-01"), "the command line: covers: 2027-01-01T00:00:00Z is after"),
        (Origin(by="a", second_count=3), "the command line: --second-source: A second source needs a name"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(origin: Origin, told: str) -> None:
    assert refused(origin)[0].startswith(told)


def test_a_person_answers_and_is_never_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASBUILT_BY", raising=False)
    with pytest.raises(UsageError, match="not said who answers"):
        person_of(Origin())
    monkeypatch.setenv("ASBUILT_BY", "ben")
    assert person_of(Origin()) == "ben"
    assert person_of(Origin(by="ana")) == "ana"


@pytest.mark.parametrize("name", ["", " ", "x" * 501, "a\u202eb"])
def test_a_name_can_be_seen(name: str) -> None:
    with pytest.raises(UsageError):
        short_name(name, "--by")
