"""TOML is read as ever; what would take quadratic time is refused at once."""

import time
import tomllib

import pytest

from asbuilt.model.toml import MOST_PARTS, read_toml_text


def test_plain_tables_are_read() -> None:
    text = '[tool.a."b.c"]\nurl = "https://a.b.c.example/x.y.z"\nversion = "1.2.3.4"\n'
    assert read_toml_text(text)["tool"]["a"]["b.c"]["version"] == "1.2.3.4"


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 200_000 + " = 1\n",
        "b = 1\n[" + "'a' . " * 200_000 + "a]\n",
        'x = {"a"' + '."a"' * 100_000 + " = 1}\n",
    ],
)
def test_a_key_of_many_parts_is_refused_in_no_time(text: str) -> None:
    started = time.process_time()
    with pytest.raises(tomllib.TOMLDecodeError, match=rf"more than {MOST_PARTS} parts"):
        read_toml_text(text)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("part", ["a", "a.", " ", '"', "'a", "a ", "-.", '"a'])
def test_looking_for_such_a_key_takes_time_by_length_alone(part: str) -> None:
    started = time.process_time()
    with pytest.raises(tomllib.TOMLDecodeError):
        read_toml_text("#" + part * 200_000 + "\nx")
    assert time.process_time() - started < 2


def test_a_number_of_thousands_of_digits_is_no_toml() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match="digits"):
        read_toml_text(f"a = {'9' * 5_000}\n")
