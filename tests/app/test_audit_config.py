"""What the configuration says about an audit."""

from pathlib import Path

import pytest

from asbuilt.app.audit_config import AuditConfig, SetAside
from asbuilt.app.config import read_config_file
from asbuilt.model.errors import ConfigError

WHOLE = """\
[audit]
company = "Acme"
system = "Acme Cloud"
categories = ["security", "availability"]
controls = ["controls"]
risk = "moderate"
seed = "agreed"
look_back_days = 90

[audit.void.CHG-01]
abc = "a test record"

[controls."ACC-13"]
not_applicable = { reason = "No offices.", by = "Ana Lima", on = "2026-01-05" }

[controls."CHG-07"]
retired = { reason = "No emergencies are allowed.", by = "Ana Lima", on = "2026-02-01" }
within_business_days = 3

[controls."ACME-01"]
limit = 3
"""


def read(folder: Path, text: str) -> AuditConfig:
    (folder / "asbuilt.toml").write_text(text)
    return read_config_file(folder / "asbuilt.toml").audit


def test_every_key_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == AuditConfig(
        company="Acme",
        system="Acme Cloud",
        categories=("security", "availability"),
        controls=("controls",),
        risk="moderate",
        seed="agreed",
        look_back_days=90,
        not_applicable={"ACC-13": SetAside("No offices.", "Ana Lima", "2026-01-05")},
        retired={"CHG-07": SetAside("No emergencies are allowed.", "Ana Lima", "2026-02-01")},
        void={"CHG-01": {"abc": "a test record"}},
    )
    settings = read_config_file(tmp_path / "asbuilt.toml").controls
    assert settings == {"CHG-07": {"within_business_days": 3}, "ACME-01": {"limit": 3}}


def test_nothing_said_is_security_alone(tmp_path: Path) -> None:
    assert read(tmp_path, "").categories == ("security",)


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('"availability"', '"availabilty"', 4, "There is no category 'availabilty'."),
        ('"security", ', "", 4, "Security is missing."),
        ('"moderate"', '"bold"', 6, "Invalid enum value 'bold'"),
        ('reason = "No offices."', 'reason = " "', 14, "not_applicable has no reason."),
        ('by = "Ana Lima", on = "2026-02-01"', 'by = "", on = "2026-02-01"', 17, "retired has no by."),
        ("2026-01-05", "5 January", 14, "'5 January' is no day."),
        ('reason = "No offices.", ', "", 13, "Object missing required field `reason`"),
        ("look_back_days = 90", "look_back_days = 0", 8, "Expected `int` >= 1"),
        ("company", "compnay", 2, "Nothing is called audit.compnay."),
        ("within_business_days", "within_days", 18, "Nothing is called controls.CHG-07.within_days."),
        ("ACME-01", "acme", 20, "Nothing is called controls.acme."),
    ],
)
def test_a_mistake_is_named_by_line(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    assert old in WHOLE
    with pytest.raises(ConfigError, match=what) as refused:
        read(tmp_path, WHOLE.replace(old, new, 1))
    assert refused.value.where == f"asbuilt.toml:{line}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_config_file(tmp_path / "absent.toml")
