"""Tallies add up, and a file is exposed only where no review is seen."""

from asbuilt.app.tally import LineTally, tally_months, tally_reviewers, tally_tools
from asbuilt.catalogue.signatures import load_signatures
from asbuilt.model.attribution import Attribution, Authorship, Confidence, Proves, Signal
from asbuilt.model.chain import Chain, Grade, Link, LinkName
from asbuilt.model.change import Change, Landing, Mention
from asbuilt.model.commit import Commit, Person
from asbuilt.model.origin import LineRun

ANA, BO = Person("Ana", "ana@example.com"), Person("Bo", "bo@example.com")


def chain(own: str, review: Grade) -> Chain:
    return Chain(own, tuple(Link(n, review if n is LinkName.REVIEW else Grade.STATED, "") for n in LinkName))


def run(path: str, first: int, last: int, origin: str, kind: Authorship, tool: str | None = None) -> LineRun:
    return LineRun(path, first, last, origin, path, first, origin, kind, tool)


def test_exposure_counts_ai_lines_without_a_review() -> None:
    chains = {"r": chain("r", Grade.STATED), "u": chain("u", Grade.UNKNOWN), "c": chain("c", Grade.CONTRADICTED)}
    runs = [
        run("a.py", 1, 4, "r", Authorship.AI_DECLARED, "cursor"),
        run("a.py", 5, 6, "u", Authorship.AI_DECLARED, "cursor"),
        run("b.py", 1, 3, "c", Authorship.AI_TRACKED, "devin"),
        run("b.py", 4, 4, "nowhere", Authorship.UNKNOWN),
        run("vendor/x", 1, 9, "u", Authorship.AI_DECLARED, "cursor"),
    ]
    tally = LineTally(chains, {own: own for own in chains}, lambda path: path.startswith("vendor/")).add(runs)
    totals = tally.totals({"binary": 2})
    assert (totals.total, totals.files, totals.excluded, totals.excluded_lines) == (10, 2, 1, 9)
    assert totals.by_authorship == {
        "ai-tracked": 3, "ai-declared": 6, "human-tracked": 0, "automation": 0, "unknown": 1,
    }  # fmt: skip
    assert totals.by_review["stated"] == 4
    assert totals.by_review["unknown"] == 3
    assert totals.by_link["review"] == totals.by_review
    assert totals.by_link["commit"] == {
        "proved": 0, "stated": 9, "missing": 0, "contradicted": 0, "unknown": 1,
    }  # fmt: skip
    assert totals.unbroken == 4
    assert totals.skipped == {"binary": 2}
    assert [(e.path, e.first, e.lines, e.total, e.review) for e in tally.exposures()] == [
        ("b.py", 1, 3, 4, "contradicted"),
        ("a.py", 5, 2, 6, "unknown"),
    ]


def commit(own: str, time: int) -> Commit:
    return Commit(own, (), "", ANA, time, ANA, time, "")


def attribution(own: str, tool: str) -> Attribution:
    signal = Signal("signature", tool, f"{tool}/trailer-1", "trailer", Proves.AUTHORED, Confidence.HIGH, "", own)
    return Attribution(own, Authorship.AI_DECLARED, (tool,), None, Confidence.HIGH, (signal,))


def test_a_tool_is_counted_on_the_branch_and_behind_squashes_apart() -> None:
    commits = {"1": commit("1", 10), "2": commit("2", 20), "3": commit("3", 30)}
    told = {own: attribution(own, "cursor") for own in commits}
    rows = tally_tools(
        load_signatures(), told, commits, history={"1", "2"}, lines={"devin": 4}, configured={"aider": (".aider.conf.yml",)},
        approved=frozenset({"cursor"}),
    )  # fmt: skip
    by_tool = {row.tool: row for row in rows}
    assert by_tool.keys() == {"cursor", "devin", "aider"}
    cursor = by_tool["cursor"]
    assert (cursor.commits, cursor.branch_commits, cursor.first_seen, cursor.last_seen) == (2, 1, 10, 30)
    assert (cursor.approved, by_tool["devin"].approved, by_tool["devin"].lines) == (True, False, 4)
    assert by_tool["aider"].first_seen is None


def test_months_hold_every_commit() -> None:
    day = 86_400
    months = tally_months(
        [commit("1", 0), commit("2", 31 * day), commit("3", 32 * day)], {"3": attribution("3", "cursor")}
    )
    assert [(month.month, sum(month.commits.values())) for month in months] == [("1970-01", 1), ("1970-02", 2)]
    assert months[1].commits["ai-declared"] == 1


def test_reviewers_are_counted_once_a_change() -> None:
    mention = Mention("reviewed-by", "Bo", "1", BO)
    change = Change("1", None, Landing.DIRECT, ("1",), "", 0, (ANA,), ANA, reviews=(mention, mention))
    tested = Mention("tested-by", "Bo", "2", BO)
    other = Change(
        "2", "1", Landing.DIRECT, ("2",), "", 0, (BO,), BO, reviews=(Mention("acked-by", "", "2", BO), tested)
    )
    pairs = tally_reviewers([change, other], lambda person: person)
    assert [(p.reviewer, p.author, p.changes, p.independent) for p in pairs] == [
        (BO, ANA, 1, True),
        (BO, BO, 1, False),
    ]
