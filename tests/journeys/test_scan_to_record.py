"""From `asbuilt scan` to findings on record: each keeps its identity, is fixed when it is gone, and comes back."""

from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_scan import Asked as AskedToRecord
from asbuilt.app.record_scan import record_scan
from asbuilt.app.scan import Asked, run_scan
from asbuilt.app.taking import Taking
from asbuilt.facts.store import open_facts, project
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.reports.scan_sarif import scan_sarif
from tests.facts.telling import moment
from tests.repos import Repo

pytestmark = pytest.mark.slow
SQL = 'cur.execute(f"SELECT a FROM t WHERE b = {c}")\n'
SECRET = "n7Kq2" + "vXw9zP4rT6"


class Product:
    """A repository whose commits are scanned and recorded."""

    def __init__(self, place: Path) -> None:
        self.repo = Repo(place / "shop")
        self.ledger = place / "ledger"
        create_ledger(self.ledger, origin="example.com/log", now=0).close()

    def scan(self, day: str, *, only: tuple[str, ...] = ("own",)) -> bytes:
        """Scan HEAD and record what it told on a day."""
        scan = run_scan(self.repo.path, Asked(rev="HEAD", only=only))
        data = scan_sarif(scan)
        file = self.ledger.parent / "scan.sarif"
        file.write_bytes(data)
        commit = self.repo.git("rev-parse", "HEAD").decode().strip()
        taking = Taking(self.ledger, now=moment(f"2026-03-{day}T12:00:00Z"))
        record_scan([str(file)], AskedToRecord("acme/shop", commit), Origin(), taking, self.ledger)
        return data

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        """An answer from the facts of the ledger."""
        with (
            open_ledger(self.ledger, read_only=True) as opened,
            open_facts(None, origin="example.com/log") as store,
        ):
            project(store, list(opened.entries()), start=0, root_at=opened.root)
            return store.connection.execute(question).fetchall()

    def findings(self) -> list[tuple[Any, ...]]:
        """Each finding: its rule, its first day, and the day it was fixed."""
        return self.asked(
            "SELECT min(s.rule), min(f.first_seen_at)::DATE::VARCHAR, any_value(f.closed_at)::DATE::VARCHAR "
            "FROM findings f JOIN findings_seen s USING (finding) GROUP BY f.finding ORDER BY 1"
        )


def test_a_finding_moves_is_fixed_and_comes_back_under_one_identity(tmp_path: Path) -> None:
    product = Product(tmp_path)
    product.repo.write("a.py", SQL).write("b.py", "yaml.load(x)\n").commit("First")
    product.scan("01")
    assert product.findings() == [("py-sql-built", "2026-03-01", None), ("py-yaml-load", "2026-03-01", None)]
    product.repo.write("a.py", f"import x\n\n\ndef f(cur, c):\n    {SQL}").commit("It moves and is indented")
    product.scan("02")
    assert product.findings() == [("py-sql-built", "2026-03-01", None), ("py-yaml-load", "2026-03-01", None)]
    product.repo.write("a.py", 'cur.execute("SELECT a FROM t WHERE b = ?", (c,))\n').commit("It is mended")
    product.scan("03")
    assert product.findings() == [
        ("py-sql-built", "2026-03-01", "2026-03-03"),
        ("py-yaml-load", "2026-03-01", None),
    ]
    product.repo.write("a.py", SQL).commit("It is back")
    product.scan("04")
    assert product.findings() == [("py-sql-built", "2026-03-01", None), ("py-yaml-load", "2026-03-01", None)]


def test_a_file_that_was_not_looked_at_fixes_nothing(tmp_path: Path) -> None:
    product = Product(tmp_path)
    product.repo.write("a.py", SQL).commit("First")
    product.scan("01")
    product.repo.write("a.py", f"x = '{'a' * 20_000}'\n").commit("Nobody can look at it")
    product.scan("02")
    assert product.findings() == [("py-sql-built", "2026-03-01", None)]


def test_each_scan_is_a_check_of_the_commit_and_no_secret_is_on_record(tmp_path: Path) -> None:
    product = Product(tmp_path)
    product.repo.write(
        "a.py", f'DB_PASSWORD = "{SECRET}"\nrequests.get(u, verify=False, auth="{SECRET}")\n'
    ).commit("First")
    assert SECRET.encode() not in product.scan("01")
    told = product.asked("SELECT kind, conclusion FROM checks ORDER BY kind")
    assert told == [("secret-scan", "failure"), ("static-analysis", "failure")]
    assert product.asked("SELECT count(*) FROM scan_runs WHERE succeeded") == [(2,)]
    kept = [file for file in tmp_path.rglob("*") if file.is_file() and product.repo.path not in file.parents]
    assert kept
    assert [file for file in kept if SECRET.encode() in file.read_bytes()] == []
