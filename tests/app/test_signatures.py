"""The catalogue for a reader."""

import pytest

from asbuilt.app.signatures import signature, signatures
from asbuilt.model.errors import UsageError


def test_tools_come_by_id() -> None:
    ids = [tool.id for tool in signatures()]
    assert ids == sorted(ids)
    assert "claude_code" in ids


@pytest.mark.parametrize("name", ["claude_code", "Claude-Code", "CLAUDE CODE"])
def test_a_tool_is_found_however_it_is_typed(name: str) -> None:
    assert signature(name).id == "claude_code"


def test_a_mistyped_tool_gets_the_nearest() -> None:
    with pytest.raises(UsageError) as failed:
        signature("cloude_code")
    assert failed.value.fix == "Did you mean 'claude_code'?"
    with pytest.raises(UsageError, match="No AI tool") as failed:
        signature("\x1b")
    assert "`asbuilt signatures`" in failed.value.fix
