"""What a commit declares of its lines."""

from asbuilt.history.attribution.detail import MOST_EVIDENCE, UNKNOWN, declared, references
from asbuilt.model.attribution import Attribution, Authorship, Confidence, Proves, Signal


def signal(number: int, proves: Proves = Proves.AUTHORED, source: str = "signature") -> Signal:
    return Signal(source, "cursor", f"cursor/{number}", "note refs/x abc", proves, Confidence.HIGH, "", "c1")


def test_no_attribution_is_unknown() -> None:
    assert declared(None) is UNKNOWN
    assert declared(Attribution("c1", Authorship.UNKNOWN)).authorship is Authorship.UNKNOWN


def test_a_tracked_commit_without_lines_only_declares() -> None:
    told = Attribution("c1", Authorship.AI_TRACKED, ("cursor",), "m", Confidence.HIGH, (signal(1),))
    detail = declared(told)
    assert (detail.authorship, detail.tool, detail.model) == (Authorship.AI_DECLARED, "cursor", "m")
    assert detail.evidence == ("signature:cursor/1@c1",)


def test_references_name_what_decides_and_are_few() -> None:
    suggested = signal(99, Proves.SUGGESTED)
    assert references([suggested]) == ()
    assert references([signal(1, source="git-ai"), signal(2, source="entire")]) == ("git-ai:c1", "entire:abc")
    assert len(references([signal(number) for number in range(20)])) == MOST_EVIDENCE
