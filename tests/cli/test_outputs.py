"""A report file is the old one or the new one, never a part."""

import os
import threading
from pathlib import Path

import click
import pytest

from asbuilt.cli.outputs import Output, whole_file, write_outputs, write_stream, write_whole
from asbuilt.model.errors import UsageError


def test_several_outputs_are_written(tmp_path: Path) -> None:
    wanted = [("json", tmp_path / "a.json"), ("html", tmp_path / "a.html")]
    write_outputs(wanted, lambda form: form.encode())
    assert [(tmp_path / name).read_bytes() for name in ("a.json", "a.html")] == [b"json", b"html"]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_failure_on_the_way_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")

    def broken() -> "object":
        yield "new"
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        write_stream(file, broken())  # type: ignore[arg-type]
    assert file.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    write_whole(tmp_path / "new", b"x")
    (tmp_path / "usual").write_bytes(b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_named_pipe_is_written_to_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"report")
    reader.join(10)
    assert heard == [b"report"]


def test_a_folder_that_is_not_there_or_in_the_way_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="its folder is not there") as failed:
        write_whole(tmp_path / "no" / "a.json", b"")
    assert failed.value.fix
    with pytest.raises(UsageError, match="is a folder"), whole_file(tmp_path):
        pass


@pytest.mark.parametrize("text", ["json", "json=", "=x", "pdf=x"])
def test_an_output_names_a_format_and_a_path(text: str) -> None:
    with pytest.raises(click.BadParameter, match="FMT=PATH"):
        Output(["json"]).convert(text, None, None)


def test_a_path_may_hold_an_equals_sign() -> None:
    assert Output(["json"]).convert("json=a=b", None, None) == ("json", Path("a=b"))
