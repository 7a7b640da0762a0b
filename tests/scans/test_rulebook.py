"""Every rule keeps its word on its own examples; one that is malformed, or gives none, is refused."""

import re
from pathlib import Path

import pytest

from asbuilt.model.errors import CatalogueError
from asbuilt.scans.rulebook import FOLDER, Example, Rule, load_rules
from asbuilt.scans.scanning import scan_files
from asbuilt.scans.secrecy import is_secret_rule
from asbuilt.scans.syntax import LANGUAGES

ENDINGS = {language: ending for ending, language in reversed(LANGUAGES.items())} | {"text": ".txt", "settings": ""}
RULES = load_rules()
WHOLE = """\
id = "py-x-y"
title = "t"
languages = ["python"]
severity = "high"
cwe = ["CWE-1"]
message = "m"
why = "w"
remedy = "r"
blind_spot = "b"
words = ["f"]
[shape]
pattern = "f()"
[[bad]]
code = "f()"
[[good]]
code = "g()"
"""


def found_in(rule: Rule, example: Example) -> list[int]:
    path = example.path or "code" + ENDINGS[example.language or rule.languages[0]]
    scanned = scan_files([(path, example.text.encode())], [rule])
    assert scanned.unread == ()
    return [finding.line for finding in scanned.findings]


def test_there_are_rules() -> None:
    assert len(RULES) >= 2
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(rule, each, id=f"{rule.id}-{n}") for rule in RULES for n, each in enumerate(rule.bad)],
)
def test_a_bad_example_is_found_on_its_lines(rule: Rule, example: Example) -> None:
    lines = found_in(rule, example)
    assert lines
    assert not example.lines or lines == list(example.lines)


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(rule, each, id=f"{rule.id}-{n}") for rule in RULES for n, each in enumerate(rule.good)],
)
def test_a_good_example_is_clean(rule: Rule, example: Example) -> None:
    assert found_in(rule, example) == []


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_about_secrets_is_known_as_one_by_whoever_reads_its_report(rule: Rule) -> None:
    secret = not {"CWE-798", "CWE-321", "CWE-259"}.isdisjoint(rule.cwe)
    assert not rule.is_secret or secret
    assert is_secret_rule("AsBuilt", rule.id, rule.cwe) == secret


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_speaks_in_sentences(rule: Rule) -> None:
    for said in (rule.message, rule.why, rule.remedy, rule.blind_spot):
        assert re.search(r"[.)]$", said), said
        assert "\n" not in said
    assert not rule.title.endswith(".")


def test_the_rules_are_data_of_the_package() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} == {rule.id for rule in RULES}


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ('[[bad]]\ncode = "f()"\n', "", "bad"),
        ('[[good]]\ncode = "g()"\n', "", "good"),
        ('id = "py-x-y"', 'id = "other-x"', "file's name"),
        ('[shape]\npattern = "f()"', "", "exactly one"),
        ('"CWE-1"', '"1"', "CWE"),
        ('severity = "high"', 'severity = "awful"', "awful"),
        ('languages = ["python"]', 'languages = ["text"]', "text"),
        ('words = ["f"]', "words = []", "words"),
        ('why = "w"', 'why = " "', "empty"),
        ('why = "w"', 'whyy = "w"', "whyy"),
        ("[shape]", "[shape", "end of a table"),
        ('languages = ["python"]', 'languages = ["settings"]', "settings"),
        ('languages = ["python"]', 'languages = ["python", "settings"]', "settings"),
    ],
)
def test_a_malformed_rule_is_refused(was: str, becomes: str, why: str, tmp_path: Path) -> None:
    assert was in WHOLE
    (tmp_path / "py-x-y.toml").write_text(WHOLE)
    assert [rule.id for rule in load_rules(tmp_path)] == ["py-x-y"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "py-x-y.toml").write_text(WHOLE.replace(was, becomes))
    with pytest.raises(CatalogueError) as error:
        load_rules(other)
    assert why in str(error.value.why)


def test_every_rule_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "scan.md").read_text("utf-8")
    missing = [rule.id for rule in RULES if f"| `{rule.id}` |" not in text or f"| {rule.title} |" not in text]
    assert missing == []


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        load_rules(tmp_path)
