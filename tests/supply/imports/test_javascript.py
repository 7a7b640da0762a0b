"""What a JavaScript or TypeScript file imports."""

import time

import pytest

from asbuilt.supply.imports.javascript import javascript_imports, package_of
from asbuilt.supply.imports.python import LARGEST


def modules(text: str) -> list[tuple[str, int]]:
    found = javascript_imports(text.encode())
    assert found is not None
    return [(own.module, own.line) for own in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('import a from "x"', ["x"]),
        ("import 'x'", ["x"]),
        ('import type { A, B as C } from "@s/x/deep"', ["@s/x/deep"]),
        ('import * as a from "x"; export * from "y"; export { b } from "z"', ["x", "y", "z"]),
        ('const a = require("x"), b = require.resolve("y"), c = await import("z")', ["x", "y", "z"]),
        (
            'import a from "./x"; require("../y"); import("/z"); import "https://x.example/y"; import "@/a"; import "#b"',
            [],
        ),
        ('// import "x"\n/* require("y") */ const t = `import("z")`; const s = "require(\'w\')"', []),
        ("const r = /[/\"']/; const q = a / b / c; import x from 'y'", ["y"]),
        ("if (x) return /'/.test(y)\nrequire('z')", ["z"]),
        ("<p>don't</p>\nimport a from 'x'", ["x"]),
        ('const t = `a ${b} "c"`; require("x")', ["x"]),
        ('notrequire("x"); obj.from("y"); require(name); require(`z`)', []),
        ('import a from "x\\\n"', []),
    ],
)
def test_what_is_imported(text: str, found: list[str]) -> None:
    assert [module for module, _ in modules(text)] == found


def test_lines_are_counted_over_comments_and_templates() -> None:
    assert modules('/*\n\n*/ const t = `\n`\n\nimport a from "x"\nimport {\n b\n} from "y"') == [("x", 6), ("y", 9)]


def test_what_is_tried_is_optional_and_what_comes_after_is_not() -> None:
    found = javascript_imports(b"try { if (a) { require('x') } } catch { } require('y')")
    assert found is not None
    assert [(own.module, own.optional) for own in found] == [("x", True), ("y", False)]


@pytest.mark.parametrize(
    "data",
    [b"/*" * 500_000, b"`" * 1_000_001, b"'" * 1_000_001, b"/" * 1_000_000, b"`\\" * 500_000, b"/[" * 500_000],
)
def test_hostile_text_is_read_in_time(data: bytes) -> None:
    begun = time.process_time()
    assert javascript_imports(data) == ()
    assert time.process_time() - begun < 8


def test_what_is_no_text_or_too_large_is_told() -> None:
    assert javascript_imports(b"\xff\xfe") is None
    assert javascript_imports(b" " * (LARGEST + 1)) is None


@pytest.mark.parametrize(
    ("module", "package"),
    [("x/y", "x"), ("@s/x/y", "@s/x"), ("@/x", None), ("./x", None), ("#x", None), ("~/x", None), ("@s", None)],
)
def test_packages_of_specifiers(module: str, package: str | None) -> None:
    assert package_of(module) == package
