"""JSON of ours holds nothing that can act on a terminal."""

import json

import pytest

from asbuilt.cli.documents import print_json


def test_json_is_indented_and_harmless(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    hostile = "a\x1b\u202e\x9bé"
    print_json([{"name": hostile}])
    out = capfdbinary.readouterr().out
    assert json.loads(out) == [{"name": hostile}]
    assert "\u202e".encode() not in out
    assert "\x9b".encode() not in out
    assert out.startswith(b"[\n  {")
