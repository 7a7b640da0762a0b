"""Where imports and declarations disagree, and where they only seem to."""

from collections.abc import Iterator

from asbuilt.supply.imports.usage import Usages, find_usage
from asbuilt.supply.reading import TreeFile, read_tree


def tree(files: dict[str, str]) -> Iterator[TreeFile]:
    for path, text in files.items():
        yield path, len(text), text.encode


def usages(**files: str) -> Usages:
    named = {path.replace("__", "/").replace("_DOT_", "."): text for path, text in files.items()}
    return find_usage(tree(named), read_tree(tree(named)).components)


def of(files: dict[str, str]) -> tuple[list[str], list[str]]:
    found = find_usage(tree(files), read_tree(tree(files)).components)
    return [own.package for own in found.undeclared], [own.name for own in found.unused]


def test_an_import_that_nothing_declares_and_a_package_that_nothing_imports() -> None:
    files = {
        "requirements.txt": "requests>=2\nPyYAML>=6\nleft-over>=1\nhttpx\n",
        "app/main.py": "import os, requests, yaml, httpx\nimport huggingface_cli.tool\nfrom app import other\nfrom . import x\n",
        "app/other.py": "",
    }
    assert of(files) == (["huggingface-cli"], ["left-over"])
    found = find_usage(tree(files), read_tree(tree(files)).components)
    assert (found.undeclared[0].module, found.undeclared[0].path, found.undeclared[0].line) == (
        "huggingface_cli.tool",
        "app/main.py",
        2,
    )


def test_words_that_are_parted_in_other_places_are_the_same_name() -> None:
    files = {"requirements.txt": "django-soft-delete\nx\n", "app.py": "import django_softdelete.models, x, soft\n"}
    assert of(files) == (["soft"], [])


def test_names_that_differ_from_what_is_imported_are_known() -> None:
    files = {
        "requirements.txt": "beautifulsoup4>=4\npython-dateutil>=2\ngoogle-cloud-storage>=2\npython-slugify>=1\n",
        "main.py": "import bs4, dateutil\nfrom google.cloud import storage\nfrom slugify import slugify\n",
    }
    assert of(files) == ([], [])


def test_what_may_be_meant_otherwise_is_not_told() -> None:
    files = {
        "requirements.txt": "flask>=2\ngunicorn>=20\ndjango-environ>=1\nplug-in>=1\n",
        "main.py": "import flask\ntry:\n    import maybe\nexcept ImportError:\n    pass\n",
        "setup.cfg": "[tool]\nplugins = plug_in\nuse = django-environ\n",
        "tests/test_main.py": "import only_in_tests\n",
        "lib/inner/tool.py": "import lib, inner\n",
    }
    assert of(files) == ([], [])


def test_a_list_of_what_was_installed_is_no_declaration() -> None:
    compiled = "a==1\n    # via b\nb==1\nflask==1\n"
    assert of({"requirements.txt": compiled, "main.py": "import flask\n"}) == ([], [])
    frozen = "".join(f"p{number}==1\n" for number in range(9)) + "flask==1\n"
    assert of({"requirements.txt": frozen, "main.py": "import flask\n"}) == ([], [])


def test_javascript_by_its_manifest() -> None:
    manifest = (
        '{"name": "own", "dependencies": {"react": "^18", "left-over": "1", "started": "1", "three": "1", "four": "npm:other@1"}, '
        '"devDependencies": {"@types/estree": "1"}, "scripts": {"x": "started --now"}}'
    )
    files = {
        "package.json": manifest,
        "src/a.ts": "import React from 'react'\nimport fs from 'node:fs'\nimport { x } from 'own'\nimport 'three/deep'\nimport 'four'\n"
        "import type { N } from 'estree'\nimport 'src/b'\nimport 'invented-connector/x'\nimport p from 'path'\n",
    }
    assert of(files) == (["invented-connector"], ["left-over"])


def test_without_any_declaration_nothing_is_told() -> None:
    assert of({"main.py": "import anything\n", "a.js": "require('x')"}) == ([], [])


def test_what_cannot_be_parsed_is_told_and_broken_manifests_are_passed_over() -> None:
    found = usages(requirements_DOT_txt="flask>=1\n", main_DOT_py="def", package_DOT_json="{")
    assert found.unread == ("main.py",)


def test_a_path_of_typescript_is_the_products_own() -> None:
    files = {
        "package.json": '{"name": "x", "dependencies": {"a": "1"}}',
        "web/tsconfig.json": '{/* ours */ "compilerOptions": {"paths": {"@acme/*": ["./*"], "~lib": ["./lib"], "*": ["t"]}}}',
        "jsconfig.json": "[",
        "main.ts": "import '@acme/data'; import '~lib'; import 'a'; import '@other/data'\n",
    }
    assert of(files) == (["@other/data"], [])
