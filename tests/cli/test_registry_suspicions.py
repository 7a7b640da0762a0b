"""What speaks against packages, in lines that say what to do."""

import msgspec
import pytest

from asbuilt.app.suspecting import Suspected, SuspicionList, Untested
from asbuilt.cli.registry_suspicions import suspicion_lines
from asbuilt.model.registry_facts import Suspicion, Weight

OWN = Suspected("npm:a\x1b", "1", "lock", 3, "f" * 40, "ai-declared", (Suspicion(1, "block", "It\x07."),))
REASONS = tuple(Untested(rule, "why", rule, ("npm:b", "npm:c")[:rule]) for rule in range(1, 11))


def listed(*own: Suspected, **more: object) -> list[str]:
    return suspicion_lines(msgspec.structs.replace(SuspicionList("c", 9, True, own, REASONS, ("x.py",)), **more))


def test_hostile_names_are_shown_as_escapes_and_what_was_not_tested_is_counted() -> None:
    lines = listed(OWN)
    assert lines[0] == "npm:a\\x1b@1  lock:3, brought by ffffffffff (ai-declared)"
    assert lines[1] == "    block (rule 1): It\\x07."
    assert lines[2].startswith("    To do: Take it out, or correct its name")
    assert lines[3] == "Not tested: rule 10 of npm:b, npm:c and 8 more: why"
    assert "Not tested: 3 more times (--format json)" in lines
    assert lines[-2:] == ["Not read: x.py", "9 packages: 1 to block, 0 high, 0 medium, 0 low."]


def test_without_stores_the_commands_that_fill_them_are_said_once() -> None:
    reasons = tuple(
        Untested(rule, "It is not known: no registry was asked about it.", 1, ("npm:b",)) for rule in (1, 4)
    )
    lines = listed(asked=False, advisories="There is no advisory store.", untested=reasons)
    assert lines[0] == "Rules 1 to 4 were not tested: no registry was asked. To do: asbuilt registry fetch"
    assert lines[1].endswith("There is no advisory store. To do: asbuilt advisories import")
    assert not any("rule 1 of" in line or "rule 4 of" in line for line in lines)


def test_what_no_registry_was_asked_about_is_told_once_with_what_to_do() -> None:
    why = "Whether it exists is not known: no registry was asked about it."
    reasons = tuple(Untested(rule, why, 9, ("Go:a", "Go:b")) for rule in (1, 2, 3, 4))
    told = [line for line in listed(untested=reasons) if line.startswith("Rules 1 to 4")]
    assert told == [
        "Rules 1 to 4 were not tested of Go:a, Go:b and 7 more: no registry was asked. To do: asbuilt registry fetch"
    ]
    assert not any(line.startswith("Not tested") for line in listed(untested=reasons))


def test_hints_are_told_together_with_who_wrote_them() -> None:
    own = msgspec.structs.replace(
        OWN, declared=False, suspicions=(Suspicion(8, "low", "It is imported."),), author="Ana", version=None
    )
    lines = listed(own, msgspec.structs.replace(own, declared=True, package="npm:b"))
    assert lines[0].startswith("low (rule 8): brought by an AI-written commit")
    assert lines[1] == "    npm:b  lock:3, brought by ffffffffff of Ana (ai-declared)"
    assert lines[2].startswith("low (rule 8): imported, and no manifest declares it. To do: declare it")
    assert lines[3] == "    npm:a\\x1b  lock:3, written by ffffffffff of Ana (ai-declared)"


def test_an_import_with_more_against_it_is_told_alone() -> None:
    told = (Suspicion(5, "unknown", "?"), Suspicion(8, "high", "It is imported, not declared; young."))
    own = msgspec.structs.replace(OWN, declared=False, suspicions=told)
    assert listed(own)[2] == "    To do: Declare it in the manifest, or take the import out."


@pytest.mark.parametrize(
    ("rule", "weight"),
    [
        *[(1, "block"), (1, "low"), (2, "high"), (3, "block"), (3, "high"), (4, "medium"), (5, "high")],
        *[(5, "medium"), (6, "high"), (6, "medium"), (7, "block"), (7, "high"), (8, "high"), (8, "low")],
        (9, "high"),
    ],
)
def test_every_rule_at_every_weight_says_what_to_do(rule: int, weight: Weight) -> None:
    own = msgspec.structs.replace(OWN, suspicions=(Suspicion(rule, weight, "So."), Suspicion(6, "unknown", "?")))
    lines = listed(own)
    if (rule, weight) == (8, "low"):
        lines = lines[:1] * 3  # told with its like
    assert len(lines[2]) > len("    To do: .")
    assert not any("unknown (rule 6)" in line for line in lines)


def test_the_heaviest_decides_what_to_do() -> None:
    both = (Suspicion(1, "low", "Free."), Suspicion(7, "block", "Harmful."))
    assert "Take it out now" in listed(msgspec.structs.replace(OWN, suspicions=both))[3]


def test_of_rules_that_weigh_the_same_the_one_that_says_most_decides() -> None:
    both = (Suspicion(2, "high", "Young."), Suspicion(6, "high", "Like another."))
    assert "which package was meant" in listed(msgspec.structs.replace(OWN, suspicions=both))[3]
