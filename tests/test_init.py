"""The public API: typed, lazy, and light to import."""

import subprocess
import sys

import pytest

import asbuilt


def test_importing_asbuilt_loads_no_heavy_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import asbuilt; "
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith(('asbuilt', 'importlib'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    loaded = set(eval(done.stdout))
    assert (
        loaded & {"msgspec", "numpy", "duckdb", "sqlglot", "rich", "click", "pygit2", "subprocess", "tomllib"}
        == set()
    )
    assert len(loaded) < 40


@pytest.mark.parametrize("name", sorted(asbuilt._HOMES))
def test_every_public_name_is_there_and_is_what_its_home_has(name: str) -> None:
    assert getattr(asbuilt, name) is getattr(sys.modules[asbuilt._HOMES[name]], name)
    assert name in dir(asbuilt)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = asbuilt.nothing


def test_python_m_asbuilt_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "asbuilt", "--version"], capture_output=True, check=True)
    assert done.stdout.startswith(f"asbuilt {asbuilt.__version__} ".encode())
