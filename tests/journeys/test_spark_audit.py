"""A company's year in which much went wrong comes to the same on Spark as on DuckDB: verdict by verdict."""

from collections import Counter
from pathlib import Path

import pytest

from asbuilt.app.audit import Wanted, audit
from asbuilt.app.company import read_company
from asbuilt.catalogue.criteria import CATEGORIES
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.audit import Audit
from asbuilt.model.record import Record
from asbuilt.model.result import Conclusion
from tests.company_year import plants, year
from tests.company_year.landings import change_id
from tests.company_year.world import NOW, WINDOW, World, changed, without
from tests.engine.spark_cluster import cluster, needs_spark

# A small company's tables: what Spark does for large ones costs more here than it brings.
SMALL = """\
spark.sql.shuffle.partitions 2
spark.sql.adaptive.enabled false
spark.sql.codegen.wholeStage false
"""


def troubled() -> list[Record]:
    """A year with one wrong thing for each control, changes that nobody knows who wrote, and a list that is missing."""
    records = year(World(changes=200))
    for plant in {plant.control: plant for plant in plants().values()}.values():
        records = plant.spoil(records)
    for number in range(30, 40):
        records = changed("changes_seen", {"change_id": change_id(number)}, attribution="unknown")(records)
    return without("extracts", population="releases")(records)


def told(found: Audit) -> dict[str, tuple[object, ...]]:
    return {
        own.control: (own.digest, own.population_digest, own.counts, own.split, own.conclusion, own.reason)
        for own in found.results
    }


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.filterwarnings("default")  # PySpark's own
def test_every_result_is_the_same_on_a_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_spark()
    (tmp_path / "spark-defaults.conf").write_text(SMALL)
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    with create_ledger(tmp_path / "ledger", origin="acme", now=NOW) as ledger:
        ledger.append(troubled())
    company = read_company(None, tmp_path)
    wanted = {"type": 2, "start": WINDOW.start, "end": WINDOW.end, "ledger": tmp_path / "ledger"}
    here = audit(Wanted(**wanted, categories=CATEGORIES), company, now=NOW)
    (tmp_path / "spark").mkdir()
    with cluster(tmp_path / "spark") as url:
        there = audit(Wanted(**wanted, categories=CATEGORIES, spark=url), company, now=NOW)
    assert there.engine.startswith("Apache Spark ")
    one, other = told(here), told(there)
    assert {control: (own, other[control]) for control, own in one.items() if other[control] != own} == {}
    assert there.results == here.results
    # Not because nothing was there to differ.
    conclusions = Counter(own.conclusion for own in here.results)
    assert conclusions.total() > 80
    assert conclusions[Conclusion.EFFECTIVE] < 20
    assert conclusions[Conclusion.EVIDENCE_MISSING]
    assert any(own.counts["unknown"] for own in here.results)
