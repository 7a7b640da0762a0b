"""Controls for a reader: AsBuilt's and the company's own."""

from pathlib import Path

import pytest

from asbuilt.app.audit_config import AuditConfig, SetAside
from asbuilt.app.config import Config
from asbuilt.app.controls import company_controls, control_pages
from asbuilt.catalogue.controls import FOLDER, load_controls
from asbuilt.model.errors import CatalogueError, ConfigError, UsageError
from asbuilt.model.window import Window

WINDOW = Window(1_767_225_600, 1_782_864_000)  # the first half of 2026


def own_control(folder: Path, *, text: str = "") -> Config:
    (folder / "controls").mkdir()
    control = text or (FOLDER / "CHG-05.md").read_text("utf-8").replace("CHG-05", "ACME-01")
    (folder / "controls" / "ACME-01.md").write_text(control)
    return Config(audit=AuditConfig(controls=("controls",)))


def test_every_control_has_a_page_with_its_query() -> None:
    pages = control_pages(Config(), Path())
    assert [page.id for page in pages] == [control.id for control in load_controls()]
    assert all(page.query.startswith("SELECT") and page.columns and page.criteria for page in pages)
    assert {page.standing for page in pages} == {"in use"}


def test_a_window_and_a_threshold_are_written_into_the_query() -> None:
    config = Config(controls={"CHG-01": {"required_approvals": 2}})
    (page,) = control_pages(config, Path(), window=WINDOW, wanted="chg-01")
    assert page.settings["required_approvals"] == 2
    assert "independent_human_approvals >= 2" in page.query
    assert "TIMESTAMP '2026-01-01 00:00:00'" in page.query
    assert "TIMESTAMP '2026-07-01 00:00:00'" in page.query


def test_a_company_adds_a_control_by_a_file(tmp_path: Path) -> None:
    config = own_control(tmp_path)
    assert "ACME-01" in {control.id for control in company_controls(config, tmp_path)}
    (page,) = control_pages(config, tmp_path, wanted="ACME-01")
    assert page.source == "ACME-01.md"


def test_a_company_control_that_calls_what_it_may_not_is_refused_by_line(tmp_path: Path) -> None:
    text = (FOLDER / "CHG-05.md").read_text("utf-8").replace("CHG-05", "ACME-01")
    config = own_control(
        tmp_path, text=text.replace('expect = "', "expect = \"read_text('/etc/hosts') = subject AND ")
    )
    with pytest.raises(CatalogueError, match="is not allowed") as refused:
        control_pages(config, tmp_path)
    assert refused.value.where.split(":")[0].endswith("ACME-01.md")
    assert refused.value.where.split(":")[1].isdecimal()


def test_a_company_control_whose_example_does_not_come_out_is_refused_by_line(tmp_path: Path) -> None:
    text = (FOLDER / "CHG-05.md").read_text("utf-8").replace("CHG-05", "ACME-01")
    config = own_control(tmp_path, text=text.replace("checks_succeeded = true", "checks_succeeded = false"))
    with pytest.raises(CatalogueError, match="Example 'met 1' comes to 'deviation'") as refused:
        company_controls(config, tmp_path)
    assert refused.value.where.split(":")[0].endswith("ACME-01.md")
    assert refused.value.where.split(":")[1].isdecimal()


def test_what_is_set_aside_says_by_whom() -> None:
    aside = SetAside("No emergencies.", "Ana Lima", "2026-02-01")
    (page,) = control_pages(Config(audit=AuditConfig(retired={"CHG-07": aside})), Path(), wanted="CHG-07")
    assert page.standing == "retired since 2026-02-01: No emergencies. (Ana Lima)"


def test_a_control_that_is_none_is_named() -> None:
    with pytest.raises(UsageError, match="no control 'CHG-1'"):
        control_pages(Config(), Path(), wanted="CHG-1")
    with pytest.raises(ConfigError, match="no control 'CHG-99'"):
        company_controls(Config(controls={"CHG-99": {"x": 1}}), Path())
