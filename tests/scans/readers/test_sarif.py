"""SARIF 2.1.0 as tools write it: what is left out, told elsewhere, or told wrong."""

from typing import Any

import pytest

from asbuilt.model.errors import SourceError
from tests.scans.samples import SECRET, holds_secret, located, only, reading, sarif


def one(result: dict[str, Any], **run: Any) -> Any:
    (found,) = only(sarif([result], **run)).results
    return found


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "2.1.0-rtm.1", 7, None])
def test_other_versions_are_refused_by_name(version: object) -> None:
    document = sarif([]) | {"version": version}
    with pytest.raises(SourceError) as caught:
        reading(document)
    assert "2.1.0 is read" in caught.value.why


def test_each_run_is_one() -> None:
    document = sarif([located("a", "a.py", 1)])
    document["runs"] += sarif([], tool="gitleaks")["runs"]
    runs = reading(document).runs
    assert [(run.tool, run.kind, len(run.results)) for run in runs] == [
        ("CodeQL", "static-analysis", 1),
        ("gitleaks", "secret-scan", 0),
    ]


def test_a_rule_is_found_by_id_by_index_in_an_extension_and_by_the_beginning_of_its_id() -> None:
    rules = [
        {"id": "py/sql", "properties": {"security-severity": "9.1", "tags": ["external/cwe/cwe-089"]}},
        {"id": "py/xss", "defaultConfiguration": {"level": "error"}, "shortDescription": {"text": "XSS"}},
    ]
    assert one(located("py/sql", "a", 1), rules=rules).severity == "critical"
    assert one(located("py/sql", "a", 1), rules=rules).cwe == ("CWE-89",)
    by_index = one({"ruleIndex": 1, "message": {}}, rules=rules)
    assert (by_index.rule, by_index.severity, by_index.message, by_index.path) == ("py/xss", "high", "XSS", None)
    assert one(located("py/xss/inner", "a", 1), rules=rules).severity == "high"
    extended = sarif([{"rule": {"index": 0, "toolComponent": {"index": 0}}, "message": {"text": "m"}}])
    extended["runs"][0]["tool"]["extensions"] = [{"name": "pack", "rules": [{"id": "ext/rule"}]}]
    (found,) = only(extended).results
    assert found.rule == "ext/rule"
    assert only(extended).rules == {"ext/rule"}
    assert one({"ruleIndex": 99, "message": {"text": "m"}}).rule == "?"


def test_a_message_may_be_the_rule_s_with_arguments() -> None:
    rules = [{"id": "r", "messageStrings": {"default": {"text": "{0} calls {1}"}}}]
    told = {"ruleId": "r", "message": {"id": "default", "arguments": ["a", "b"]}}
    assert one(told, rules=rules).message == "a calls b"


def test_a_place_may_be_in_the_list_of_artifacts_or_below_a_root() -> None:
    told = located("r", "x", 3)
    told["locations"][0]["physicalLocation"]["artifactLocation"] = {"index": 1}
    artifacts = [{"location": {"uri": "a.py"}}, {"location": {"uri": "src/b.py"}}, {}]
    run = only(sarif([told], artifacts=artifacts))
    assert run.results[0].path == "src/b.py"
    assert run.files == {"a.py", "src/b.py"}
    rooted = only(
        sarif([located("r", "file:///ci/repo/c.py", 1)], originalUriBaseIds={"ROOT": {"uri": "file:///ci/repo/"}})
    )
    assert rooted.results[0].path == "c.py"


@pytest.mark.parametrize(
    ("invocations", "succeeded"),
    [
        ([{"executionSuccessful": True}], True),
        ([{"executionSuccessful": True}, {"executionSuccessful": False}], False),
        ([{"executionSuccessful": True}, {}], None),
        ([], None),
        (None, None),
        ("x", None),
    ],
)
def test_a_run_succeeded_only_if_every_invocation_says_so(invocations: object, succeeded: bool | None) -> None:
    assert only(sarif([], invocations=invocations)).succeeded is succeeded


def test_when_and_on_what_it_ran_and_what_it_could_not_read() -> None:
    run = only(
        sarif(
            [],
            invocations=[
                {
                    "executionSuccessful": True,
                    "startTimeUtc": "2026-03-01T10:00:00Z",
                    "endTimeUtc": "2026-03-01T10:05:00.5Z",
                    "toolExecutionNotifications": [
                        {"level": "error", "message": {"text": "cannot parse a.py"}},
                        {"level": "warning", "message": {"text": "slow"}},
                    ],
                }
            ],
            versionControlProvenance=[{"revisionId": "a" * 40}],
        )
    )
    assert run.ended is not None
    assert run.started is not None
    assert run.ended - run.started == 300
    assert (run.commit, run.version) == ("a" * 40, "2.1.0")
    assert run.unread == ("CodeQL reports an error: cannot parse a.py.",)


def test_results_that_are_null_or_no_list_are_never_clean() -> None:
    empty = sarif([])
    empty["runs"][0]["results"] = None
    run = only(empty)
    assert (run.succeeded, len(run.unread)) == (False, 1)
    wrong = sarif([])
    wrong["runs"][0]["results"] = {"a": 1}
    assert only(wrong).unread
    assert only(sarif([7, located("r", "a", 1)])).unread == ("Result 1 is no object.",)  # type: ignore[list-item]


def test_what_is_no_finding_is_left_out_and_what_is_gone_says_so() -> None:
    run = only(
        sarif([
            located("a", "a", 1, kind="pass"),
            located("b", "b", 1, kind="notApplicable"),
            located("c", "c", 1, baselineState="absent"),
            located("d", "d", 1, kind="fail", level="note"),
        ])
    )  # fmt: skip
    assert [(each.rule, each.state, each.severity) for each in run.results] == [
        ("c", "absent", "medium"),
        ("d", "open", "low"),
    ]


def test_suppressions_count_unless_they_are_under_review_or_rejected() -> None:
    told = [{"kind": "inSource", "justification": "test data"}]
    found = one(located("a", "a", 1, suppressions=told)).suppressed
    assert (found.kind, found.reason, found.by) == ("in-source", "test data", None)
    for status in ("underReview", "rejected"):
        assert (
            one(located("a", "a", 1, suppressions=[*told, {"kind": "external", "status": status}])).suppressed
            is None
        )
    assert one(located("a", "a", 1, suppressions=[])).suppressed is None


def test_the_lines_of_a_secret_show_nowhere_though_they_stand_in_five_places() -> None:
    told = located("generic-api-key", "conf.env", 3, f"KEY={SECRET}")
    told["message"]["text"] = f"found KEY={SECRET}"
    told["partialFingerprints"] = {"commitMessage": f"add {SECRET}", "email": "ana@example.com"}
    told["locations"][0]["physicalLocation"]["contextRegion"] = {"snippet": {"text": f"a\nKEY={SECRET}\nb"}}
    told["fixes"] = [{"description": {"text": SECRET}}]
    document = sarif(
        [told, located("py/sql", "a.py", 1)], tool="gitleaks", artifacts=[{"contents": {"text": SECRET}}]
    )
    kept = reading(document)
    assert kept.redacted
    assert not holds_secret(kept)
    assert b"ana@example.com" not in kept.kept
    assert b"generic-api-key" in kept.kept
    again = located("generic-api-key", "conf.env", 9, f"  KEY={SECRET}")
    assert kept.runs[0].results[0].snippet == one(again, tool="gitleaks").snippet


def test_a_rule_is_about_secrets_by_its_tags_or_its_weakness() -> None:
    for properties in ({"tags": ["external/cwe/cwe-798"]}, {"tags": ["secret"]}):
        told = reading(
            sarif([located("X1", "a", 1, f"p = '{SECRET}'")], rules=[{"id": "X1", "properties": properties}])
        )
        assert not holds_secret(told)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("a%20b.py", "a b.py"),
        ("%C3%A9/a.py", "é/a.py"),
        ("100% sure.py", "100% sure.py"),
        ("50%off.py", "50%off.py"),
    ],
)
def test_a_place_is_a_reference_whose_escapes_are_read(uri: str, path: str) -> None:
    assert one(located("r", uri, 1)).path == path
