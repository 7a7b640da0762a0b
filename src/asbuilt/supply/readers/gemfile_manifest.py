"""``Gemfile`` and ``gems.rb`` of Bundler: gems that are written out; what is computed is told, and not guessed.

Nothing of the code is executed: ``gem`` with texts, and blocks of ``group``, ``git``, ``path`` and ``source``.
"""

from typing import Final, NamedTuple

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.code_words import DEEPEST, Gaps, Words, literal, named, parts, statements, symbols, words_of
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Beside, Gathering, Reading, gathered

READS: Final = ("Gemfile", "gems.rb")
BESIDE: Final = True
LOCKS: Final = ("Gemfile.lock", "gems.locked")
_GROUPS: Final[dict[str, Scope]] = {
    "default": "runtime",
    "production": "runtime",
    "development": "development",
    "test": "development",
}
_RANK: Final[tuple[Scope, ...]] = ("runtime", "optional", "development")
_SAYS_NOTHING: Final = frozenset({"source", "ruby", "git_source", "plugin", "puts", "warn", "then"})
_OPENS: Final = frozenset({"if", "unless", "case", "while", "until", "begin", "for", "def"})
_GOES_ON: Final = frozenset({"else", "elsif", "when", "rescue", "ensure"})
_HOSTS: Final = {"github": "https://github.com/{}.git", "gist": "https://gist.github.com/{}.git"}
_CONDITIONS: Final = frozenset({"platform", "platforms", "install_if"})
_OPTIONS: Final = frozenset(
    {
        "require",
        "platform",
        "platforms",
        "install_if",
        "force_ruby_platform",
        "source",
        "glob",
        "submodules",
        "name",
    }
    | {"type", "ref", "tag", "branch", "group", "groups", "path"}
)


class _Block(NamedTuple):
    """What holds for gems in a block: groups, where from, and whether it may be left out."""

    groups: tuple[str, ...] = ()
    source: Origin = "registry"
    url: str | None = None
    may_be: bool = False


def read(data: bytes, path: str, beside: Beside) -> Reading:
    """The gems that a Gemfile declares."""
    return gathered("RubyGems", path, lambda found: _fill(found, read_text(data), beside))


def _fill(found: Gathering, text: str, beside: Beside) -> None:
    gaps = Gaps()
    stack = [_Block()]
    for own in statements(words_of(text, "hash"), lambda each: each.text == ";"):
        first = own[0].text
        if len(stack) > DEEPEST:
            raise RefusedError("It is nested too deep.", own[0].line)
        is_assigned = len(own) > 1 and own[0].kind == "word" and own[1].text == "="
        if first == "end":
            stack = stack[:-1] or [_Block()]
        elif first in _OPENS:
            stack.append(stack[-1]._replace(may_be=True))
        elif first in _GOES_ON or first == ";":
            continue
        elif first == "gem":
            _gem(found, gaps, own, stack[-1])
        elif any(each.kind == "word" and each.text == "do" for each in own):
            stack.append(_block(gaps, own, stack[-1]))
        elif first not in _SAYS_NOTHING and not is_assigned:
            what = "a gemspec beside it" if first == "gemspec" else "code that is not executed"
            gaps.note(f"What it declares by {what} is not read: {_shown(own)}.", own[0].line)
    gaps.tell(found, LOCKS, beside)


def _block(gaps: Gaps, own: Words, outer: _Block) -> _Block:
    """What holds inside of ``… do``."""
    first = own[0].text
    at = next(place for place, each in enumerate(own) if each.text == "do")
    told = parts(_bare(own[1:at]))
    plain = [each for each in told if named(each) is None]
    if first == "group":
        names = [symbols(each) for each in plain]
        groups = tuple(name for each in names for name in each or ())
        if not groups or None in names:
            gaps.note(f"A group is computed: {_shown(own)}.", own[0].line)
        return outer._replace(groups=groups or outer.groups)
    address = literal(plain[0]) if plain else None
    if first in {"git", "path", "github", "gist"} and address is not None:
        url = None if first == "path" else _HOSTS.get(first, "{}").format(address)
        return outer._replace(source="file" if first == "path" else "git", url=url)
    if first not in {"platform", "platforms", "source", "install_if"}:
        gaps.note(f"What it declares by code that is not executed is not read: {_shown(own)}.", own[0].line)
    return outer._replace(may_be=outer.may_be or first != "source")


def _gem(found: Gathering, gaps: Gaps, own: Words, block: _Block) -> None:
    line = own[0].line
    tail = next((at for at, each in enumerate(own) if at and each.text in {"if", "unless"}), len(own))
    given = parts(_bare(own[1:tail]))
    name = literal(given[0]) if given else None
    if name is None:
        gaps.note(f"The name of a gem is computed: {_shown(own)}.", line)
        return
    ranges: list[str] = []
    is_computed = False
    options: dict[str, Words] = {}
    for part in given[1:]:
        pair = named(part)
        if pair is not None:
            options[pair[0]] = pair[1]
        elif (told := symbols(part)) is not None and part[0].text != ":":
            ranges += told
        else:
            is_computed = True
            gaps.note(f"The version of {name!r:.100} is computed: {_shown(own)}.", line)
    source, url = _origin(gaps, name, options, block, line)
    groups = block.groups
    for key in ("group", "groups"):
        if key in options:
            groups += tuple(symbols(options[key]) or ())
    scope: Scope = min((_GROUPS.get(each, "optional") for each in groups), key=_RANK.index, default="runtime")
    may_be = block.may_be or tail < len(own) or not _CONDITIONS.isdisjoint(options)
    found.add(
        name,
        None,
        line=line,
        declared=None if is_computed else ", ".join(ranges) or "*",
        direct=True,
        scope="optional" if may_be and scope == "runtime" else scope,
        source=source,
        origin_url=url,
    )


def _origin(
    gaps: Gaps, name: str, options: dict[str, Words], block: _Block, line: int
) -> tuple[Origin, str | None]:
    """Where a gem comes from; an option that is not Bundler's is the name of a host of git."""
    if "path" in options:
        return "file", None
    kind = next((key for key in options if key not in _OPTIONS), None)
    if kind is None:
        return block.source, block.url
    address = literal(options[kind])
    if address is None:
        gaps.note(f"Where {name!r:.100} comes from is computed.", line)
    known = _HOSTS.get(kind, "{}") if kind in {"git", *_HOSTS} else None
    url = known.format(address) if known and address else None
    mark = next((told for key in ("ref", "tag", "branch") if (told := literal(options.get(key, ())))), None)
    return "git", f"{url}@{mark}" if url and mark else url


def _bare(words: Words) -> Words:
    return words[1:-1] if len(words) > 1 and (words[0].text, words[-1].text) == ("(", ")") else words


def _shown(words: Words) -> str:
    return repr(" ".join(each.text for each in words[:12]))[:100]
