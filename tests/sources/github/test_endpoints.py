"""What is asked of GitHub is declared as data, and refuses to load when it is malformed."""

import re
from pathlib import Path

import pytest

import asbuilt.sources.github
from asbuilt.facts.schemas import TABLES
from asbuilt.model.errors import CatalogueError
from asbuilt.sources.github.endpoints import load_endpoints, load_rights, read_endpoints

GOOD = """
rights = ["Metadata: read"]
[[endpoint]]
name = "x"
path = "/x/{repository}"
scope = "repository"
permission = "Metadata: read"
why = "for a test"
tables = ["repositories"]
covers = "30 days"
"""


def test_every_table_that_it_fills_is_one() -> None:
    tables = {table for each in load_endpoints().values() for table in each.tables}
    assert tables - TABLES.keys() == set()
    assert all(TABLES[table].recorded for table in tables)


def test_the_secret_never_comes_along() -> None:
    assert "hide_secret=true" in load_endpoints()["secret-scanning/alerts"].path


def test_only_an_opt_in_profile_asks_for_a_right_to_write() -> None:
    writing = {each.profile for each in load_endpoints().values() if "write" in each.permission}
    assert writing == {"ruleset-history"}
    assert load_rights()[0] == "Metadata: read"
    assert load_rights()[-1] == "Administration: write"


def test_every_endpoint_that_is_declared_is_read() -> None:
    folder = Path(asbuilt.sources.github.__file__).parent
    code = "\n".join(file.read_text("utf-8") for file in folder.glob("*.py"))
    assert [name for name in load_endpoints() if f'"{name}"' not in code] == []


def test_a_good_file_is_read() -> None:
    endpoints, rights = read_endpoints(GOOD, "test.toml")
    assert endpoints["x"].days == 30
    assert rights == ("Metadata: read",)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('covers = "30 days"', 'covers = "some"', "covers 'some'"),
        ('permission = "Metadata: read"', 'permission = "All"', "not among the rights"),
        ('scope = "repository"', 'scope = "galaxy"', "malformed"),
        ("why =", "reason =", "malformed"),
        ("[[endpoint]]", "[endpoint", "malformed"),
        (GOOD, GOOD + GOOD.partition("\n")[2].partition("\n")[2], "named twice"),
    ],
)
def test_a_malformed_one_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(said)) as caught:
        read_endpoints(GOOD.replace(old, new), "test.toml")
    assert caught.value.where == "test.toml"
