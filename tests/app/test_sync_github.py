"""Reading the simulated forge: whole, broken off at every request, with few rights, at a limit."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from asbuilt.app.sync_asking import Asked, Done, Surroundings, clone_here
from asbuilt.app.sync_github import is_organization, sync_github
from asbuilt.facts.schemas import TABLES
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.record import Record, decode_entry
from tests.forge.service import Answer, Seen, Service, Token
from tests.forge.stories import company_forge
from tests.forge.studio import Studio
from tests.forge.transports import InMemory
from tests.repos import Repo

ASKED = Asked()
WORD = "github_pat_all_of_it"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return company_forge(tmp_path_factory.mktemp("forge") / "harbor")


@pytest.fixture
def service(company: Studio) -> Service:
    return Service(copy.deepcopy(company.forge), tokens={WORD: Token()})


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASBUILT_GITHUB_TOKEN", WORD)
    monkeypatch.chdir(tmp_path)


def ledger_at(place: Path) -> Path:
    create_ledger(place, origin="acme.example/ledger", now=0).close()
    return place


def run(service: Service, folder: Path, asked: Asked = ASKED, subject: str = "acme/harbor") -> Done:
    def sleep(seconds: float) -> None:
        service.forge.now += int(seconds) + 1

    around = Surroundings(
        transport=InMemory(service), clock=lambda: service.forge.now, sleep=sleep, draw=lambda: 0.0
    )
    return sync_github(subject, folder, asked, around=around)


def records(folder: Path) -> list[Record]:
    with open_ledger(folder) as ledger:
        return [decode_entry(entry) for entry in ledger.entries()]


def facts(folder: Path) -> set[tuple[str, str, bytes]]:
    """All rows, without what says when somebody looked: extracts, gaps."""
    return {
        (each.kind, each.event, each.payload)
        for each in records(folder)
        if each.kind.startswith("fact/") and each.kind not in {"fact/extracts", "fact/gaps"}
    }


def events(folder: Path) -> set[tuple[str, str, bytes]]:
    """All rows but looks at settings: each look is a row of its own."""
    return {each for each in facts(folder) if not TABLES[each[0].removeprefix("fact/")].state}


def extracts(folder: Path, table: str) -> list[dict[str, object]]:
    found = [json.loads(each.payload) for each in records(folder) if each.kind == "fact/extracts"]
    return [each for each in found if each["population"] == table]


def at(number: int, act: Callable[[Service], Answer | None]) -> Callable[[Service, Seen], Answer | None]:
    """A fault at one request."""
    return lambda service, _: act(service) if len(service.requests) == number + 1 else None


def test_everything_is_read_and_counted(service: Service, tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    done = run(service, ledger)
    repository = service.forge.repositories["acme/harbor"]
    rows = done.sources[0].rows
    assert rows["requests"].new == len(repository.requests)
    assert done.requests == len(service.requests)
    (extract,) = extracts(ledger, "requests")
    assert extract["row_count"] == extract["reported_total"] == len(repository.requests)
    assert extract["truncated"] is False
    assert extract["part"] == "acme/harbor"
    assert extract["covers_from"] == "1970-01-01T00:00:00Z"
    assert not any(WORD.encode() in each.payload or WORD in repr(each) for each in records(ledger))


def test_small_pages_tell_the_same(service: Service, company: Studio, tmp_path: Path) -> None:
    run(service, ledger_at(tmp_path / "large"))
    small = Service(copy.deepcopy(company.forge), tokens={WORD: Token()}, cap=1, page_cap=2)
    run(small, ledger_at(tmp_path / "small"))
    assert len(small.requests) > 2 * len(service.requests)
    # A deployment's statuses are not followed beyond the hundred that come at once.
    large, cut = (
        {(kind, event) for kind, event, _ in events(tmp_path / name) if kind != "fact/deployments"}
        for name in ("large", "small")
    )
    assert large == cut


@pytest.mark.slow
def test_broken_off_at_every_request_it_ends_with_the_same_facts(company: Studio, tmp_path: Path) -> None:
    whole = Service(copy.deepcopy(company.forge), tokens={WORD: Token()}, cap=20)
    run(whole, ledger_at(tmp_path / "whole"))
    wanted = facts(tmp_path / "whole")
    covered = {
        (each["population"], each["covers_from"], each["row_count"], each["sha256"])
        for each in extracts(tmp_path / "whole", "requests")
    }

    def interrupt(_: Service) -> None:
        raise KeyboardInterrupt

    for number in range(len(whole.requests)):
        service = Service(copy.deepcopy(company.forge), tokens={WORD: Token()}, cap=20)
        ledger = ledger_at(tmp_path / str(number))
        service.faults.append(at(number, interrupt))
        with pytest.raises(KeyboardInterrupt):
            run(service, ledger)
        service.faults.clear()
        run(service, ledger)
        assert facts(ledger) == wanted, number
        assert covered <= {
            (each["population"], each["covers_from"], each["row_count"], each["sha256"])
            for each in extracts(ledger, "requests")
        }, number


def test_again_with_nothing_new_adds_no_row_and_asks_little(service: Service, tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    run(service, ledger)
    service.forge.now += 30
    run(service, ledger)  # checks that run on were asked for again
    service.forge.now += 30
    before, pages = events(ledger), [each for each in records(ledger) if each.kind.startswith("raw/")]
    service.requests.clear()
    done = run(service, ledger)
    assert events(ledger) == before
    assert [each for each in records(ledger) if each.kind.startswith("raw/")] == pages
    assert sum(each.is_graph for each in service.requests) == 3
    assert done.sources[0].new_pages == 0
    assert done.sources[0].unchanged > 5


def test_deleting_the_state_reads_everything_again_and_adds_nothing(service: Service, tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    run(service, ledger)
    before = facts(ledger)
    for file in (ledger / "sync").iterdir():
        file.unlink()
    assert run(service, ledger).sources[0].new_pages == 0
    assert facts(ledger) == before


def test_a_row_that_went_back_is_said_again(service: Service, tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    request = max(service.forge.repositories["acme/harbor"].requests.values(), key=lambda each: each.updated_at)
    first, event = request.title, f"acme/harbor | {request.number}"
    for title in (first, "Another", first):
        request.title, request.updated_at = title, service.forge.now
        service.forge.now += 7200
        run(service, ledger)
    told = [each for each in records(ledger) if each.kind == "fact/requests" and each.event == event]
    newest = max(told, key=lambda each: each.observed)
    assert json.loads(newest.payload)["title"] == first
    assert len(told) == 3


def test_few_rights_leave_gaps_that_name_the_right(service: Service, tmp_path: Path) -> None:
    service.tokens[WORD] = Token(permissions={"metadata": "read", "pull_requests": "read"})
    ledger = ledger_at(tmp_path / "ledger")
    done = run(service, ledger)
    gaps = {gap.path: gap for gap in done.sources[0].gaps if gap.code == "GAP-ACCESS"}
    keys = gaps["keys acme/harbor"]
    assert "Administration: read" in keys.remedy
    assert "GitHub answers 403" in keys.why or "GitHub answers 404" in keys.why
    assert extracts(ledger, "credentials") == []
    recorded = [json.loads(each.payload) for each in records(ledger) if each.kind == "fact/gaps"]
    assert any(each["place"] == "keys acme/harbor" and each["code"] == "GAP-ACCESS" for each in recorded)


@pytest.mark.parametrize("number", [1, 4, 9])
def test_a_token_that_ends_on_the_way_keeps_what_was_got(number: int, service: Service, tmp_path: Path) -> None:
    def revoke(forge: Service) -> None:
        forge.tokens[WORD].revoked = True

    service.faults.append(at(number, revoke))
    ledger = ledger_at(tmp_path / "ledger")
    done = run(service, ledger)
    assert [gap.code for gap in done.sources[0].gaps if gap.code == "GAP-TOKEN"] == ["GAP-TOKEN"]
    assert len(service.requests) == number + 1
    service.tokens[WORD].revoked = False
    service.faults.clear()
    run(service, ledger)
    run(service, ledger_at(tmp_path / "whole"))
    assert facts(ledger) >= facts(tmp_path / "whole")


def test_a_token_that_was_never_good_is_an_error(service: Service, tmp_path: Path) -> None:
    service.tokens.clear()
    with pytest.raises(SourceError, match="refuses the token"):
        run(service, ledger_at(tmp_path / "ledger"))


def test_no_such_repository_is_an_error_that_says_both(service: Service, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="both for what is not there"):
        run(service, ledger_at(tmp_path / "ledger"), subject="acme/none")


@pytest.mark.parametrize("limit", [1, 3, 6, 12])
def test_a_used_up_limit_stops_with_a_gap_and_goes_on_later(limit: int, service: Service, tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    service.limit = limit
    done = run(service, ledger, Asked(max_wait=60))
    (gap,) = [gap for gap in done.sources[0].gaps if gap.code == "GAP-LIMIT"]
    assert "It takes requests again at 20" in gap.why
    service.limit = 5000
    run(service, ledger)
    run(service, ledger_at(tmp_path / "whole"))
    assert facts(ledger) == facts(tmp_path / "whole")


def test_a_limit_that_ends_soon_is_waited_for(service: Service, tmp_path: Path) -> None:
    service.limit = 6

    def renew(forge: Service, _: Seen) -> None:
        if max(forge.spent.values()) >= forge.limit and forge.forge.now >= begun + 3600:
            forge.spent = dict.fromkeys(forge.spent, 0)

    begun = service.forge.now
    service.faults.append(renew)
    done = run(service, ledger_at(tmp_path / "ledger"), Asked(max_wait=4000))
    assert not [gap for gap in done.sources[0].gaps if gap.code == "GAP-LIMIT"]


def test_what_fails_now_and_then_is_asked_again(service: Service, company: Studio, tmp_path: Path) -> None:
    seen: set[tuple[object, ...]] = set()

    def fail_once(forge: Service, asked: Seen) -> Answer | None:
        own = (asked.path, asked.query, asked.body)
        if own in seen:
            return None
        seen.add(own)
        if len(seen) % 3 == 0:
            return Answer(502, b"<html>bad gateway</html>")
        if len(seen) % 3 == 1:
            return Answer(403, b'{"message":"You have exceeded a secondary rate limit."}', {"Retry-After": "7"})
        return None

    service.faults.append(fail_once)
    run(service, ledger_at(tmp_path / "ledger"))
    calm = Service(copy.deepcopy(company.forge), tokens={WORD: Token()})
    run(calm, ledger_at(tmp_path / "calm"))
    assert events(tmp_path / "ledger") == events(tmp_path / "calm")


def test_an_organisation_and_its_repositories(service: Service, tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    done = run(service, ledger, subject="acme")
    assert [each.source for each in done.sources][:2] == ["github:acme", "github:acme/harbor"]
    kinds = {each.kind for each in records(ledger)}
    assert {"raw/github/org", "raw/github/org/members", "raw/github/org/teams", "raw/github/team/members"} <= kinds


def test_the_history_of_a_clone_is_recorded_besides(service: Service, company: Studio, tmp_path: Path) -> None:
    ledger = ledger_at(tmp_path / "ledger")
    done = run(service, ledger, Asked(git=company.git.path))
    assert done.history is not None
    assert done.history.rows["changes_seen"] > 10
    assert done.coverings is not None
    assert done.coverings.rows["coverings"] > 10
    again = run(service, ledger, Asked(git=company.git.path))
    assert again.coverings is None, "what git answered for good is not asked again"


def test_a_clone_is_known_by_its_remote(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "clone").write("a", "b\n")
    repo.commit("Start")
    assert clone_here("acme/harbor", repo.path) is None
    repo.git("remote", "add", "origin", "git@github.com:Acme/harbor.git")
    assert clone_here("acme/harbor", repo.path) == "asbuilt record git"
    assert clone_here("acme/harbor", tmp_path) is None


@pytest.mark.parametrize("subject", ["", "a/b/c", "-x/y", "acme/..", "acme/a b", "acme\n", "../etc"])
def test_a_subject_that_is_none_is_refused(subject: str) -> None:
    with pytest.raises(UsageError):
        is_organization(subject)


def test_a_moved_repository_is_followed_on_the_same_host_alone(service: Service, tmp_path: Path) -> None:
    def elsewhere(_: Service) -> Answer:
        return Answer(301, b"{}", {"Location": "https://evil.example/repositories/1"})

    service.faults.append(at(0, elsewhere))
    with pytest.raises(SourceError, match="could not be read") as caught:
        run(service, ledger_at(tmp_path / "ledger"))
    assert "evil.example" in caught.value.why
    assert all("evil" not in each.headers.get("host", "") for each in service.requests)


def test_nothing_hostile_breaks_it_and_all_of_it_is_kept(service: Service, tmp_path: Path) -> None:
    bodies = iter(
        [b"[" * 100_000, b"{}", b"null", b"\xff\xfe", b'{"message":', b'[{"id":"\\u001b[31m"}]', b"[[]]"] * 9
    )

    def hostile(_: Service, seen: Seen) -> Answer | None:
        return None if seen.is_graph or seen.path == "/repos/acme/harbor" else Answer(200, next(bodies))

    service.faults.append(hostile)
    ledger = ledger_at(tmp_path / "ledger")
    done = run(service, ledger)
    assert done.sources[0].rows["requests"].new > 10
    assert any(gap.code == "GAP-PAGE" for gap in done.sources[0].gaps)
    kept = [each for each in records(ledger) if each.kind.startswith("raw/")]
    assert any(each.payload == b"\xff\xfe" for each in kept)


def test_graphql_that_is_none_is_a_gap(service: Service, tmp_path: Path) -> None:
    def broken(_: Service, seen: Seen) -> Answer | None:
        return Answer(200, b'{"data":{"repository":{"pullRequests":{"nodes":"none"}}}}') if seen.is_graph else None

    service.faults.append(broken)
    ledger = ledger_at(tmp_path / "ledger")
    done = run(service, ledger)
    assert any("Requests of acme/harbor" in gap.what for gap in done.sources[0].gaps)
    assert extracts(ledger, "requests") == []
