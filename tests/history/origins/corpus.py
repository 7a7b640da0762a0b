"""Histories of every shape that line origins must get right, one function each."""

import random
from collections.abc import Callable

from tests.history.origins.histories import EXECUTABLE, SUBMODULE, SYMLINK, Entry, History

SHAPES: dict[str, Callable[[], History]] = {}


def shape(make: Callable[[], History]) -> Callable[[], History]:
    SHAPES[make.__name__] = make
    return make


def text(*lines: object) -> bytes:
    return b"".join(f"{line}\n".encode() for line in lines)


def numbered(first: int, last: int, mark: str = "line") -> list[str]:
    return [f"{mark} {number} of the file" for number in range(first, last + 1)]


@shape
def straight() -> History:
    h = History()
    a = h.commit({b"a": text(1, 2, 3), b"dir/b": text("x")})
    b = h.commit({b"a": text(1, "two", 3, 4), b"dir/b": text("x")}, a)
    c = h.commit({b"a": text(0, 1, "two", 3, 4), b"dir/b": text("x", "y")}, b)
    h.commit({b"a": text(0, 1, 4), b"dir/b": text("y", "x", "y"), b"dir.c": text("new")}, c)
    return h


@shape
def clean_merge() -> History:
    h = History()
    base = numbered(1, 20)
    a = h.commit({b"a": text(*base), b"b": text("b")})
    left = h.commit({b"a": text("left", *base), b"b": text("b")}, a)
    right = h.commit({b"a": text(*base, "right"), b"b": text("b", "b2"), b"new": text("n")}, a)
    merge = h.commit({b"a": text("left", *base, "right"), b"b": text("b", "b2"), b"new": text("n")}, left, right)
    h.commit({b"a": text("left", *base, "right", "after"), b"b": text("b", "b2"), b"new": text("n")}, merge)
    return h


@shape
def evil_merge() -> History:
    h = History()
    base = numbered(1, 12)
    a = h.commit({b"a": text(*base)})
    left = h.commit({b"a": text("left", *base)}, a)
    right = h.commit({b"a": text(*base, "right")}, a)
    h.commit({b"a": text("left", *base[:5], "evil", *base[6:], "right"), b"evil": text("left", "x")}, left, right)
    return h


@shape
def ours_and_theirs() -> History:
    h = History()
    a = h.commit({b"a": text(*numbered(1, 9)), b"b": text(*numbered(1, 9))})
    left = h.commit({b"a": text("l", *numbered(1, 9)), b"b": text("l", *numbered(1, 9))}, a)
    right = h.commit({b"a": text("r", *numbered(1, 9)), b"b": text("r", *numbered(1, 9)), b"c": text("c")}, a)
    ours = h.commit({b"a": text("l", *numbered(1, 9)), b"b": text("l", *numbered(1, 9))}, left, right)
    more = h.commit({b"a": text("r", "r2", *numbered(1, 9)), b"b": text("r", *numbered(1, 9))}, right)
    h.commit({b"a": text("r", "r2", *numbered(1, 9)), b"b": text("l", *numbered(1, 9))}, ours, more)
    return h


@shape
def same_edit_on_both_sides() -> History:
    h = History()
    a = h.commit({b"a": text(*numbered(1, 9))})
    left = h.commit({b"a": text(*numbered(1, 4), "same", *numbered(5, 9)), b"n": text("same")}, a)
    right = h.commit({b"a": text(*numbered(1, 4), "same", *numbered(5, 9)), b"n": text("same")}, a)
    merge = h.commit({b"a": text(*numbered(1, 4), "same", *numbered(5, 9)), b"n": text("same")}, left, right)
    other = h.commit({b"a": text(*numbered(1, 4), "same", *numbered(5, 9), "end"), b"n": text("same", "x")}, left)
    h.commit({b"a": text(*numbered(1, 4), "same", *numbered(5, 9), "end"), b"n": text("same")}, merge, other)
    return h


@shape
def criss_cross() -> History:
    h = History()
    base = numbered(1, 15)
    a = h.commit({b"a": text(*base), b"b": text(*base)})
    l1 = h.commit({b"a": text("l1", *base), b"b": text(*base)}, a)
    r1 = h.commit({b"a": text(*base, "r1"), b"b": text("r", *base)}, a)
    l2 = h.commit({b"a": text("l1", *base, "r1"), b"b": text("r", *base)}, l1, r1)
    r2 = h.commit({b"a": text("l1", *base, "r1"), b"b": text("r", *base)}, r1, l1)
    l3 = h.commit({b"a": text("l1", "l3", *base, "r1"), b"b": text("r", *base)}, l2)
    r3 = h.commit({b"a": text("l1", *base, "r3", "r1"), b"b": text("r", *base, "r3")}, r2)
    h.commit({b"a": text("l1", "l3", *base, "r3", "r1"), b"b": text("r", *base, "r3")}, l3, r3)
    return h


@shape
def octopus() -> History:
    h = History()
    base = numbered(1, 10)
    trees = {b"a": text(*base), b"b": text(*base), b"c": text(*base), b"d": text(*base)}
    a = h.commit(trees)
    one = h.commit(trees | {b"a": text("one", *base), b"d": text("one", *base)}, a)
    two = h.commit(trees | {b"b": text("two", *base), b"d": text(*base[:5], "two", *base[5:])}, a)
    three = h.commit(trees | {b"c": text("three", *base), b"d": text(*base, "three"), b"e": text("e")}, a)
    four = h.commit(trees | {b"c": text("three", *base), b"a": text("four", *base)}, a)
    result = {
        b"a": text("four", *base),
        b"b": text("two", *base),
        b"c": text("three", *base),
        b"d": text("one", *base[:5], "two", *base[5:], "three"),
        b"e": text("e"),
    }
    merge = h.commit(result, one, two, three, four)
    result[b"a"] = text("four", *base[:3], "later", *base[3:])
    side = h.commit(trees | {b"b": text("two", *base, "s")}, two)
    h.commit(result | {b"b": text("two", *base, "s", "evil")}, merge, side, one, a)
    return h


@shape
def merge_of_parent_and_its_ancestor() -> History:
    h = History()
    a = h.commit({b"a": text(1, 2, 3)})
    b = h.commit({b"a": text(1, 2, 3, 4)}, a)
    c = h.commit({b"a": text(1, 2, 3, 4)}, a, b)
    d = h.commit({b"a": text(1, 2, 3, 4, 5)}, c, a)
    h.commit({b"a": text(1, 2, 3)}, a, d)
    return h


@shape
def exact_rename() -> History:
    h = History()
    body = numbered(1, 10)
    a = h.commit({b"old": text(*body), b"keep": text("k")})
    b = h.commit({b"dir/new": text(*body), b"keep": text("k")}, a)
    c = h.commit({b"dir/new": text(*body, "more"), b"keep": text("k")}, b)
    h.commit({b"dir/newer": text("top", *body, "more"), b"keep": text("k")}, c)
    return h


@shape
def edited_rename_near_the_threshold() -> History:
    h = History()
    trees = [(f"f{kept}", numbered(1, 20, f"file {kept}"), kept) for kept in range(6, 15)]
    a = h.commit({f"{name}.old".encode(): text(*body) for name, body, _ in trees})
    h.commit(
        {
            f"{name}.new".encode(): text(*body[:kept], *numbered(kept, 19, f"new {name}"))
            for name, body, kept in trees
        },
        a,
    )
    return h


@shape
def rename_by_basename() -> History:
    h = History()
    body = numbered(1, 20)
    near = [*body[:18], "x", "y"]
    a = h.commit(
        {b"a/same.txt": text(*body[:17], "p", "q", "r"), b"b/other.txt": text(*near), b"z/same2.txt": text(*body)}
    )
    b = h.commit({b"new/same.txt": text(*body)}, a)
    c = h.commit({b"q/same.txt": text(*body[:14], *numbered(1, 6, "n")), b"r/better.txt": text(*body[:19])}, b)
    h.commit({b"w/same.txt": text(*body)}, c)
    return h


@shape
def many_candidates() -> History:
    h = History()
    body = numbered(1, 40)
    tree = {f"s{n:02}/x{n}.txt".encode(): text(*body[: 20 + n], *numbered(n, 40, f"other {n}")) for n in range(14)}
    tree[b"keep"] = text("k")
    a = h.commit(tree)
    b = h.commit({b"new.txt": text(*body), b"x3.txt": text(*body), b"keep": text("k")}, a)
    tied = {f"t{n}/y{n}".encode(): text(*body[:30], *numbered(1, 10, f"t{n}")) for n in range(9)}
    c = h.commit(tied | {b"keep": text("k")}, b)
    h.commit({b"y4": text(*body[:30], *numbered(1, 10, "z")), b"yy": text(*body[:32]), b"keep": text("k")}, c)
    return h


@shape
def one_source_many_destinations() -> History:
    h = History()
    body = numbered(1, 20)
    a = h.commit({b"lib/all.py": text(*body)})
    h.commit({
        b"lib/copy1.py": text(*body), b"lib/copy2.py": text(*body[:14]), b"pkg/all.py": text(*body[5:]), b"tiny": text(body[0]),
    }, a)  # fmt: skip
    return h


@shape
def rename_on_one_side_of_a_merge() -> History:
    h = History()
    body = numbered(1, 20)
    a = h.commit({b"old": text(*body), b"o": text("o")})
    left = h.commit({b"new": text("left", *body), b"o": text("o")}, a)
    right = h.commit({b"old": text(*body, "right"), b"o": text("o", 2)}, a)
    merge = h.commit({b"new": text("left", *body, "right"), b"o": text("o", 2)}, left, right)
    other = h.commit({b"moved": text(*body), b"o": text("o")}, a)
    h.commit({b"new": text("left", *body, "right"), b"moved": text(*body, "m"), b"o": text("o", 2)}, merge, other)
    return h


@shape
def rename_done_by_the_merge() -> History:
    h = History()
    body = numbered(1, 20)
    a = h.commit({b"old": text(*body), b"x": text("x")})
    left = h.commit({b"old": text("l", *body), b"x": text("x")}, a)
    right = h.commit({b"old": text(*body, "r"), b"x": text("x", "x2")}, a)
    h.commit({b"new": text("l", *body, "r"), b"second": text(*body[:15]), b"x": text("x", "x2")}, left, right)
    return h


@shape
def rename_and_recreate() -> History:
    h = History()
    body = numbered(1, 20)
    a = h.commit({b"a": text(*body)})
    b = h.commit({b"b": text(*body), b"a": text("stub")}, a)
    c = h.commit({b"b": text(*body, "more"), b"a": text(*body[:10], "again")}, b)
    d = h.commit({b"a": text(*body, "more"), b"b": text(*body[:10], "again")}, c)
    e = h.commit({b"c": text("gone")}, d)
    h.commit({b"a": text(*body, "more"), b"c": text("gone")}, e)
    return h


@shape
def deleted_and_restored() -> History:
    h = History()
    body = numbered(1, 10)
    a = h.commit({b"a": text(*body), b"k": text("k")})
    b = h.commit({b"k": text("k")}, a)
    c = h.commit({b"a": text(*body), b"k": text("k")}, b)
    side = h.commit({b"a": text(*body, "side"), b"k": text("k")}, a)
    h.commit({b"a": text(*body, "side"), b"k": text("k")}, c, side)
    return h


@shape
def copies() -> History:
    h = History()
    body = numbered(1, 20)
    a = h.commit({b"a": text(*body)})
    b = h.commit({b"a": text(*body), b"b": text(*body), b"c": text(*body[:15])}, a)
    h.commit({b"a": text(*body, "x"), b"b": text("y", *body), b"c": text(*body[:15]), b"d": text("y", *body)}, b)
    return h


@shape
def mode_changes() -> History:
    h = History()
    body = text(*numbered(1, 10))
    a = h.commit({b"run": body, b"other": body})
    b = h.commit({b"run": Entry(EXECUTABLE, body), b"other": body}, a)
    c = h.commit({b"run": Entry(EXECUTABLE, body + b"x\n"), b"other": Entry(EXECUTABLE, b"y\n" + body)}, b)
    side = h.commit({b"run": body, b"other": Entry(EXECUTABLE, body)}, a)
    d = h.commit({b"run": body + b"x\n", b"other": b"y\n" + body}, c, side)
    h.commit({b"moved": Entry(EXECUTABLE, body + b"x\n"), b"other": Entry(EXECUTABLE, b"y\n" + body)}, d)
    return h


@shape
def line_ends() -> History:
    h = History()
    lf = text(*numbered(1, 20))
    crlf = lf.replace(b"\n", b"\r\n")
    a = h.commit({b"a": lf, b"b": crlf, b"c": lf, b"r": b"old mac\rno feed\r", b"m": lf})
    b = h.commit({b"a": crlf, b"b": lf, b"c": crlf[:100] + lf[95:], b"r": b"old mac\rno feed\rmore\r", b"m": lf}, a)
    c = h.commit({b"a": lf, b"b": crlf, b"c": lf, b"r": b"old mac\nno feed\rmore\r", b"renamed": crlf}, b)
    h.commit({b"a2": crlf, b"b2": lf + b"z", b"c": lf, b"r": b"old mac\nno feed\rmore\r\n", b"renamed": lf}, c)
    return h


@shape
def no_final_newline() -> History:
    h = History()
    body = text(*numbered(1, 6))
    a = h.commit({b"a": body[:-1], b"b": body, b"c": b"x"})
    b = h.commit({b"a": body, b"b": body[:-1], b"c": b"x\n"}, a)
    c = h.commit({b"a": body + b"seven", b"b": b"zero\n" + body[:-1], b"c": b"x\nx"}, b)
    side = h.commit({b"a": b"zero\n" + body, b"b": body[:-1], b"c": b"x\nx\n"}, b)
    d = h.commit({b"a": b"zero\n" + body + b"seven", b"b": b"zero\n" + body, b"c": b"x\nx"}, c, side)
    h.commit({b"moved": b"zero\n" + body + b"seven!", b"b": b"zero\n" + body, b"c": b"x\nx\n\n\nx"}, d)
    return h


@shape
def binary_and_text() -> History:
    h = History()
    body = text(*numbered(1, 10))
    a = h.commit({b"a": body, b"b": b"\0" + body, b"late": body * 50 + b"\0"})
    b = h.commit({b"a": b"\0bin\n" + body, b"b": body, b"late": body * 50 + b"\0" + body}, a)
    c = h.commit({b"a": body + b"z\n", b"b": body + b"\0", b"late": body * 51}, b)
    h.commit({b"a": body + b"z\nz\n", b"c": body + b"y\n", b"late": body * 50 + b"\0\n" + body}, c)
    return h


@shape
def links_and_submodules() -> History:
    h = History()
    body = text(*numbered(1, 10))
    module = Entry(SUBMODULE, b"1" * 40)
    a = h.commit({b"a": body, b"link": Entry(SYMLINK, b"a"), b"sub": module, b"dir/f": body})
    b = h.commit(
        {b"a": Entry(SYMLINK, b"link"), b"link": body, b"sub": body, b"dir": Entry(SYMLINK, b"x"), b"z": body}, a
    )
    c = h.commit({b"a": body + b"x\n", b"link": body + b"y\n", b"sub": module, b"dir/f": body, b"y": body}, b)
    side = h.commit({b"a": module, b"link": Entry(SYMLINK, body), b"sub": body, b"dir": body}, b)
    d = h.commit({b"a": body + b"x\n", b"link": body + b"y\n", b"sub": body, b"dir/f": body, b"y": body}, c, side)
    h.commit(
        {b"new": body + b"x\n", b"link": body, b"sub": body + b"s\n", b"dir/f": body, b"y": Entry(SYMLINK, b"a")}, d
    )
    return h


@shape
def empty_files() -> History:
    h = History()
    a = h.commit({b"a": b"", b"b": text(1), b"n": b"\n"})
    b = h.commit({b"a": text(1), b"b": b"", b"c": b"", b"n": b"\n\n"}, a)
    c = h.commit({b"a2": text(1), b"b": text(1, 2), b"c": text(1), b"n": b""}, b)
    d = h.commit({}, c)
    h.commit({b"a": text(1), b"moved": b"", b"n": b"\n"}, d)
    return h


@shape
def strange_names_and_bytes() -> History:
    h = History()
    names = [b"\xff\xfe.txt", b"with\nnewline", b'with"quote', b"\x01\x02", b"tab\there", b"back\\slash", "dé/ünï".encode(),
             b"-dash", b":(top)magic", b"*glob?[a]", b'"both"', b"sp ace", b"CASE", b"case", b"a=>b", b"\xe2\x80\xae"]  # fmt: skip
    wild = b"\xff\xfe raw \x80\n" + b"\x1b[31mred\x1b[0m\n" + "naïve ünïcode\n".encode("latin-1")
    body = text(*numbered(1, 8))
    a = h.commit(dict.fromkeys(names, body + wild))
    b = h.commit({name: (body + b"%d\n" % i + wild if i % 2 else body + wild) for i, name in enumerate(names)}, a)
    side = h.commit(
        {name: (b"%d\n" % i + body + wild if i % 3 else body + wild) for i, name in enumerate(names)}, a
    )
    merged = {}
    for i, name in enumerate(names):
        merged[name] = (b"%d\n" % i if i % 3 else b"") + body + (b"%d\n" % i if i % 2 else b"") + wild
    c = h.commit(merged, b, side)
    h.commit({b"moved\n/" + name: content + b"end" for name, content in merged.items()}, c)
    return h


@shape
def unrelated_histories() -> History:
    h = History()
    body = text(*numbered(1, 10))
    a = h.commit({b"a": body, b"both": body})
    b = h.commit({b"a": body + b"x\n", b"both": body}, a)
    other = h.commit({b"b": body, b"both": body, b"a2": body})
    more = h.commit({b"b": body + b"more\n", b"both": body + b"o\n"}, other)
    third = h.commit({b"c": body})
    merge = h.commit({b"a": body + b"x\n", b"b": body + b"more\n", b"both": body, b"c": body}, b, more, third)
    h.commit({b"a": body, b"b": body + b"more\nx\n", b"both": body + b"o\n", b"d": body + b"d\n"}, merge)
    return h


@shape
def large_rewrites() -> History:
    h = History()
    first = [f"value {n * 7919 % 10007}" for n in range(10_000)]
    a = h.commit({b"big": text(*first)})
    second = [f"new {n}" if n % 3 else line for n, line in enumerate(first)]
    b = h.commit({b"big": text(*second)}, a)
    third = [f"value {n * 31 % 257}" for n in range(10_000)]
    c = h.commit({b"big": text(*third)}, b)
    side = h.commit({b"big": text(*second[5000:], *second[:5000])}, b)
    shuffled = third[:]
    random.Random(5).shuffle(shuffled)
    d = h.commit({b"big": text(*shuffled)}, c, side)
    h.commit({b"big": text(*(line.replace("1", "one") for line in shuffled))}, d)
    return h


@shape
def moved_blocks() -> History:
    h = History()
    body = numbered(1, 60)
    a = h.commit({b"a": text(*body)})
    b = h.commit({b"a": text(*body[30:], *body[:30])}, a)
    c = h.commit({b"a": text(*body[20:40], *body[:20], *body[40:])}, b)
    d = h.commit({b"a": text(*reversed(body))}, c)
    h.commit({b"a": text(*body[::2], *body[1::2])}, d)
    return h


@shape
def repeated_lines() -> History:
    h = History()
    block = ["def f():", "    x = 1", "", "    return x", "", ""]
    a = h.commit({b"a": text(*block * 3), b"b": text(*["}"] * 9), b"c": text(*["a", "b"] * 8)})
    b = h.commit({b"a": text(*block * 4), b"b": text(*["}"] * 12), b"c": text(*["a", "b"] * 9)}, a)
    c = h.commit(
        {
            b"a": text(*block[:3], *block * 4, *block[3:]),
            b"b": text("{", *["}"] * 11),
            b"c": text("b", *["a", "b"] * 8),
        },
        b,
    )
    d = h.commit(
        {
            b"a": text(*block * 3, "    y", *block),
            b"b": text(*["}"] * 5, "{", *["}"] * 5),
            b"c": text(*["a", "b"] * 12),
        },
        c,
    )
    h.commit({b"a": text("", *block * 5, ""), b"b": text(*["}"] * 20), b"c": text(*["a", "a", "b"] * 6)}, d)
    return h


@shape
def blank_runs() -> History:
    h = History()
    a = h.commit({b"a": b"\n" * 400, b"b": text("x") + b"\n" * 300 + text("y")})
    b = h.commit({b"a": b"\n" * 410, b"b": text("x") + b"\n" * 150 + text("m") + b"\n" * 150 + text("y")}, a)
    c = h.commit({b"a": b"\n" * 200 + b"x\n" + b"\n" * 200, b"b": b"\n" * 290 + text("y", "z")}, b)
    h.commit({b"a": b"\n" * 420 + b"x\n", b"b": b" \n" * 10 + b"\n" * 280 + text("y", "z")}, c)
    return h


@shape
def indented_insertions() -> History:
    h = History()

    def functions(*numbers: int) -> list[str]:
        return [
            line
            for n in numbers
            for line in ("", f"def f{n}(a):", "    if a:", "        return a", "    return None", "")
        ]

    a = h.commit({b"m.py": text(*functions(0, 1, 2, 3))})
    b = h.commit({b"m.py": text(*functions(0, 1, 5, 2, 3))}, a)
    c = h.commit({b"m.py": text(*functions(0, 1, 5, 6, 7, 1, 2, 3))}, b)
    h.commit({b"m.py": text("import x", *functions(1, 5, 6, 7, 0, 1, 2, 3), "# end")}, c)
    return h


@shape
def common_tails() -> History:
    """Tails longer than the 1,024-byte blocks that git cuts off before it compares."""
    h = History()
    tail = [f"tail {n % 7}" for n in range(600)]
    a = h.commit({b"a": text("one", *tail), b"b": text(*["same"] * 700), b"c": b"x" * 5000 + b"\n" + text(*tail)})
    b = h.commit(
        {
            b"a": text("one", "tail 3", *tail),
            b"b": text(*["same"] * 705),
            b"c": b"y" + b"x" * 5000 + b"\n" + text(*tail),
        },
        a,
    )
    c = h.commit(
        {b"a": text("one", *tail[3:]), b"b": text("top", *["same"] * 690), b"c": b"x" * 4999 + b"\n" + text(*tail)},
        b,
    )
    h.commit({b"a": text("two", *tail[1:], "x")[:-1], b"b": text(*["same"] * 1400), b"c": text(*tail)}, c)
    return h


@shape
def long_lines() -> History:
    h = History()
    a = h.commit({b"a": b"x" * 200_000, b"b": (b"y" * 70 + b"\n") * 30})
    b = h.commit({b"a": b"x" * 200_000 + b"\n", b"b": (b"y" * 140 + b"\n") * 15}, a)
    h.commit({b"moved": b"x" * 200_000 + b"\nz\n", b"b": (b"y" * 140 + b"\n") * 15 + b"z"}, b)
    return h


@shape
def skewed_clocks() -> History:
    h = History()
    body = numbered(1, 10)
    a = h.commit({b"a": text(*body)}, at=2_000_000_000)
    left = h.commit({b"a": text("l", *body)}, a, at=1_000_000_000)
    right = h.commit({b"a": text(*body, "r")}, a, at=1_900_000_000)
    deep = right
    for n in range(5):
        deep = h.commit({b"a": text(*body, "r", *range(n + 1))}, deep, at=1_500_000_000 - n)
    merge = h.commit({b"a": text("l", *body, "r", *range(5))}, left, deep, at=1)
    h.commit({b"a": text("l", *body, "R", *range(5))}, merge, right, at=5)
    return h


@shape
def folder_and_file_swap() -> History:
    h = History()
    body = text(*numbered(1, 10))
    a = h.commit({b"x": body, b"y/z": body + b"y\n"})
    b = h.commit({b"x/in": body, b"y": body + b"y\n"}, a)
    c = h.commit({b"x": body + b"2\n", b"y/z": body + b"y\n3\n"}, b)
    h.commit({b"x": body + b"2\n", b"x.c": body, b"y/z": body, b"y/z2": body + b"y\n3\n"}, c, a)
    return h


@shape
def reverted() -> History:
    h = History()
    body = numbered(1, 10)
    a = h.commit({b"a": text(*body)})
    b = h.commit({b"a": text(*body[:4], "wrong", *body[5:])}, a)
    c = h.commit({b"a": text(*body)}, b)
    fork = h.commit({b"a": text(*body, "fork")}, a)
    old = h.commit({b"a": text(*body), b"n": text("n")}, c)
    h.commit({b"a": text(*body, "fork"), b"n": text("n")}, old, fork)
    return h
