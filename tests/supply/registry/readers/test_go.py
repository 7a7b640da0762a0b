"""What a module proxy says: lists, the newest version, what its ``go.mod`` takes back."""

import pytest

from asbuilt.model.registry_facts import COMMITTED, DATES, DEPRECATED, YANKED
from asbuilt.supply.formats import RefusedError
from asbuilt.supply.registry.answers import Answer
from asbuilt.supply.registry.probing import probe_index
from asbuilt.supply.registry.readers import go
from tests.supply.registry.written import INDEX, read

MODULE = "example.com/Acme/thing"
LIST = b"v1.0.0\nv1.2.0\nv1.1.0\nv1.3.0-rc.1\nv2.0.3+incompatible\n"
LATEST = {"Version": "v1.2.0", "Time": "2024-03-01T10:00:00Z"}
MOD = b"""// A module of ours.

// Deprecated: use example.com/other instead,
// it is faster.
module example.com/Acme/thing

go 1.21

retract v1.0.0 // holds a secret
retract (
\t// never meant to be
\t[v2.0.0+incompatible, v2.0.9+incompatible]
\tv1.1.0
)
retractx v1.2.0
require example.com/x v1.2.0
"""
OLDEST = {"Version": "v1.0.0", "Time": "2020-05-06T07:08:09Z"}


def test_what_is_listed_deprecated_and_retracted() -> None:
    facts = read("Go", MODULE, LIST, LATEST, MOD, OLDEST)
    assert (facts.exists, facts.releases, facts.latest) == (True, 5, "v1.2.0")
    assert facts.standing == "deprecated"
    assert facts.standing_why == "use example.com/other instead, it is faster."
    taken = {version: own.yanked_why for version, own in facts.versions.items() if own.yanked}
    assert taken == {"v1.0.0": "holds a secret", "v2.0.3+incompatible": "never meant to be", "v1.1.0": ""}
    assert facts.versions["v1.2.0"].yanked is False
    assert facts.first_released_at is None
    assert facts.why(DATES)
    assert facts.first_committed_at == 1_588_748_889


@pytest.mark.parametrize(
    ("mod", "told"),
    [
        (b"module a // Deprecated: no more\n", "no more"),
        (b"// Deprecated: gone\n\nmodule a\n", ""),  # a line between: it belongs to no module
        (b"module a\n", ""),
    ],
)
def test_a_deprecation_stands_right_before_the_module_or_behind_it(mod: bytes, told: str) -> None:
    assert read("Go", MODULE, LIST, LATEST, mod, OLDEST).standing_why == told


def test_what_is_asked_further_is_of_the_newest_release_and_of_the_oldest() -> None:
    listed = Answer(200, LIST)
    place = f"{INDEX}/example.com/!acme/thing/@v"
    assert go.asks(INDEX, MODULE) == (f"{place}/list", f"{INDEX}/example.com/!acme/thing/@latest")
    assert go.asks_more(INDEX, MODULE, [listed, Answer(404)]) == (f"{place}/v1.2.0.mod", f"{place}/v1.0.0.info")
    assert go.asks_more(INDEX, MODULE, [listed, Answer(404), Answer(404), Answer(404)]) == ()
    assert go.asks_more(INDEX, MODULE, [Answer(200, b""), Answer(404)]) == ()
    pseudo = Answer(200, b'{"Version": "v0.0.0-20240101000000-abcdefabcdef"}')
    assert len(go.asks_more(INDEX, MODULE, [Answer(200, b""), pseudo])) == 2


def test_a_module_without_a_release_is_there_when_it_has_a_newest_commit() -> None:
    facts = read(
        "Go", MODULE, b"", {"Version": "v0.0.0-20240101000000-abcdefabcdef", "Time": "2024-01-01T00:00:00Z"}
    )
    assert (facts.exists, facts.releases) == (True, 1)
    assert facts.why(YANKED)
    assert facts.why(DEPRECATED)
    assert read("Go", MODULE, b"", Answer(404)).exists is None  # it may be at its own place


@pytest.mark.parametrize(
    "mod", [Answer(404), Answer(None, why="no answer"), Answer(200, b"<html>"), Answer(200, b"\xff\xfe")]
)
def test_a_go_mod_that_cannot_be_read_leaves_what_is_taken_back_unknown(mod: Answer) -> None:
    facts = read("Go", MODULE, LIST, LATEST, mod, OLDEST)
    assert {own.yanked for own in facts.versions.values()} == {None}
    assert facts.why(YANKED)


def test_absent_and_unreadable() -> None:
    assert read("Go", MODULE, Answer(404)).exists is False
    assert read("Go", MODULE, Answer(410)).exists is False
    assert read("Go", MODULE, Answer(500)).exists is None
    assert read("Go", MODULE, b"<html>a page</html>", LATEST).exists is None
    with pytest.raises(RefusedError):
        go.asks_more(INDEX, MODULE, [Answer(200, b"<html>"), Answer(404)])


def test_a_proxy_that_makes_up_times_or_leaves_the_file_out_is_not_believed() -> None:
    honest = {
        "github.com/golang/protobuf": read("Go", "github.com/golang/protobuf", LIST, LATEST, MOD, OLDEST),
        "github.com/mattn/go-sqlite3": read(
            "Go", "github.com/mattn/go-sqlite3", LIST, LATEST, MOD, {"Time": "2014-01-01T00:00:00Z"}
        ),
    }
    assert probe_index(go.PROBES, honest) == {}
    liar = {name: read("Go", name, LIST, LATEST, Answer(404), {"Time": "2026-01-01T00:00:00Z"}) for name in honest}
    assert set(probe_index(go.PROBES, liar)) == {DEPRECATED, YANKED, COMMITTED}
