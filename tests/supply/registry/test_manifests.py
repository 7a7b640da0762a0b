"""Whether the repository that a package claims names it."""

import msgspec
import pytest

from asbuilt.model.registry_facts import MANIFEST, PackageFacts
from asbuilt.supply.registry.answers import Answer
from asbuilt.supply.registry.manifests import manifests_of, with_manifests


def facts(
    ecosystem: str = "npm", name: str = "thing", url: str | None = "https://github.com/acme/thing"
) -> PackageFacts:
    return PackageFacts(
        ecosystem=ecosystem, name=name, index="https://r.example", asked_at=1, exists=True, repository_url=url
    )


@pytest.mark.parametrize(
    ("own", "place", "files"),
    [
        (facts(), "acme/thing", ("package.json",)),
        (
            facts("PyPI", url="https://github.com/acme/thing.git"),
            "acme/thing",
            ("pyproject.toml", "setup.cfg", "setup.py"),
        ),
        (facts(url="https://github.com/acme/thing/tree/main/packages/x"), "", ()),
        (facts(url="https://github.com/acme/.."), "", ()),
        (facts(url=None), "", ()),
        (facts("NuGet"), "", ()),
    ],
)
def test_what_is_asked_for(own: PackageFacts, place: str, files: tuple[str, ...]) -> None:
    assert manifests_of(own) == (place, files)


@pytest.mark.parametrize(
    ("ecosystem", "name", "file", "body", "told"),
    [
        ("npm", "thing", "package.json", b'{"name": "thing"}', True),
        ("npm", "thing", "package.json", b'{"name": "lodash"}', False),
        ("npm", "thing", "package.json", b'{"name": "root", "workspaces": ["packages/*"]}', None),
        ("npm", "thing", "package.json", b'{"name": "root", "private": true}', None),
        ("npm", "thing", "package.json", b"{", None),
        ("npm", "thing", "package.json", b"[]", None),
        ("PyPI", "The_Thing", "pyproject.toml", b'[project]\nname = "the.thing"\n', True),
        ("PyPI", "thing", "pyproject.toml", b'[tool.poetry]\nname = "requests"\n', False),
        ("PyPI", "thing", "pyproject.toml", b'[project]\nname = "root"\n[tool.uv.workspace]\n', None),
        ("PyPI", "thing", "pyproject.toml", b"[build-system]\n", None),
        ("PyPI", "thing", "setup.cfg", b"[metadata]\nname = thing\n", True),
        ("PyPI", "thing", "setup.py", b"setup(\n    name='requests',\n)\n", False),
        ("PyPI", "thing", "setup.py", b"setup(name=NAME)\n", None),
        ("crates.io", "thing", "Cargo.toml", b'[package]\nname = "serde"\n', False),
        ("crates.io", "thing", "Cargo.toml", b'[package]\nname = "serde"\n[workspace]\n', None),
        ("Packagist", "acme/thing", "composer.json", b'{"name": "acme/thing"}', True),
        ("Hex", "thing", "mix.exs", b"app: :phoenix,", False),
        ("Hex", "thing", "mix.exs", b"app: :phoenix, apps_path: 'apps'", None),
        (
            "Maven",
            "org.acme:thing",
            "pom.xml",
            b"<project><artifactId>thing</artifactId><parent><groupId>org.acme</groupId></parent></project>",
            True,
        ),
        (
            "Maven",
            "org.acme:thing",
            "pom.xml",
            b"<project><groupId>a</groupId><artifactId>b</artifactId><modules/></project>",
            None,
        ),
    ],
)
def test_what_manifests_name(ecosystem: str, name: str, file: str, body: bytes, told: bool | None) -> None:
    found = with_manifests(facts(ecosystem, name), {file: Answer(200, body)})
    assert found.repository_names_it is told
    assert bool(found.why(MANIFEST)) == (told is None)


def test_one_manifest_that_names_it_is_enough_and_none_or_a_refusal_is_not_known() -> None:
    other, own = Answer(200, b'[project]\nname = "requests"\n'), Answer(200, b"name = thing\n")
    python = facts("PyPI")
    assert with_manifests(python, {"pyproject.toml": other, "setup.cfg": own}).repository_names_it is True
    refused = with_manifests(python, {"pyproject.toml": other, "setup.py": Answer(403)})
    assert (refused.repository_names_it, "answers 403" in refused.why(MANIFEST)) == (None, True)
    silent = with_manifests(python, {"pyproject.toml": Answer(None, why="no answer came")})
    assert silent.why(MANIFEST) == "no answer came"
    none = with_manifests(python, {"pyproject.toml": Answer(404), "setup.py": Answer(404)})
    assert "no manifest" in none.why(MANIFEST)
    many = Answer(200, "\n".join(f"name='n{number}'," for number in range(50)).encode())
    assert len(with_manifests(python, {"setup.py": many}).repository_names) == 5
    assert msgspec.structs.replace(python, repository_names_it=None) == python
