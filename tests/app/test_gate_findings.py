"""Findings in the lines that a change adds; what the base has too is none of it, and no comment lifts itself."""

import pytest

from asbuilt.app.config import read_config
from asbuilt.app.gate_brought import look
from asbuilt.app.gate_content import Asked, Content, touched_files
from asbuilt.history.git import open_repository
from asbuilt.model.gate import Answer, Gate, Standing
from asbuilt.reports.gate_json import gate_json
from tests.app.test_gate import NOW, asked
from tests.app.test_gate_brought import OPEN
from tests.repos import Repo

TLS = 'import requests\n\n\ndef get():\n    return requests.get("https://x.example", verify=False)\n'
SECRET = "glpat-" + "q7RmX2vK9pLw4TzB8nYc"


def changed(repo: Repo, before: dict[str, str], after: dict[str, str], *, policy: str = OPEN) -> Gate:
    """The gate's answer to a change from one set of files to another; what ``after`` leaves out is taken away."""
    repo.write("asbuilt.toml", policy)
    for name, content in before.items():
        repo.write(name, content)
    repo.commit("Begin")
    repo.checkout("topic", new=True)
    for name in before.keys() - after.keys():
        repo.remove(name)
    for name, content in after.items():
        repo.write(name, content)
    repo.commit("Change")
    return asked(repo)


def test_a_finding_in_an_added_line_refuses_with_file_and_line(repo: Repo) -> None:
    found = changed(repo, {"app.py": "import requests\n"}, {"app.py": TLS})
    (own,) = found.refusing
    assert (own.name, own.path, own.line, own.level) == ("py-tls-off", "app.py", 5, "high")
    assert found.answer is Answer.REFUSED
    assert found.verdict == "Refused: it brings in py-tls-off (app.py:5)."
    assert found.next_step == own.remedy
    assert found.looked.languages == ("python",)


@pytest.mark.parametrize(
    "after",
    [
        {"app.py": f"import os\n{TLS}"},  # moved down
        {"other.py": TLS},  # moved to another file
        {"app.py": TLS.replace("    return", "  return")},  # another indentation
    ],
)
def test_what_the_base_has_too_is_none_of_the_change(repo: Repo, after: dict[str, str]) -> None:
    found = changed(repo, {"app.py": TLS}, after)
    assert (found.brought, found.looked.known, found.answer) == ((), 1, Answer.MAY_LAND)


def test_one_more_of_what_the_base_has_is_new(repo: Repo) -> None:
    found = changed(repo, {"app.py": TLS}, {"app.py": TLS, "more.py": TLS})
    assert [own.path for own in found.refusing] == ["more.py"]


def test_what_the_base_may_set_is_the_severity(repo: Repo) -> None:
    policy = '[gate]\nrequire = []\nfindings = "critical"\n'
    found = changed(repo, {"app.py": "\n"}, {"app.py": TLS}, policy=policy)
    assert (found.answer, [own.blocks for own in found.brought]) == (Answer.MAY_LAND, [False])


def test_a_secret_is_found_in_any_text_and_never_shown(repo: Repo) -> None:
    found = changed(repo, {"notes.txt": "x\n"}, {"notes.txt": f"x\ntoken: {SECRET}\n"})
    assert [(own.path, own.line) for own in found.refusing] == [("notes.txt", 2)]
    assert SECRET.encode() not in gate_json(found)


def test_another_secret_in_the_same_place_is_new(repo: Repo) -> None:
    other = SECRET[:-4] + "9Zq8"
    found = changed(repo, {"notes.txt": f"token: {SECRET}\n"}, {"notes.txt": f"token: {other}\n"})
    assert [own.path for own in found.refusing] == ["notes.txt"]


ACCEPTED = TLS.replace("verify=False)", "verify=False)  # asbuilt: accept py-tls-off because the host is our own")


@pytest.mark.parametrize(
    ("is_approved", "standing", "blocks"),
    [(None, Standing.DEVIATION, True), (False, Standing.DEVIATION, True), (True, Standing.MET, False)],
)
def test_a_comment_of_the_change_accepts_nothing_before_another_person_did(
    repo: Repo, is_approved: bool | None, standing: Standing, blocks: bool
) -> None:
    changed(repo, {"app.py": "\n"}, {"app.py": ACCEPTED})
    (own,) = content(repo, is_approved).brought
    assert (own.standing, own.blocks) == (standing, blocks)
    assert "the host is our own" in own.reasons[0]


def content(repo: Repo, is_approved: bool | None) -> Content:
    with open_repository(str(repo.path)) as opened:
        base, head = opened.resolve("main"), opened.resolve("topic")
        raw = opened.run("diff-tree", "-r", "-z", "--raw", base, head)
        return look(
            Asked(opened, base, head, tuple(touched_files(raw)), read_config(opened, base), NOW, is_approved)
        )


def test_what_cannot_be_read_is_a_gap(repo: Repo) -> None:
    minified = "function f(){return eval(location.hash)}" + "var a=1;" * 4000
    found = changed(repo, {"app.js": "\n"}, {"app.js": minified})
    assert [gap.code for gap in found.not_seen] == ["GAP-REQUEST", "GAP-CONTENT"]
    assert "app.js" in found.not_seen[1].what


def test_what_tests_may_do_is_new_where_the_product_does_it(repo: Repo) -> None:
    found = changed(repo, {"tests/app.py": TLS}, {"src/app.py": TLS})
    assert [(own.path, own.level) for own in found.refusing] == [("src/app.py", "high")]
