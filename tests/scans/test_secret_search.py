"""What looks like a secret, and what only looks like one."""

import pytest

from asbuilt.scans.rulebook import load_rules
from asbuilt.scans.secret_search import entropy, is_harmless, search

RULES = {rule.id: rule for rule in load_rules()}


@pytest.mark.parametrize(
    "value",
    [
        "changeme123", "your-api-key-1", "password1", "Password", "my-app-secret", "${TOKEN}", "{{ token }}", "<token1>",
        "access_token", "https://a.example/1", "../keys/a1.pem", "1.2.3", "xxxxxxxx1", "abcdef12", "os.environ['A1']",
        "aaaaaaa1", "tokenizer2", "user@host1", "correct horse", "@acme/secrets2", "process.env.KEY1",
        "$2b$12$n7Kq2vXw9zP4rT6yB8mD", "パスワードは8文字以上です", "Не менее 8 символов",
    ],
)  # fmt: skip
def test_placeholders_words_and_paths_are_harmless(value: str) -> None:
    assert is_harmless(value)


@pytest.mark.parametrize(
    "value",
    [
        "n7Kq2vXw9z",
        "Tr4bQ8wE",
        "9f86d081884c7d65",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzK1",
        "P4$$w0rd!9",
        "pÄ7Kq2vXw9z",
    ],
)
def test_random_texts_are_not(value: str) -> None:
    assert not is_harmless(value)


def test_entropy_is_that_of_the_characters() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abab") == 1
    assert entropy("abcd") == 2


@pytest.mark.parametrize(
    ("rule", "path", "text", "secret"),
    [
        ("secret-assigned", "a.py", 'DB_PASSWORD: str = "n7Kq2vXw9z"', "n7Kq2vXw9z"),
        ("secret-assigned", "a.json", '"apiKey": "n7Kq2vXw9z"', "n7Kq2vXw9z"),
        ("secret-assigned", "a.rb", "secret => 'n7Kq2vXw9z'", "n7Kq2vXw9z"),
        ("secret-in-settings", "deploy/.env.prod", "export API_TOKEN=n7Kq2vXw9z # x", "n7Kq2vXw9z"),
        ("secret-in-settings", "a.properties", "db.password = n7Kq2vXw9z", "n7Kq2vXw9z"),
        ("secret-in-settings", "a.py", "db_password = n7Kq2vXw9z", None),
        ("secret-connection-string", "a.py", "redis://:x@h redis://u:n7Kq2vXw9z@h/0", "n7Kq2vXw9z"),
        ("secret-assigned", "a.py", "x" * 5000 + 'password = "n7Kq2vXw9z"', None),
        ("secret-assigned", "a.py", 'password = "n7Kq 2vXw9z"', None),
    ],
)
def test_the_secret_alone_is_found(rule: str, path: str, text: str, secret: str | None) -> None:
    data = text.encode()
    assert [data[own.start : own.end].decode() for own in search(RULES[rule], path, data)] == (
        [secret] if secret else []
    )


def test_a_rule_about_code_finds_no_secret() -> None:
    assert list(search(RULES["py-tls-off"], "a.py", b"verify=False")) == []
