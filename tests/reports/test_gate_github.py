"""No text of a change can become a workflow command, in any format that a pipeline may print."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.gate import Gate
from asbuilt.reports.gate_github import MOST, gate_github, inert
from asbuilt.reports.gate_json import gate_json
from asbuilt.reports.gate_markdown import gate_markdown
from asbuilt.reports.gate_sarif import gate_sarif
from asbuilt.reports.gate_text import gate_text
from tests.reports.gates import EVIL, answer

# As the runner reads a line: a command begins it, white space aside; the old form stands anywhere.
# Source: actions/runner, src/Runner.Common/ActionCommand.cs
COMMAND = re.compile(r"::(?P<name>[^:\s]+)(?: (?P<properties>[^:]*))?::(?P<data>.*)")
OURS = {"error", "warning", "notice"}
HOSTILE = st.text(st.sampled_from(list("::#[]%\r\n\t ,=abc\u2028\x0b\x0c\x85")) | st.characters(), max_size=60)


def commands(printed: str) -> list[re.Match[str]]:
    lines = re.split(r"\r\n|\r|\n", printed)
    assert not any("##[" in line for line in lines)
    return [match for line in lines if (match := COMMAND.match(line.lstrip())) is not None]


def decoded(data: str) -> str:
    return data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def as_text(form: Callable[[Gate], str | bytes], gate: Gate) -> str:
    report = form(gate)
    return report.decode() if isinstance(report, bytes) else report


@given(text=HOSTILE | st.just(EVIL))
def test_annotations_are_ours_alone(text: str) -> None:
    found = commands(gate_github(answer(text=text)))
    assert [match["name"] for match in found] == ["error"] * 3 + ["notice", "warning", "warning", "notice"]
    for match in found:
        assert not re.search(r"[\r\n]", match["data"])
        for one in (match["properties"] or "").split(","):
            assert one.partition("=")[0] in {"title", "file", "line"}


@pytest.mark.parametrize("form", [gate_text, gate_json, gate_sarif, gate_markdown], ids=lambda one: one.__name__)
@given(text=HOSTILE | st.just(EVIL))
def test_no_other_format_holds_a_command(form: Callable[[Gate], str | bytes], text: str) -> None:
    assert commands(as_text(form, answer(text=text, overridden=True))) == []


def test_the_worst_ten_are_shown_and_the_rest_is_counted() -> None:
    found = commands(gate_github(answer(blocking=12)))
    assert len(found) == MOST
    assert [match["name"] for match in found] == ["error"] * 9 + ["notice"]
    assert "more are in the job's summary" in found[-1]["data"]


def test_what_a_change_brings_in_stands_at_its_file_and_line() -> None:
    found = commands(gate_github(answer(text="x")))
    at = [match["properties"] for match in found if "line=" in match["properties"]]
    assert at == [
        "title=AsBuilt gate%3A py-tls-off,file=src/app.py,line=12",
        "title=AsBuilt gate%3A npm x,file=x,line=3",
    ]


def test_an_override_makes_warnings_of_errors_and_is_named() -> None:
    found = commands(gate_github(answer(text="Cleo Ruiz", overridden=True)))
    assert {match["name"] for match in found} == {"warning", "notice"}
    assert any("Overridden by Cleo Ruiz" in match["data"] for match in found)


def test_a_percent_sign_reads_back_as_itself() -> None:
    (found, *_) = commands(gate_github(answer(text="100 % of 5%0A")))
    assert "100 % of 5%0A" in decoded(found["data"]) or "%250A" in found["data"] or "Message" in found["data"]


@given(text=st.text(max_size=80))
def test_a_plain_line_is_no_command(text: str) -> None:
    assert commands(inert(text)) == []
