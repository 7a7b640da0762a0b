"""Where files stand, by their paths, and what that makes of a severity."""

import pytest

from asbuilt.scans.surroundings import SAID, Surroundings, is_test, milder, surroundings


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/a.py", "tests"), ("src/test_a.py", "tests"), ("a/conftest.py", "tests"), ("a/b.spec.ts", "tests"),
        ("a/b.servertest.ts", "tests"), ("aggregator/tests.py", "tests"), ("redact/redact_test.go", "tests"),
        ("src/test/java/A.java", "tests"), ("src/CartTests.cs", "tests"), ("CartTest.php", "tests"),
        ("cart_spec.rb", "tests"), ("config/env/test.js", "tests"), (".env.test", "tests"),
        ("docs/guide.py", "examples"), ("examples/tutorial/app.py", "examples"), (".env.example", "examples"),
        ("README.md", "examples"), ("content/a.mdx", "examples"), (".env.dev-azure.example", "examples"),
        ("config.sample.yml", "examples"), ("env.sample", "examples"),
        ("djangoproject/settings/dev.py", "development"), ("config/settings/local.py", "development"),
        ("config/env/development.js", "development"), ("settings_local.py", "development"),
        ("docker-compose.dev.yml", "development"), ("config/dev.exs", "development"),
        ("scripts/release.mjs", "tools"), ("Gruntfile.js", "tools"), ("webpack.config.js", "tools"),
        ("src/a.py", None), ("contest/a.py", None), ("latest.py", None), ("src/attest.py", None), (".env", None),
        (".env.production", None), ("src/device.py", None), ("settings/production.py", None), ("app/local.py", None),
        ("template.py", None), ("src/documents/a.py", None), ("src/sampler.py", None), ("compose.yaml", None),
    ],
)  # fmt: skip
def test_a_path_says_where_a_file_stands(path: str, expected: Surroundings | None) -> None:
    assert surroundings(path) == expected
    assert is_test(path) is (expected == "tests")


def test_every_kind_is_said() -> None:
    assert all(SAID.values())


def test_the_milder_of_two_severities() -> None:
    assert milder("high", "low") == milder("low", "critical") == "low"
    assert milder("info", "low") == "info"
