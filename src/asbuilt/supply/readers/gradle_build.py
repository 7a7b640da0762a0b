"""``build.gradle`` and ``build.gradle.kts``: components that are written out; the rest is told, not guessed.

Nothing of the code is executed. Read are ``dependencies`` (with those of ``buildscript``) and ``plugins`` blocks;
what a version catalogue names is told where the catalogue itself is read.
"""

import posixpath
import re
from typing import Final, NamedTuple

from asbuilt.model.component import Scope
from asbuilt.supply.beside import folders_above
from asbuilt.supply.code_words import (
    DEEPEST,
    Gaps,
    Word,
    Words,
    closing,
    literal,
    named,
    parts,
    statements,
    words_of,
)
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Beside, Gathering, Reading, gathered
from asbuilt.supply.readers.gradle_catalog import marker_of

READS: Final = ("build.gradle", "build.gradle.kts")
BESIDE: Final = True
LOCKS: Final = ("gradle.lockfile", "gradle/verification-metadata.xml", "verification-metadata.xml")
CATALOG: Final = "gradle/libs.versions.toml"
_PLAIN: Final = re.compile(r"[\w.-]+:[\w.-]+(?::[^:@\s]+)?(?::[\w.-]+)?(?:@[\w.]+)?\Z")
_FOR_BUILDING: Final = re.compile(
    r"(?i:.*test.*)|classpath|developmentOnly|(?i:.*(?:annotationprocessor|kapt|ksp|lintchecks|lintpublish|detekt.*))"
)
_AT_RUN_TIME: Final = re.compile(r"(?i:.*(?:implementation|api|runtimeonly|runtime|compile))")
_PROVIDED: Final = re.compile(r"(?i:.*(?:compileonly|compileonlyapi)|provided(?:compile|runtime)?)")
_WRAPS: Final = frozenset({"platform", "enforcedPlatform", "testFixtures", "dependencies.platform", "variantOf"})
_MOST_WRAPS: Final = 3  # one in another
_OWN: Final = frozenset({"project", "gradleApi", "localGroovy", "gradleTestKit", "gradleKotlinDsl", "projects"})
_SETS: Final = frozenset({"def", "val", "var", "exclude", "import", "println"})
_MAY_BE: Final = frozenset({"if", "else", "for", "while", "try", "catch"})


class _Context(NamedTuple):
    """What is read, with what else lies there, and what could not be."""

    found: Gathering
    gaps: Gaps
    has_catalog: bool


class _Use(NamedTuple):
    """One configuration: its name, its line, and whether the line may be left out."""

    name: str
    line: int
    may_be: bool

    def scope(self) -> Scope | None:
        """What its components are needed for; a configuration of the build's own does not say."""
        if _FOR_BUILDING.fullmatch(self.name):
            return "development"
        if _PROVIDED.fullmatch(self.name):
            return "optional"
        if _AT_RUN_TIME.fullmatch(self.name):
            return "optional" if self.may_be else "runtime"
        return None


def read(data: bytes, path: str, beside: Beside) -> Reading:
    """The components that a build of Gradle declares."""
    return gathered("Maven", path, lambda found: _fill(found, read_text(data), beside))


def _fill(found: Gathering, text: str, beside: Beside) -> None:
    words = words_of(text, "slashes")
    has_catalog = any(beside(posixpath.join(each, CATALOG)) is not None for each in folders_above(found.path))
    own = _Context(found, Gaps(), has_catalog)
    stack: list[str] = []
    for statement, opens in _flat(words):
        if not statement:
            stack = stack[:-1]
            continue
        if len(stack) > DEEPEST:
            raise RefusedError("It is nested too deep.", statement[0].line)
        _take(own, stack, statement, opens=opens)
        if opens:
            stack.append(_kind(stack, statement))
    own.gaps.tell(found, LOCKS, beside)


def _flat(words: Words) -> list[tuple[list[Word], bool]]:
    """Statements in the order of the text, each with whether it opens a block; an empty one closes the last."""
    found: list[tuple[list[Word], bool]] = []
    for own in statements(words, lambda each: each.kind == "mark" and each.text in "{};"):
        mark = own[0].text if own[0].kind == "mark" else ""
        if mark == "{":
            if found and found[-1][0] and not found[-1][1]:
                found[-1] = (found[-1][0], True)
            else:
                found.append((own, True))
        elif mark == "}":
            found.append(([], False))
        elif mark != ";":
            found.append((own, False))
    return found


def _kind(stack: list[str], statement: list[Word]) -> str:
    """What a block is: one that is only perhaps run is what it stands in."""
    first = statement[0].text
    if stack and stack[-1].startswith("dependencies"):
        return "dependencies?" if first in _MAY_BE else "own"
    if stack and stack[-1] == "own":
        return "own"
    return "dependencies" if first in {"dependencies", "project.dependencies"} else first


def _take(own: _Context, stack: list[str], statement: list[Word], *, opens: bool) -> None:
    """One statement, where its block is one that is read."""
    first, line = statement[0].text, statement[0].line
    if first == "apply" and any(each.text == "from" for each in statement):
        own.gaps.note(f"Another script is applied, which is not read: {_shown(statement)}.", line)
    elif first.startswith(("[", "<")) and not stack:
        own.gaps.note(f"It is no build file as Gradle writes them: {_shown(statement)}.", line)
    elif stack == ["plugins"]:
        _plugin(own, statement)
    elif stack and stack[-1].startswith("dependencies"):
        if first in _MAY_BE or first in _SETS or (opens and first in {"constraints", "modules", "components"}):
            return
        if len(statement) > 1 and statement[1].text == "=":
            return
        _declared(own, statement, may_be=stack[-1].endswith("?"))


def _plugin(own: _Context, statement: list[Word]) -> None:
    """A plugin with its version; one without is Gradle's own, or told where its version is."""
    first, line = statement[0].text, statement[0].line
    if first == "alias":
        _catalogued(own, statement)
        return
    texts = [each for each in statement if each.kind in {"text", "computed"}]
    at = next((place for place, each in enumerate(statement) if each.text.rpartition(".")[2] == "version"), None)
    if first not in {"id", "kotlin"} or not texts or texts[0].kind == "computed":
        if first not in {"id", "kotlin"} and len(statement) == 1:
            return  # a plugin of Gradle itself, by its name
        own.gaps.note(f"A plugin is computed: {_shown(statement)}.", line)
        return
    if at is None:
        return
    name = texts[0].text if first == "id" else f"org.jetbrains.kotlin.{texts[0].text}"
    version = next((each for each in statement[at + 1 :] if each.kind in {"text", "computed", "word"}), None)
    is_told = version is not None and version.kind == "text"
    if not is_told:
        own.gaps.note(f"The version of the plugin {name!r:.100} is computed.", line)
    own.found.add(
        marker_of(name),
        None,
        line=line,
        declared=version.text if version is not None and is_told else None,
        direct=True,
        scope="development",
    )


def _declared(own: _Context, statement: list[Word], *, may_be: bool) -> None:
    """The components of one configuration."""
    name = statement[0]
    given = statement[1:]
    if given and given[0].text == "(":
        end = closing(given, 0)
        given = given[1:end]
    told = parts(given)
    if name.text == "add" and told:
        use = _Use(literal(told[0]) or "", name.line, may_be)
        told = told[1:]
    else:
        use = _Use(name.text, name.line, may_be)
    if name.kind not in {"word", "text"} or not told:
        own.gaps.note(f"What is declared here is computed: {_shown(statement)}.", name.line)
        return
    pairs = dict(each for part in told if (each := named(part)) is not None)
    if "name" in pairs:
        _mapped(own, pairs, use)
        return
    for part in told:
        if named(part) is None:
            _argument(own, part, use)


def _mapped(own: _Context, pairs: dict[str, Words], use: _Use) -> None:
    """``group: 'g', name: 'a', version: '1'``."""
    group, name = (literal(pairs.get(key, ())) for key in ("group", "name"))
    version = literal(pairs.get("version", ()))
    if not group or not name:
        own.gaps.note("The group or the name of a component is computed, or left out.", use.line)
        return
    is_computed = "version" in pairs and version is None
    if is_computed:
        own.gaps.note(f"The version of '{group:.100}:{name:.100}' is computed.", use.line)
    _add(own, f"{group}:{name}", None if is_computed else version or "*", use.line, use)


def _argument(own: _Context, part: Words, use: _Use, depth: int = 0) -> None:
    """One component, by itself or in a call that says how it is taken."""
    first, line = part[0], part[0].line
    if first.kind == "text" and _PLAIN.match(first.text):
        group, name, version = [*first.text.partition("@")[0].split(":"), ""][:3]
        _add(own, f"{group}:{name}", version or "*", line, use)
    elif first.kind == "computed" and (plain := re.match(r"([\w.-]+:[\w.-]+):[^:]", first.text)):
        own.gaps.note(f"The version of {plain[1]!r:.100} is computed.", line)
        _add(own, plain[1], None, line, use)
    elif (
        first.kind == "word"
        and first.text in _WRAPS
        and depth < _MOST_WRAPS
        and [each.text for each in part[1:2]] == ["("]
    ):
        for each in parts(part[2 : closing(part, 1)])[:1]:
            _argument(own, each, use, depth + 1)
    elif first.kind == "word" and first.text.split(".")[0] == "libs":
        _catalogued(own, part)
    elif first.text == "kotlin" and len(part) > 2:
        _kotlin(own, parts(part[2 : closing(part, 1)]), use, part)
    elif first.text.split(".")[0] not in _OWN:
        own.gaps.note(f"What is declared here is computed, or lies in files: {_shown(part)}.", line)


def _kotlin(own: _Context, given: list[list[Word]], use: _Use, part: Words) -> None:
    """``kotlin("test")``: a module of Kotlin, in the version of its plugin where none is said."""
    name = literal(given[0]) if given else None
    version = literal(given[1]) if len(given) > 1 else "*"
    if name is None or version is None:
        own.gaps.note(f"What is declared here is computed: {_shown(part)}.", use.line)
    if name is not None:
        _add(own, f"org.jetbrains.kotlin:kotlin-{name}", version, use.line, use)


def _catalogued(own: _Context, part: Words) -> None:
    if not own.has_catalog:
        own.gaps.note(f"It is taken of a version catalogue that is not in this tree: {_shown(part)}.", part[0].line)


def _add(own: _Context, name: str, declared: str | None, line: int, use: _Use) -> None:
    own.found.add(name, None, line=line, declared=declared, direct=True, scope=use.scope())


def _shown(words: Words) -> str:
    return repr(" ".join(each.text for each in words[:12]))[:100]
