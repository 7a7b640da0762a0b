"""The statements that are written about a commit."""

import json

from asbuilt.model.attestation import Approval, MergeTransform
from asbuilt.model.chain import Chain, Evidence, Grade, Link, LinkName
from asbuilt.model.commit import Person
from asbuilt.reports.attestations import chain_statement, review_statement

MERGE = MergeTransform(
    "squash", "residual", "h", "b", ("b",), "t", "e", replay_clean=False, strategy="s", git_version="2"
)


def test_a_review_names_trees_and_what_fails() -> None:
    told = json.loads(
        review_statement(
            "c" * 40,
            "o/n",
            transform=MERGE,
            approvals=[Approval("cy", "h", "t", 0, ("author",))],
            checks=[],
            verdict="not-reviewed",
            authorship="ai-declared",
            tools=["claude"],
            operators=["Ana <ana@example.com>"],
        )
    )
    assert told["subject"] == [{"name": "commit", "digest": {"gitCommit": "c" * 40, "gitTree": "t"}}]
    assert told["predicate"]["approvals"] == [
        {
            "approver": "cy",
            "overCommit": "h",
            "overTree": "t",
            "approvedAt": "1970-01-01T00:00:00Z",
            "fails": ["author"],
        }
    ]
    assert told["predicate"]["reviewCoverage"] == {"result": "residual", "residualBase": "e"}
    assert told["predicate"]["authorship"]["humanOperators"] == ["Ana <ana@example.com>"]


def test_a_chain_names_every_link_with_its_evidence() -> None:
    links = tuple(
        Link(name, Grade.PROVED, "Seen.", (Evidence("record ab", "x"),), (Person("Ana", "ana@example.com"),))
        for name in LinkName
    )
    told = json.loads(chain_statement("c" * 40, "t", "o/n", Chain("c" * 40, links)))
    assert told["predicate"]["unbroken"] is True
    assert [own["name"] for own in told["predicate"]["links"]] == [name.value for name in LinkName]
    assert told["predicate"]["links"][0]["evidence"] == [{"ref": "record ab", "text": "x"}]
