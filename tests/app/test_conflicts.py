"""Disagreeing sources are one finding that names the newest."""

from asbuilt.app.conflicts import find_conflicts
from asbuilt.model.attribution import Attribution, Authorship


def test_conflicts_of_the_history_are_listed_newest_first() -> None:
    told = {
        own: Attribution(own, Authorship.AI_TRACKED, conflict=f"{own} is torn.") for own in ("1", "2", "branch")
    }
    told["3"] = Attribution("3", Authorship.AI_DECLARED)
    (finding,) = find_conflicts(told, ["3", "2", "1"])
    assert (finding.code, finding.count, finding.commit, finding.items) == ("AI-CONFLICT", 2, "2", ("2", "1"))
    assert finding.message.endswith("the newest: 2 is torn.")
    assert find_conflicts(told, ["3"]) == ()
