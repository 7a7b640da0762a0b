"""What a Python file imports."""

import pytest

from asbuilt.supply.imports.python import LARGEST, python_imports


def modules(text: str) -> list[tuple[str, int, bool]]:
    found = python_imports(text.encode())
    assert found is not None
    return [(own.module, own.line, own.optional) for own in found]


def test_absolute_imports_with_their_lines() -> None:
    assert modules(
        "import a, b.c\nfrom d.e import f\nfrom . import g\nfrom .h import i\ndef k():\n    import l\n"
    ) == [
        ("a", 1, False),
        ("b.c", 1, False),
        ("d.e", 2, False),
        ("d.e.f", 2, True),
        ("l", 6, False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import a\nexcept ImportError:\n    a = None",
        "if TYPE_CHECKING:\n    import a",
        "if sys.version_info < (3, 10):\n    import a",
        "with suppress(ImportError):\n    import a",
        'import_module("a")',
        'importlib.import_module("a")',
        'pytest.importorskip("a")',
    ],
)
def test_what_a_file_can_do_without_is_optional(text: str) -> None:
    assert [(name, optional) for name, _, optional in modules(text)] == [("a", True)]


@pytest.mark.parametrize(
    "data",
    [b"def", b"\x00", b"\xff\xfe", b"(" * 100_000, b"x" + b"+x" * 200_000, b"#" * (LARGEST + 1), b"-" * 90_000],
)
def test_what_is_no_python_is_told_and_never_a_crash(data: bytes) -> None:
    found = python_imports(data)
    assert found is None or found == ()


def test_a_text_that_looks_like_an_import_is_none() -> None:
    assert modules('"""\nimport a\n"""\n# import b\nx = "import c"\nimport_module(name)\nimport_module(".d")') == []
