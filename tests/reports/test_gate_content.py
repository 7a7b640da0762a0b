"""What a change brings in, in words: what blocks is refused, what is not known is never fine."""

import msgspec
import pytest

from asbuilt.model.gate import Looked, Standing
from asbuilt.reports.gate_content import LISTED, grouped, listed, looked, place, sign
from asbuilt.reports.gate_markdown import gate_markdown
from asbuilt.reports.gate_text import gate_text
from tests.reports.gates import answer, replaced, things

FINDING, PACKAGE, GOOD = things("x")


@pytest.mark.parametrize(
    ("standing", "blocks", "said"),
    [
        (Standing.DEVIATION, True, "refused"),
        (Standing.DEVIATION, False, "look at it"),
        (Standing.UNKNOWN, False, "not known"),
        (Standing.UNKNOWN, True, "not known: refused"),
        (Standing.MET, False, "nothing against it"),
    ],
)
def test_each_standing_has_its_word(standing: Standing, blocks: bool, said: str) -> None:
    assert sign(msgspec.structs.replace(PACKAGE, standing=standing, blocks=blocks)) == said


def test_a_place_is_a_file_with_its_line() -> None:
    assert (place(FINDING), place(msgspec.structs.replace(FINDING, line=None))) == ("src/app.py:12", "src/app.py")


def test_what_nothing_stands_against_is_counted_and_not_listed() -> None:
    assert listed(answer(text="x")) == ((FINDING, PACKAGE), 0)
    many = tuple(msgspec.structs.replace(PACKAGE, name=f"npm {at}") for at in range(LISTED + 3))
    shown, more = listed(replaced(answer(text="x"), brought=many))
    assert (len(shown), more) == (LISTED, 3)


def test_packages_about_which_the_same_is_not_known_are_told_together() -> None:
    other = msgspec.structs.replace(PACKAGE, name="npm y")
    apart = msgspec.structs.replace(PACKAGE, name="npm z", reasons=("not known (licence): else",))
    groups = grouped((FINDING, PACKAGE, apart, other))
    assert [(reasons, [own.name for own in those]) for reasons, those in groups] == [
        (FINDING.reasons, ["py-tls-off"]),
        (PACKAGE.reasons, ["npm x", "npm y"]),
        (apart.reasons, ["npm z"]),
    ]


def test_how_much_was_looked_at_is_said_and_never_called_secure() -> None:
    assert list(looked(Looked())) == []
    files, packages = looked(Looked(files=1, rules=40, languages=("python",), known=2, dependency_files=2, new=1))
    assert files.startswith("1 changed file searched by 40 rules (code: python); 2 findings there were on the base")
    assert files.endswith("What no rule looks for was not looked for.")
    assert packages.endswith("held against neither advisories nor facts of registries.")
    (one,) = looked(Looked(dependency_files=1, versions=2, advisories_as_of="2026-01-02", registry=True))
    assert one.endswith(
        "2 other versions, 0 removed; held against advisories as of 2026-01-02 and facts of registries."
    )


def test_text_and_markdown_show_what_is_refused_with_its_place_and_its_remedy() -> None:
    for report in (gate_text(answer(text="x")), gate_markdown(answer(text="x"))):
        assert "src/app.py:12" in report
        assert "Remedy x" in report
        assert "npm good" not in report
        assert "3 changed files searched by 40 rules" in report
