"""Asking registries: what is due, of whom, and what is kept of it."""

from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.registry import DAY, Fetched, fetch_registry, registry_facts, registry_file, registry_status
from asbuilt.app.registry_index import Surroundings
from asbuilt.model.errors import UsageError
from asbuilt.model.registry_facts import DATES, DEPRECATED
from tests.app.registries import NOW, NPM, Network, bom, packument, truthful, user
from tests.repos import Repo


def fetched(
    folder: Path, network: Network, *purls: str, around: Surroundings | None = None, **more: Any
) -> Fetched:
    given = {"indexes": [f"npm={NPM}"], "now": NOW, **more}
    return fetch_registry(
        bom(folder, *purls), store=folder / "store", around=around or user(folder), way=network.way(), **given
    )


def test_what_an_index_says_is_kept_and_shown(tmp_path: Path) -> None:
    network = Network(npm=truthful(plain=packument("plain")))
    done = fetched(
        tmp_path, network, "pkg:npm/plain@1.0.0", "pkg:npm/invented@1", "pkg:pub/jason@1", "pkg:pypi/a@1"
    )
    assert (done.packages, done.asked, done.present, done.absent) == (4, 2, 1, ("npm:invented",))
    assert [(own.ecosystem, own.packages) for own in done.not_asked] == [("Pub", 1), ("PyPI", 1)]
    assert "no reader" in done.not_asked[0].why
    assert "--index PyPI=" in done.not_asked[1].why
    assert done.doubtful == ()
    facts = registry_facts("pkg:npm/plain@1.0.0", tmp_path / "store")
    assert (facts.exists, facts.owners, facts.index, facts.asked_at) == (True, 2, NPM, NOW)
    with pytest.raises(UsageError, match="No registry was asked"):
        registry_facts("pkg:npm/other", tmp_path / "store")
    with pytest.raises(UsageError, match="no package URL"):
        registry_facts("plain", tmp_path / "store")


def test_what_is_known_is_asked_again_only_when_old_and_what_was_absent_always(tmp_path: Path) -> None:
    network = Network(npm=truthful(plain=packument("plain")))
    purls = ("pkg:npm/plain@1", "pkg:npm/invented@1")
    fetched(tmp_path, network, *purls)
    again = fetched(tmp_path, network, *purls, now=NOW + DAY)
    assert (again.asked, again.absent) == (1, ("npm:invented",))
    network.hosts["npm.example"] = truthful(plain=packument("plain"), invented=packument("invented"))
    taken = fetched(tmp_path, network, *purls, now=NOW + 2 * DAY)  # somebody registered the invented name
    assert (taken.asked, taken.present, taken.absent) == (1, 1, ())
    assert fetched(tmp_path, network, *purls, now=NOW + 3 * DAY).asked == 0
    assert fetched(tmp_path, network, *purls, now=NOW + 8 * DAY).asked == 1


def test_a_mirror_that_lies_is_not_believed_about_dates_and_deprecation(tmp_path: Path) -> None:
    lodash = packument("lodash")
    lodash["time"]["4.17.21"] = "2024-02-23T22:24:08.672000+00:00"
    network = Network(npm={"/request": packument("request"), "/lodash": lodash, "/plain": packument("plain")})
    done = fetched(tmp_path, network, "pkg:npm/plain@1.0.0")
    assert [sorted(own.doubted) for own in done.doubtful] == [[DEPRECATED, DATES]]
    facts = registry_facts("pkg:npm/plain", tmp_path / "store")
    assert (facts.exists, facts.first_released_at) == (True, None)
    assert "lodash 4.17.21 was published on 2021-02-20" in facts.why(DATES)
    assert registry_status(tmp_path / "store").indexes == done.indexes


@pytest.mark.parametrize("status", [500, 503, 403, 418])
def test_no_answer_is_unknown_and_never_absent(tmp_path: Path, status: int) -> None:
    network = Network(npm=truthful(plain=status))
    done = fetched(tmp_path, network, "pkg:npm/plain@1.0.0")
    assert (done.absent, [name for name, _ in done.unknown]) == ((), ["npm:plain"])
    assert str(status) in done.unknown[0][1]


def test_an_index_that_is_down_is_not_asked_about_everything(tmp_path: Path) -> None:
    network = Network(npm={"/lodash": 500, "/request": 500})
    done = fetched(tmp_path, network, *(f"pkg:npm/p{n}@1" for n in range(50)))
    assert len(done.unknown) == 50
    assert network.paths("npm.example") == ["/lodash"] * 5 + ["/request"] * 5


def test_an_index_that_breaks_on_the_way_is_given_up(tmp_path: Path) -> None:
    network = Network(npm=truthful(**{f"p{n}": 500 for n in range(200)}))
    done = fetched(tmp_path, network, *(f"pkg:npm/p{n}@1" for n in range(200)))
    assert len(done.unknown) == 200
    assert any("given up" in why for _, why in done.unknown)
    assert len(network.seen) < 100


def test_the_private_index_goes_first_and_a_scope_is_asked_of_its_own_alone(tmp_path: Path) -> None:
    around = user(tmp_path)
    (around.home / ".npmrc").write_text(
        "registry=https://public.example/\n@acme:registry=https://private.example/npm\n"
        "//private.example/npm/:_authToken=very-secret-word\n"
    )
    network = Network(public=truthful(plain=packument("plain")), private={"/npm/@acme%2Fui": packument("@acme/ui")})
    done = fetched(tmp_path, network, "pkg:npm/%40acme/ui@1.0.0", "pkg:npm/plain@1.0.0", around=around, indexes=[])
    assert done.present == 2
    assert network.paths("public.example") == ["/lodash", "/plain", "/request"]
    assert network.paths("private.example") == ["/npm/@acme%2Fui", "/npm/lodash", "/npm/request"]
    sent = {own.url.host: own.headers.get("authorization") for own in network.seen}
    assert sent == {"public.example": None, "private.example": "Bearer very-secret-word"}
    assert b"very-secret-word" not in (tmp_path / "store").read_bytes()
    assert "very-secret-word" not in repr(done)


def test_a_name_that_only_the_private_index_has_is_watched(tmp_path: Path) -> None:
    page = {"files": [{"filename": "inner-1.0.tar.gz", "upload-time": "2020-01-01T00:00:00Z"}]}
    around = user(
        tmp_path,
        PIP_INDEX_URL="https://ana:long-password@private.example/simple",
        PIP_EXTRA_INDEX_URL="https://public.example/simple",
    )
    network = Network(private={"/simple/inner/": page}, public={})
    done = fetched(tmp_path, network, "pkg:pypi/inner@1.0", around=around, indexes=[])
    facts = registry_facts("pkg:pypi/inner", tmp_path / "store")
    assert (facts.index, facts.absent_at) == ("https://private.example/simple", ("https://public.example/simple",))
    assert "long-password" not in repr(done)
    assert b"long-password" not in (tmp_path / "store").read_bytes()


def test_the_packages_of_a_repository_are_asked_about_where_its_configuration_says(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("requirements.txt", "plain==1.0\n").write(".npmrc", "registry=https://evil.example/\n")
    repo.write("asbuilt.toml", '[supply]\nregistries = { PyPI = ["https://company.example/simple"] }\n').commit()
    network = Network(company={"/simple/plain/": {"files": []}})
    done = fetch_registry(
        tmp_path / "repo", store=tmp_path / "store", around=user(tmp_path), way=network.way(), now=NOW
    )
    assert done.present == 1
    assert {own.url.host for own in network.seen} == {"company.example"}


def test_a_private_host_that_the_repository_names_is_not_asked(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    told = '[supply]\nregistries = { PyPI = ["https://10.0.0.1/simple"] }\n'
    repo.write("asbuilt.toml", f'{told}[sync]\nallow_private_hosts = ["10.0.0.1"]\n')
    repo.write("requirements.txt", "plain==1.0\n").commit()
    network = Network()
    done = fetch_registry(
        tmp_path / "repo", store=tmp_path / "store", around=user(tmp_path), way=network.way(), now=NOW
    )
    assert network.seen == []
    assert "not on the public internet" in done.unknown[0][1]


def test_a_new_store_where_nothing_is_to_be_asked_is_not_made(tmp_path: Path) -> None:
    done = fetched(tmp_path, Network(), "pkg:pub/jason@1")
    assert (done.asked, done.status) == (0, None)
    assert not (tmp_path / "store").exists()


def test_the_store_is_where_it_is_named_else_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ASBUILT_REGISTRY", raising=False)
    assert registry_file(tmp_path / "x") == tmp_path / "x"
    assert registry_file(None) == tmp_path / "cache" / "asbuilt" / "registry.sqlite"
    monkeypatch.setenv("ASBUILT_REGISTRY", str(tmp_path / "y"))
    assert registry_file(None) == tmp_path / "y"
    monkeypatch.delenv("ASBUILT_REGISTRY")
    (tmp_path / "cache" / "asbuilt").chmod(0o777)
    with pytest.raises(UsageError, match="no cache folder"):
        registry_file(None)
