"""The request list."""

from asbuilt.facts.schemas import TABLES
from asbuilt.reports.package import requests
from asbuilt.reports.package.requests import requests_of
from tests import audit_world


def test_each_request_names_the_file_that_answers_it() -> None:
    text = requests_of(audit_world.audit()).decode()
    assert "| Merged changes | `populations/changes.csv` | 200 | yes |" in text
    assert "| Access reviews | `populations/access_reviews.csv` | 1 | 91 days have no extract. |" in text
    assert "| Leavers" not in text
    assert "nothing here" in text


def test_it_asks_for_populations_that_there_are() -> None:
    asked = {name for _, _, names in requests._ASKED for name in names}
    assert asked <= TABLES.keys()
