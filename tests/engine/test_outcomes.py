"""The digests: computed again with a sort and sha256, and different for whatever is different."""

import hashlib
import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.engine.outcomes import LETTERS, coded, gathered, outcomes_of, plain_lines, sealed
from asbuilt.model.result import Outcome

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from(
    ["a", "a\t", "a\n", "\\u0009", "a\\"]
)
ROWS = st.lists(st.tuples(TEXT, TEXT, st.sampled_from(list(Outcome))), max_size=6)


def again(rows: list[tuple[str, str, Outcome]]) -> tuple[str, str]:
    """Both digests, as an auditor would write them down."""

    def escaped(text: str) -> str:
        return "".join(f"\\u{ord(one):04x}" if ord(one) < 32 else "\\\\" if one == "\\" else one for one in text)

    told = sorted((f"{escaped(item)}\t{escaped(own)}\n".encode(), outcome.name[0]) for item, own, outcome in rows)
    population = hashlib.sha256(b"".join(line for line, _ in told)).hexdigest()
    return population, hashlib.sha256(f"{population}\n{''.join(letter for _, letter in told)}".encode()).hexdigest()


@given(ROWS, st.randoms(use_true_random=False))
def test_anyone_computes_the_same_digests(rows: list[tuple[str, str, Outcome]], random: object) -> None:
    outcomes = gathered(rows)
    assert (outcomes.population.digest, outcomes.digest) == again(rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert gathered(rows).digest == outcomes.digest


@given(ROWS, ROWS)
def test_other_verdicts_have_another_digest(
    these: list[tuple[str, str, Outcome]], those: list[tuple[str, str, Outcome]]
) -> None:
    assert (gathered(these).digest == gathered(those).digest) == (sorted(these) == sorted(those))


@given(ROWS)
def test_every_item_keeps_its_verdict_and_its_class(rows: list[tuple[str, str, Outcome]]) -> None:
    outcomes = gathered(rows)
    letters = [chr(letter) for letter in outcomes.letters]
    found = sorted(zip(outcomes.items, outcomes.attributions, letters, strict=True))
    assert found == sorted((item, own, LETTERS[outcome]) for item, own, outcome in rows)
    assert outcomes.counts() == {own.value: sum(row[2] is own for row in rows) for own in Outcome}
    assert outcomes.split() == {
        kind: {own.value: sum(row[1:] == (kind, own) for row in rows) for own in Outcome}
        for kind in sorted({row[1] for row in rows})
    }


def test_a_shell_computes_the_same_digest(tmp_path: Path) -> None:
    rows = [
        ("b", "automation", Outcome.MET),
        ("ä", "unknown", Outcome.UNKNOWN),
        ("B", "unknown", Outcome.DEVIATION),
    ]
    (tmp_path / "items").write_text("".join(f"{item}\t{own}\n" for item, own, _ in rows), "utf-8")
    script = (
        "p=$(LC_ALL=C sort items | sha256sum | cut -d' ' -f1); printf '%s\\nDMU' $p | sha256sum | cut -d' ' -f1"
    )
    said = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert gathered(rows).digest == said.stdout.strip()


def test_plain_items_need_no_second_sorting() -> None:
    classes, codes = coded(["x", "y", "x"])
    lines = plain_lines(["a", "bä~", "c"], classes, codes)
    assert lines == "a\tx\nbä~\ty\nc\tx\n".encode()
    for item in ("a\t", "\\", "\0", "\n"):
        assert plain_lines(["a", item, "c"], classes, codes) is None
        assert plain_lines(["a"], *coded([item])) is None
    population = sealed(["a", "bä~", "c"], classes, codes, lines)
    rows = [("c", "x", Outcome.MET), ("a", "x", Outcome.UNKNOWN), ("bä~", "y", Outcome.MET)]
    assert outcomes_of(population, b"UMM").digest == gathered(rows).digest
