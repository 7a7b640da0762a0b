"""What is known of who wrote a commit."""

from asbuilt.model.attribution import Attribution, Authorship


def test_the_tool_is_the_one_with_the_best_evidence_or_none() -> None:
    assert Attribution("c", Authorship.AI_DECLARED, tools=("aider", "claude_code")).tool == "aider"
    assert Attribution("c", Authorship.UNKNOWN).tool is None


def test_no_class_is_called_human() -> None:
    assert "human" not in {str(each) for each in Authorship}
