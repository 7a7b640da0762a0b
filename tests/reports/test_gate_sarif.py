"""SARIF that a forge takes: what the standard requires is there, and every reference in it holds."""

import json
import re
from typing import Any

import jsonschema

from asbuilt.reports.gate_sarif import gate_sarif
from tests.reports.gates import EVIL, answer, replaced

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
# What SARIF 2.1.0 requires of the parts that are written here (sections 3.13, 3.14, 3.18, 3.19, 3.20, 3.27, 3.49).
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {"shortDescription": TEXT},
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["executionSuccessful"],
                            "properties": {
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": {"type": "object", "required": ["message"]},
                                }
                            },
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message", "ruleId", "locations"],
                            "properties": {
                                "message": TEXT,
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                                "suppressions": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["kind"],
                                        "properties": {
                                            "kind": {"enum": ["inSource", "external"]},
                                            "status": {"enum": ["accepted", "underReview", "rejected"]},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


def run_of(**more: Any) -> dict[str, Any]:
    document = json.loads(gate_sarif(answer(**more)))
    jsonschema.validate(document, SCHEMA)
    (run,) = document["runs"]
    return dict(run)


def test_what_the_standard_requires_is_there_and_rules_are_referred_to_rightly() -> None:
    run = run_of()
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    assert [(result["ruleId"], result["level"]) for result in run["results"]][:3] == [
        ("CHG-01", "error"),
        ("CHG-05", "error"),
        ("CHG-13", "note"),
    ]


def test_paths_are_references_within_the_repository() -> None:
    for result in run_of(text=EVIL)["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", uri)
        assert not uri.startswith("/")


def test_an_override_is_a_suppression_with_its_person_and_reason() -> None:
    result = run_of(text="Cleo", overridden=True)["results"][0]
    assert result["level"] == "warning"
    (found,) = result["suppressions"]
    assert "Cleo" in found["justification"]


def test_the_same_answer_gives_the_same_bytes_and_the_same_fingerprints() -> None:
    assert gate_sarif(answer()) == gate_sarif(answer())
    later = replaced(answer(), judged_at="2024-01-01T00:00:00Z")
    prints = [
        [result["partialFingerprints"] for result in json.loads(gate_sarif(one))["runs"][0]["results"]]
        for one in (answer(), later)
    ]
    assert prints[0] == prints[1]


def test_what_a_change_brings_in_stands_at_its_file_and_line() -> None:
    run = json.loads(gate_sarif(answer(text="x")))["runs"][0]
    told = {each["ruleId"]: each for each in run["results"]}
    assert told["py-tls-off"]["level"] == "error"
    place = told["py-tls-off"]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("src/app.py", 12)
    assert told["GATE-PACKAGE"]["level"] == "note"
    assert sum(each["ruleId"] == "GATE-PACKAGE" for each in run["results"]) == 1  # nothing stands against the other
    overridden = json.loads(gate_sarif(answer(text="x", overridden=True)))["runs"][0]["results"]
    assert {each["level"] for each in overridden if each["ruleId"] == "py-tls-off"} == {"warning"}
