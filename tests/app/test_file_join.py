"""A file behind which records and squashes stand is cut where they say something else."""

from asbuilt.app.file_join import join_file
from asbuilt.app.history import know_history
from asbuilt.history.git import open_repository
from asbuilt.history.origins.runs import OriginRun
from asbuilt.model.attribution import Authorship
from asbuilt.model.progress import silent
from tests.company import Company


def test_a_record_cuts_a_run(company: Company) -> None:
    run = OriginRun(1, 3, company.noted, b"noted.py", 1)
    with open_repository(company.repo.path) as repository:
        history = know_history(repository, repository.resolve("HEAD"), None, silent)
        joined = join_file(repository, history, b"noted.py", [run], frozenset())
        cut = join_file(repository, history, b"noted.py", [run], frozenset({company.noted}))
    assert [(run.first, run.last, run.authorship) for run in joined] == [
        (1, 2, Authorship.AI_TRACKED),
        (3, 3, Authorship.UNKNOWN),
    ]
    assert {(run.boundary, run.authorship) for run in cut} == {(True, Authorship.UNKNOWN)}
