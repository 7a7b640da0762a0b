"""Advisories in lines: hostile names are shown, the sum is last."""

from asbuilt.app.advisories import CheckedAll
from asbuilt.cli.advisories_text import checked_lines, status_lines
from asbuilt.model.advisory import Advisory, Checked, Evidence, Match, Vex
from asbuilt.model.component import Unread
from asbuilt.supply.advisories.store import DAY, Ecosystem, Status, Threats

NOW = 1_790_000_000


def found(*components: Checked, **more: object) -> CheckedAll:
    told = {"store": "s", "as_of": NOW, "imported": NOW, "old": False, "sample": False, "unread": ()}
    return CheckedAll(**{**told, "components": components, "affected": 1, "answered": 1, **more})


def test_matches_come_first_and_the_sum_last() -> None:
    match = Match(
        "pkg:npm/a@1\x1b[2J",
        (Advisory("MAL-1", 0, summary="Steals\nthings"),),
        ("CVE-1", "MAL-1"),
        (Evidence("MAL-1", "versions", "1"),),
        "affected",
        ("2",),
        vex=(Vex("not_affected", "Ana", "code_not_reachable"),),
    )
    unknown = Match("pkg:npm/b@x", (Advisory("A-1", 0),), ("A-1",), (), "unknown", why="no order")
    lines = checked_lines(
        found(
            Checked("npm", "b", "x", "pkg:npm/b@x", "not_checked", (unknown,), why="undecided"),
            Checked("npm", "a", "1", match.purl, "matched", (match,)),
            unread=(Unread(path="bun.lockb", why="It is binary."),),
            old=True,
        )
    )
    text = "\n".join(lines)
    assert "\x1b" not in text
    for part in (
        "MAL-1 (harmful package)",
        "also CVE-1",
        "versions: 1 (MAL-1)",
        "fixed in 2",
        "stated not_affected by Ana: code_not_reachable",
        "UNKNOWN: no order",
        "1: undecided",
        "Not read: bun.lockb: It is binary.",
        "OLD",
    ):
        assert part in text
    assert lines[-1].startswith(
        "2 components: 1 matched by 1 (1 more stated not to concern the product), 0 clean as of"
    )


def test_the_most_urgent_comes_first_whatever_component_it_is_of() -> None:
    def one(own: str, **told: object) -> Checked:
        match = Match(f"pkg:npm/{own}@1", (Advisory(own, 0, **told),), (own,), (), "affected")  # type: ignore[arg-type]
        return Checked("npm", own, "1", match.purl, "matched", (match,))

    lines = checked_lines(
        found(
            one("B", level="high", epss=0.1),
            one("C", level="high", epss=0.9),
            one("A", level="low", kev_since="2026-01-02"),
            one("D", informational="unmaintained"),
            old_threats=("EPSS",),
        )
    )
    heads = [line.rpartition(": ")[2] for line in lines if line.startswith("pkg:")]
    assert heads == [
        "A (critical, as it is exploited; the advisory says low)",
        "C (high)",
        "B (high)",
        "D (unmaintained)",
    ]
    assert "    known to be exploited since 2026-01-02 (KEV)" in lines
    assert "    exploitation within 30 days 90.00% (EPSS)" in lines
    assert any(line.startswith("EPSS is OLD or not imported") for line in lines)


def test_a_store_says_which_lists_it_has() -> None:
    held = Status("s", NOW, NOW, 6, 0, 9, ("npm",), (), (), False, (Threats("KEV", "2026-09-20", "7", "k", 1500),))
    text = "\n".join(status_lines(held, NOW))
    assert "KEV: 1,500 weaknesses as of 2026-09-20 (1 day ago) 7" in text
    assert "EPSS: not imported" in text
    assert "OLD" not in text
    old = "\n".join(status_lines(held, NOW + 9 * DAY, 9))
    assert "The store is OLD" not in old
    assert "KEV is OLD: more than 9 days." in old


def test_a_store_says_what_is_missing_in_it() -> None:
    bad = tuple(("npm", f"{number}.json", "no id") for number in range(25))
    parts = (Ecosystem("npm", 5, NOW, True, ""), Ecosystem("PyPI", 1, NOW, False, "a reason"))
    lines = status_lines(Status("s", NOW, NOW, 6, 0, 9, ("npm",), parts, bad, True), NOW + 3 * DAY)
    text = "\n".join(lines)
    for part in ("(3 days ago)", "all as of 2026-09-21", "a part: a reason", "sample", "25 records", "and 5 more"):
        assert part in text
