"""The stores are where the commands that fill them put them."""

from pathlib import Path

import pytest

from asbuilt.app.advisories import store_file
from asbuilt.app.registry import registry_file
from asbuilt.app.supply_stores import ADVISORIES, REGISTRY, store_place


def test_a_variable_names_the_file() -> None:
    assert store_place(ADVISORIES, {ADVISORIES: "/a/b"}) == Path("/a/b")


def test_else_it_is_where_the_commands_put_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (ADVISORIES, REGISTRY):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path))
    assert store_place(REGISTRY, {}) is None  # nobody filled one
    filled = store_file(None), registry_file(None)
    assert (store_place(ADVISORIES, {}), store_place(REGISTRY, {})) == filled
