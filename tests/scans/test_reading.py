"""Every format is known by its content alone; what nobody knows is refused; no secret is ever handed on."""

import subprocess
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.scans.identity import identities
from asbuilt.scans.reading import all_readers, read_scan
from tests.conftest import fetched
from tests.scans.samples import JUNIT, REPORTS, SALT, SECRET, encoded, holds_secret, reading


def test_every_reader_has_a_sample() -> None:
    assert {*REPORTS, "junit"} == set(all_readers())


@pytest.mark.parametrize("format_", sorted(REPORTS))
def test_each_format_is_known_by_its_content_and_read_the_same_each_time(format_: str) -> None:
    told = reading(REPORTS[format_])
    assert told.format == format_
    assert told == reading(REPORTS[format_])
    assert told == reading(REPORTS[format_], tool=format_)
    assert any(run.results for run in told.runs)


@pytest.mark.parametrize("format_", sorted(REPORTS))
def test_no_secret_is_handed_on_and_what_holds_none_is_kept_as_it_came(format_: str) -> None:
    came = encoded(REPORTS[format_])
    told = reading(REPORTS[format_])
    assert not holds_secret(told)
    assert told.redacted is (SECRET.encode() in came)
    assert told.redacted or told.kept == came
    assert b"ana@example.com" not in told.kept


def test_a_well_known_token_in_any_text_is_taken_out() -> None:
    token = "ghp_" + "Zz9" * 12
    document = {**REPORTS["semgrep"], "note": token}
    told = reading(document)
    assert told.redacted
    assert token.encode() not in told.kept
    junit = read_scan(JUNIT.replace(b"long text", token.encode()), "x", salt=SALT)
    assert junit.redacted
    assert token.encode() not in junit.kept


@pytest.mark.parametrize(
    "document", [[], {}, 7, "x", None, [1], [[]], {"results": []}, {"runs": []}, {"vulnerabilities": {}}]
)
def test_what_nobody_knows_is_refused(document: object) -> None:
    with pytest.raises(SourceError, match="No known format"):
        reading(document)


def test_an_empty_list_is_the_tool_s_that_is_named() -> None:
    (run,) = reading([], tool="gitleaks").runs
    assert (run.tool, run.results, run.succeeded) == ("gitleaks", (), None)
    with pytest.raises(UsageError, match="is no format"):
        reading([], tool="nonsense")
    with pytest.raises(SourceError):
        reading(REPORTS["semgrep"], tool="gitleaks")


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=8), some, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(REPORTS)), st.data())
def test_values_of_a_wrong_kind_anywhere_never_crash(format_: str, data: st.DataObject) -> None:
    document = _changed(REPORTS[format_], data)
    with suppress(SourceError):
        for run in reading(document).runs:
            assert len(set(identities(run.results))) == len(run.results)


def _changed(value: object, data: st.DataObject) -> object:
    """The document with one value, anywhere, of any other kind."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        name = data.draw(st.sampled_from(sorted(value)))
        return {**value, name: _changed(value[name], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 5)):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], _changed(value[place], data), *value[place + 1 :]]
    return data.draw(_ANY)


def _files(repository: Path, suffix: str, under: str = ".") -> dict[str, bytes]:
    listed = subprocess.run(
        ["git", "-C", repository, "ls-tree", "-r", "--name-only", "HEAD", under],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.splitlines()
    found = {}
    for name in listed:
        if name.lower().endswith(suffix):
            shown = subprocess.run(
                ["git", "-C", repository, "show", f"HEAD:{name}"], capture_output=True, check=False
            )
            if shown.returncode == 0:
                found[name] = shown.stdout
    return found


@pytest.mark.fetched
@pytest.mark.slow
def test_every_public_sarif_file_is_read_or_refused_with_a_reason() -> None:
    outcomes: Counter[str] = Counter()
    for name, data in _files(fetched("microsoft+sarif-sdk"), ".sarif").items():
        try:
            for run in read_scan(data, name, salt=SALT).runs:
                assert len(set(identities(run.results))) == len(run.results)
            outcomes["read"] += 1
        except SourceError as error:
            outcomes[error.why[:11]] += 1
    assert outcomes["read"] == 599
    assert set(outcomes) == {"read", "It is SARIF", "It is no JS", "No known fo"}


@pytest.mark.fetched
@pytest.mark.slow
def test_public_reports_of_every_tool_are_known() -> None:
    repository = fetched("DefectDojo+django-DefectDojo")
    expected = {"semgrep": "semgrep", "bandit": "bandit", "gitleaks": "gitleaks", "npm_audit": "npm-audit", "npm_audit_7_plus": "npm-audit", "pip_audit": "pip-audit", "osv_scanner": "osv-scanner", "anchore_grype": "grype", "detect_secrets": "detect-secrets", "snyk_code": "sarif", "github_sast": "github-alerts", "github_secrets_detection_report": "github-alerts"}  # fmt: skip
    for folder, format_ in expected.items():
        found: Counter[str] = Counter()
        for name, data in _files(repository, "", f"unittests/scans/{folder}/").items():
            with suppress(SourceError):
                found[read_scan(data, name, salt=SALT).format] += 1
        assert set(found) == {format_}, folder
