"""Our own rules over files: what is found, shown, counted and named; hostile files are bounded."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.model.finding import CodeFinding, Scanned
from asbuilt.scans.rulebook import load_rules
from asbuilt.scans.scanning import LARGEST_CODE, LARGEST_TEXT, SCANNER, SCANNER_OF_TEXT, scan_files

RULES = load_rules()
TOKEN = "gh" + "p_9aK2mXq7Rt4Lw8Zv1Bn6Yc3Hd5Jf0G07LWxm"
SQL = 'cur.execute(f"SELECT a FROM t WHERE b = {c}")'


def scan(path: str, text: str | bytes) -> Scanned:
    return scan_files([(path, text if isinstance(text, bytes) else text.encode())], RULES)


def only(path: str, text: str | bytes) -> CodeFinding:
    (found,) = scan(path, text).findings
    return found


def test_a_finding_says_where_it_is_and_shows_its_line() -> None:
    found = only("src/a.py", f"def f(cur, c):\n    {SQL}\n")
    assert (found.scanner, found.rule, found.path) == (SCANNER, "py-sql-built", "src/a.py")
    assert (found.line, found.end_line, found.column, found.end_column) == (2, 2, 5, 5 + len(SQL))
    assert found.snippet == SQL
    assert (found.cwe, found.severity, found.is_secret) == (("CWE-89",), "medium", False)


def test_columns_count_characters_also_after_some_of_several_bytes() -> None:
    found = only("a.py", f"x = 'é𝒳'; {SQL}\n")
    assert found.column == len("x = 'é𝒳'; ") + 1
    found = only("a.txt", f"é𝒳 {TOKEN}\n")
    assert (found.column, found.end_column) == (4, 4 + len(TOKEN))


def test_a_secret_is_shown_nowhere_whatever_rule_shows_its_line() -> None:
    text = f'requests.get(url, headers={{"x": "{TOKEN}"}}, verify=False)\n'
    told = scan("a.py", text)
    assert {own.rule for own in told.findings} == {"secret-provider-token", "py-tls-off"}
    assert {own.scanner for own in told.findings} == {SCANNER, SCANNER_OF_TEXT}
    assert TOKEN not in repr(told)
    assert TOKEN[4:20] not in repr(told)
    assert all("[redacted]" in str(own.snippet) for own in told.findings)


@pytest.mark.parametrize(
    "line",
    [
        'jwt.encode(p, "hunter22hunter")',
        'app.secret_key = "hunter22hunter"',
        'k = os.getenv("API_KEY", "hunter22hunter")',
        'requests.get(u, password="hunter22hunter", verify=False)',
        'DB_PASSWORD = "hunter22hunter"  # f\nrequests.get(u, verify=False); DB_PASSWORD = "hunter22hunter"',
        "TOKEN = 'hunter22hunter'; requests.get(u, verify=False)",
    ],
)
def test_what_a_name_calls_a_secret_is_not_shown(line: str) -> None:
    told = scan("a.py", line + "\n")
    assert told.findings
    assert "hunter22" not in repr(told)


@given(st.text(alphabet="abcXYZ019-_+/=", min_size=12, max_size=60), st.sampled_from(['"', "'", "`"]))
@settings(max_examples=60)
def test_no_given_secret_is_in_a_result(secret: str, quote: str) -> None:
    line = f"const client_secret = {quote}{secret}{quote};"
    told = scan("a.ts", line)
    assert all(secret not in str(own.snippet) and secret not in own.message for own in told.findings)


def test_two_on_one_line_are_one() -> None:
    assert len(scan("a.py", f"{SQL}; {SQL}\n").findings) == 1
    assert len(scan("a.py", f"{SQL}\n{SQL}\n").findings) == 2


def test_code_that_tests_is_for_information() -> None:
    for path in ("tests/a.py", "src/test_a.py", "a/conftest.py"):
        assert only(path, SQL).severity == "info"
    assert only("contest/a.py", SQL).severity == "medium"


@pytest.mark.parametrize(
    ("path", "text", "severity", "why"),
    [
        ("tests/a.py", f'x = "{TOKEN}"', "medium", "Rated medium, not critical: it stands in code that tests."),
        ("guide.md", 'password = "n7Kq2vXw9z"', "low", "Rated low, not high: it stands in documentation"),
        ("guide.md", TOKEN, "high", "Rated high, not critical: it stands in documentation"),
        ("a.txt", TOKEN[:-1] + "_", "", ""),
        ("a.txt", TOKEN[:-1] + "x", "low", "Rated low, not critical: its checksum is wrong"),
        ("scripts/a.py", SQL, "low", "Rated low, not medium: it stands in a script"),
        ("config/settings/local.py", "DEBUG = True", "info", "Rated info, not medium: it stands in settings"),
        ("config/settings/production.py", "DEBUG = True", "medium", ""),
    ],
)
def test_a_finding_outside_the_product_is_told_with_a_lower_severity_and_why(
    path: str, text: str, severity: str, why: str
) -> None:
    if not severity:
        assert scan(path, text).findings == ()
        return
    found = only(path, text + "\n")
    assert found.severity == severity
    assert why in found.message
    assert bool(why) == ("Rated" in found.message)


def test_of_two_secrets_on_a_line_the_one_is_told_whose_rule_knows_more() -> None:
    assert only("settings.py", 'SECRET_KEY = "n7Kq2vXw9zR4tL8m"').rule == "py-signing-key"
    assert only("a.py", f'api_token = "{TOKEN}"').rule == "secret-provider-token"


def test_files_of_settings_are_looked_at_by_the_rules_that_name_them() -> None:
    told = scan_files([("supabase/1.sql", b"ALTER TABLE a DISABLE ROW LEVEL SECURITY;\n"), ("b.txt", b"")], RULES)
    assert [(own.rule, own.line) for own in told.findings] == [("sql-rls-off", 1)]
    assert told.read == ("supabase/1.sql",)
    assert [(own.language, own.files) for own in told.covered] == [("settings", 1), ("text", 2)]


def test_what_was_looked_at_is_counted_by_language() -> None:
    told = scan_files(
        [("a.py", b"x = 1\n"), ("b.ts", b"let x\nlet y"), ("c.rs", b"mod c;\n"), ("d.png", b"\0\1")], RULES
    )
    counts = {own.language: (own.files, own.lines) for own in told.covered}
    assert counts == {"python": (1, 1), "typescript": (1, 2), "text": (3, 4)}
    assert (told.read, told.searched) == (("a.py", "b.ts"), ("a.py", "b.ts", "c.rs"))
    assert all(own.rules > 0 for own in told.covered)


@pytest.mark.parametrize(
    ("path", "data", "why"),
    [
        ("a.py", b"x = '" + b"a" * 20_000 + b"'", "minified"),
        ("a.js", b"var x;\n" * (LARGEST_CODE // 7 + 1), "MiB"),
        ("a.txt", b"a b\n" * (LARGEST_TEXT // 4 + 1), "MiB"),
        ("a.py", b"eval(" + b"(\n" * 5_000 + b"1" + b")\n" * 5_000 + b")", "levels"),
        ("a.js", b"eval(" + b"[\n" * 5_000 + b"1" + b"]\n" * 5_000 + b")", "levels"),
        ("a.py", b"eval(" + b"not \\\n" * 5_000 + b"x)", "levels"),
    ],
)
def test_what_is_beyond_bounds_is_named(path: str, data: bytes, why: str) -> None:
    told = scan(path, data)
    (own,) = told.unread
    assert own.path == path
    assert why in own.why
    assert all(each.language == "text" for each in told.covered)
    assert told.read == ()  # or silence about it would mean something


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"for a{n} in x:\n  b{n}=a{n}\n" for n in range(9000)),
        "".join(f"if a{n}: b{n}=c\n" for n in range(9000)),
        "".join(f"def f{n}(a): pass\nb{n}=c\n" for n in range(9000)),
        "if a: b=1\n" + "".join(f"elif a{n}: b{n}=1\n" for n in range(9000)),
        "match x:\n" + "".join(f" case {n}:\n  a{n}=1\n" for n in range(9000)),
        "d={}\n" + "".join(f"d['k{n}']=x\n" for n in range(9000)),
        "q=''\n" + "q+='a'+x\n" * 9000,
    ],
    ids=["for", "if", "def", "elif", "match", "keys", "joined"],
)
def test_the_time_that_values_take_is_bounded(text: str) -> None:
    begun = time.process_time()
    told = scan("a.py", f"{text}\neval(x)\n")
    assert time.process_time() - begun < 8
    assert told.unread == () or "too intricate" in told.unread[0].why


def test_too_many_of_one_rule_are_counted() -> None:
    told = scan("a.py", f"{SQL}\n" * 250)
    assert len(told.findings) == 200
    assert "50 more findings" in told.unread[0].why


def test_what_is_no_text_is_left_alone() -> None:
    assert scan("a.py", b"\x7fELF\0\1\2\3" + SQL.encode()).searched == ()
    assert only("a.py", SQL.encode("utf-16")).rule == "py-sql-built"
    assert only("a.py", b"\xef\xbb\xbf" + SQL.encode()).column == 1
    assert only("a.py", b"# \xff\xfe\n" + SQL.encode()).line == 2


@pytest.mark.parametrize("language", [".py", ".js", ".ts", ".tsx"])
@given(data=st.text(alphabet="ab(){}[]\"'`$%+=.,:;<>\n \\f#/é", max_size=400))
@settings(max_examples=150)
def test_any_text_is_scanned_without_harm(language: str, data: str) -> None:
    told = scan(f"a{language}", f'{data}\neval execute query secret_key verify "{data}"')
    assert told.unread == () or "levels" in told.unread[0].why


@pytest.mark.parametrize(
    "text",
    [
        "password = '" + "a1" * 400_000,
        "://a:" * 100_000,
        'secret_key="' * 60_000,
        "-----BEGIN PRIVATE KEY-----\n" * 30_000,
        "token " * 200_000,
        "sk-proj-" * 80_000,
    ],
)
def test_the_time_of_a_search_follows_the_size_of_the_text(text: str) -> None:
    begun = time.process_time()
    scan("a.txt", text)
    assert time.process_time() - begun < 8


def test_what_accepts_a_finding_is_joined_to_it() -> None:
    told = scan(
        "a.py",
        f"{SQL}  # asbuilt: accept py-sql-built because the schema is ours\n"
        f"# asbuilt: accept py-sql-built because of the same\n{SQL}\n"
        f"{SQL}  # asbuilt: accept py-sql-built\n"
        f"{SQL}  # asbuilt: accept py-tls-off because it is another\n",
    )
    reasons = [own.accepted.reason if own.accepted else None for own in told.findings]
    assert reasons == ["the schema is ours", "of the same", None, None]
    assert [(own.line, "without a reason" in own.why) for own in told.loose] == [(4, True), (5, False)]


@pytest.mark.parametrize("line", ["#!/usr/bin/env python3", "#!/usr/bin/python", "#! /opt/pypy/bin/pypy3.10 -u"])
def test_a_program_without_an_ending_is_of_the_language_that_its_first_line_names(line: str) -> None:
    found = only("bin/run", f"{line}\nimport requests\nrequests.get(u, verify=False)\n")
    assert (found.rule, found.line) == ("py-tls-off", 3)
    assert scan("bin/run", "#!/bin/sh\nrequests.get(u, verify=False)\n").findings == ()
