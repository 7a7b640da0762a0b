"""The signature catalogue: every rule's own examples, and what a malformed file gets."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asbuilt.catalogue.signatures import LINE, Kind, Rule, load_signatures, record_names, regex_of
from asbuilt.model.attribution import Proves
from asbuilt.model.errors import CatalogueError

TOOLS = load_signatures()
RULES = [rule for tool in TOOLS for rule in tool.rules]
LINE_RULES = [rule for rule in RULES if rule.where in LINE]

GOOD = """\
id = "frob"
name = "Frobnicator"
vendor = "Frob"
kind = "agent"

[[rules]]
id = "trailer-1"
where = "trailer"
pattern = '^made-by:\\s*frob\\b'
needles = ["made-by:"]
confidence = "high"
proves = "authored"
hits = ["Made-by: Frob"]
near_misses = ["Made-by: Frobert"]
"""


def test_the_catalogue_holds_what_the_research_found() -> None:
    assert len(TOOLS) == 49
    assert len(RULES) >= 185
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {"claude_code/trailer-1", "aider/committer-1", "generic_disclosure/trailer-1"} <= {r.id for r in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_hit_hits_and_no_near_miss_does(rule: Rule) -> None:
    assert rule.hits
    assert rule.near_misses
    assert [text for text in rule.hits if not rule.find(text)] == []
    assert [text for text in rule.near_misses if rule.find(text)] == []


@pytest.mark.parametrize("rule", LINE_RULES, ids=lambda rule: rule.id)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_line_can_match_without_a_needle(rule: Rule, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(regex_of(rule.pattern)))
    for line in text.split("\n"):
        if rule.find(line):
            assert any(needle in line.lower() for needle in rule.needles), line


def hostile(rule: Rule) -> list[str]:
    """Lines of 100 kB that tempt a backtracking engine: every beginning of a hit, then much of one thing."""
    size = 100_000
    lines = [char * size for char in (" ", "\t", "a", "-", "(", "1", "é", "<", "/", "a ", "a.", "[", "@")]
    for hit in rule.hits:
        cuts = {len(hit) // 4, len(hit) // 2, 3 * len(hit) // 4, len(hit) - 1, hit.find(":") + 1, hit.find("<")}
        for cut in cuts:
            fillers = (" ", "a", "a ", "0", "(", "<", "-", "/", ".", hit[cut : cut + 3] or "x", hit)
            lines.extend(hit[:cut] + filler * (size // len(filler)) for filler in fillers)
    return lines


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_hostile_lines_take_linear_time(rule: Rule) -> None:
    # A quadratic pattern needs seconds for one such line; a linear one about a millisecond.
    for line in hostile(rule):
        start = time.process_time()
        rule.find(line)
        assert time.process_time() - start < 0.25, line[:60]


def test_what_a_rule_proves_fits_where_it_looks() -> None:
    for rule in RULES:
        if rule.where == "file":
            assert rule.proves in {Proves.CONFIGURED, Proves.STORE}, rule.id
        if rule.where == "reviewer":
            assert rule.proves is Proves.REVIEWED, rule.id
    for tool in TOOLS:
        if tool.kind is Kind.AUTOMATION:
            assert {rule.proves for rule in tool.rules} <= {Proves.AUTOMATION, Proves.TRANSPORT}, tool.id


def test_record_names_lead_to_tools() -> None:
    names = record_names(TOOLS)
    assert names["claude"] == names["claude-code"] == names["claude_code"] == "claude_code"
    assert names["codex"] == "openai_codex"
    assert set(names.values()) == {tool.id for tool in TOOLS}


def test_a_good_file_loads(tmp_path: Path) -> None:
    (tmp_path / "frob.toml").write_text(GOOD)
    (tool,) = load_signatures(tmp_path)
    assert (tool.id, tool.default_on, tool.rules[0].id) == ("frob", None, "frob/trailer-1")


SECOND = """
[[rules]]
id = "author_email-1"
where = "author_email"
pattern = '^a@b$'
confidence = "high"
proves = "authored"
hits = ["a@b"]
near_misses = ["a@c"]
"""
# What is changed in a good file, what the message must say, and the line it must name.
FAULTS = {
    "unknown key of a tool": ('vendor = "Frob"', 'vendor = "Frob"\ncolour = "red"', "colour", 4),
    "unknown key of a rule": ("hits =", 'colour = "red"\nhits =', "colour", 13),
    "missing examples": ('near_misses = ["Made-by: Frobert"]\n', "", "near_misses", 6),
    "no hit": ('hits = ["Made-by: Frob"]', "hits = []", "no hit", 13),
    "no near miss": ('near_misses = ["Made-by: Frobert"]', "near_misses = []", "no near miss", 14),
    "bad regex": ("frob\\b'", "frob(\\b'", "no regular expression", 9),
    "unknown group": ("frob\\b'", "(?P<who>frob)\\b'", "'who'", 9),
    "not anchored": ("'^made", "'made", "begin with ^", 9),
    "bad confidence": ('confidence = "high"', 'confidence = "utter"', "utter", 11),
    "bad kind": ('kind = "agent"', 'kind = "spy"', "spy", 4),
    "id of a rule": ('id = "trailer-1"', 'id = "footer-1"', "its part and a number", 7),
    "id of the file": ('id = "frob"', 'id = "bork"', "'bork'", 1),
    "needles missing": ('needles = ["made-by:"]\n', "", "needs needles", 6),
    "needles too short": ('needles = ["made-by:"]', 'needles = ["by"]', "needs needles", 10),
    "needle not in hit": ('needles = ["made-by:"]', 'needles = ["created-by:"]', "holds none", 10),
    "window backwards": ("hits =", 'invalid_window = ["2026-05-06", "2026-04-22"]\nhits =', "ends before", 13),
    "duplicate id": (GOOD[-20:], GOOD[-20:] + GOOD[GOOD.index("\n[[rules]]") :], "two rules", 17),
    "needles on a value": (
        GOOD[-20:],
        GOOD[-20:] + SECOND.replace("hits", 'needles = ["a@bcdef"]\nhits'),
        "Remove",
        22,
    ),
    "not TOML": ('name = "Frobnicator"', "name = Frobnicator", "not TOML", 2),
    "goes with nobody": ('kind = "agent"', 'kind = "agent"\ngoes_with = ["bork"]', "no tool", None),
    "records not lower": ('kind = "agent"', 'kind = "agent"\nrecords = ["Frob"]', "lower case", None),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_malformed_file_is_refused_with_its_place_and_a_remedy(name: str, tmp_path: Path) -> None:
    old, new, said, line = FAULTS[name]
    assert GOOD.count(old) == 1
    file = tmp_path / "frob.toml"
    file.write_text(GOOD.replace(old, new))
    with pytest.raises(CatalogueError) as caught:
        load_signatures(tmp_path)
    assert said in str(caught.value)
    assert caught.value.fix
    assert caught.value.where == (f"{file}:{line}" if line else str(file))


def test_a_file_that_is_not_utf8_or_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no signature file"):
        load_signatures(tmp_path)
    (tmp_path / "frob.toml").write_bytes(b'id = "\xff"')
    with pytest.raises(CatalogueError, match="UTF-8"):
        load_signatures(tmp_path)
