"""Where a file stands, by its path: in code that tests, in examples, in settings of a developer, among tools.

What is found there counts for less than in the product, and says so; it is never left out.
"""

import re
from typing import Final, Literal

from asbuilt.model.scan import Severity

Surroundings = Literal["tests", "examples", "development", "tools"]
SAID: Final[dict[Surroundings, str]] = {
    "tests": "code that tests",
    "examples": "documentation, or an example",
    "development": "settings for a developer's own machine",
    "tools": "a script that is run by hand or by the build",
}
_TESTS: Final = re.compile(
    r"(?:^|/)(?:tests?|testing|__tests__|__mocks__|specs?|fixtures?|testdata|e2e|cypress|playwright|(?:unit|integration|functional)[-_]?tests?)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.py$|\.(?:[a-z]*test|spec|e2e-spec)\.[cm]?[jt]sx?$"
    r"|_test\.go$|(?:Tests?|IT)\.(?:java|kt|cs)$|Test\.php$|_(?:test|spec)\.(?:rb|exs)$"
    r"|(?:^|/)(?:\.env[._-]tests?|(?:config|env(?:ironments?)?)/tests?\.\w{1,5})$"
)
_EXAMPLES: Final = re.compile(
    r"(?:^|/)(?:docs?|documentation|docs_src|examples?|samples?|snippets|tutorials?|docs-[a-z]+|__fixtures__)/"
    r"|(?:^|/)[^/]*\.env[^/]*\.?(?:example|sample|template|dist|tpl|defaults?)$"
    r"|(?:^|/)[^/]*[._-](?:example|sample|template|dist)(?:\.[A-Za-z]{1,5})?$|\.(?:md|mdx|rst|adoc)$"
)
_DEVELOPMENT: Final = re.compile(
    r"(?:^|/)(?:settings|config|conf|env|environments?)/(?:[a-z]*[_-])?(?:dev|devel|development|local)(?:[._-][a-z]+)?\.\w{1,5}$"
    r"|(?:^|/)(?:settings|config)[_-](?:dev|development|local)\.\w{1,5}$|(?:^|/)(?:local|dev)_settings\.py$"
    r"|(?:^|/)(?:docker-)?compose[.-](?:dev|development|local)\.ya?ml$|(?:^|/)\.devcontainer/"
)
_TOOLS: Final = re.compile(
    r"(?:^|/)(?:scripts?|tools?|hack|\.github|\.circleci|ci|bin|build|benchmarks?)/"
    r"|(?:^|/)(?:Gruntfile|Gulpfile|gulpfile|setup|fabfile|tasks|noxfile)\.[a-z]{2,3}$|\.config\.[cm]?[jt]s$"
)
_TABLE: Final[tuple[tuple[Surroundings, re.Pattern[str]], ...]] = (
    ("tests", _TESTS),
    ("examples", _EXAMPLES),
    ("development", _DEVELOPMENT),
    ("tools", _TOOLS),
)
_RANKS: Final[tuple[Severity, ...]] = ("info", "low", "medium", "high", "critical")


def surroundings(path: str) -> Surroundings | None:
    """Where a file stands, by custom; None: where the product's own code stands."""
    return next((name for name, pattern in _TABLE if pattern.search(path)), None)


def is_test(path: str) -> bool:
    """Whether a path is of code that tests, by custom."""
    return _TESTS.search(path) is not None


def milder(one: Severity, other: Severity) -> Severity:
    """The lesser of two severities."""
    return min(one, other, key=_RANKS.index)
