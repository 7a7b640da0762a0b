"""Which tables take records, and templates that can be recorded once they are filled."""

import pytest

from asbuilt.facts.recording.csv_rows import check_csv
from asbuilt.facts.recording.evidence_file import check_evidence
from asbuilt.facts.recording.jsonl_rows import check_jsonl
from asbuilt.facts.recording.tables import Form, describe, find_table, list_tables, recorded_tables, template
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import Problems

NOW = 1_782_900_000


def test_only_recorded_tables_are_listed() -> None:
    listed = [line.split()[0] for line in list_tables().splitlines()]
    assert listed == sorted(name for name, table in TABLES.items() if table.recorded)


@pytest.mark.parametrize(
    ("name", "what", "fix"),
    [
        ("peeple", "There is no table 'peeple'.", "Did you mean people? "),
        ("changes", "changes is derived from other tables and takes no records.", "Record changes_seen."),
        ("\x1b[2J", "There is no table '\\x1b[2J'.", "`asbuilt record --list`"),
    ],
)
def test_a_name_that_is_none_is_refused(name: str, what: str, fix: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_table(name)
    assert caught.value.what == what
    assert caught.value.fix.startswith(fix)


@pytest.mark.parametrize("table", recorded_tables(), ids=lambda table: table.name)
def test_a_template_has_every_column_and_can_be_read(table: Table) -> None:
    assert [name for name in (column.name for column in table.told) if name not in describe(table)] == []
    problems = Problems()
    assert check_csv(table, template(table, "csv").encode(), name="t", observed=NOW, problems=problems).rows == ()
    rows = check_jsonl(table, template(table, "jsonl").encode(), name="t", observed=NOW, problems=problems).rows
    assert len(rows) == 1
    filled = template(table, "yaml").replace("source: …", "source: s").replace("taken_by: …", "taken_by: p")
    evidence = check_evidence(filled.encode(), name="t", now=NOW, problems=problems)
    problems.refuse()
    assert evidence is not None
    assert len(evidence.batch.rows) == 1


def test_forms() -> None:
    form: Form = "csv"
    assert template(TABLES["people"], form).startswith("person,name,starts_at,")
