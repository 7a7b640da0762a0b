"""A container is whole or absent: cut, altered, interrupted files are never read as if they were sound."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.history.origins.container import Container, Damaged, clear_abandoned, open_container, write_container

SECTIONS = {
    "names": ("b", b"alpha\0beta"),
    "numbers": ("i", (1).to_bytes(4, "little") + (70_000).to_bytes(4, "little")),
    "wide": ("q", (1 << 40).to_bytes(8, "little")),
    "none": ("i", b""),
}


def write(folder: Path) -> Path:
    file = folder / "one"
    write_container(file, {"tip": "abc", "version": 3}, SECTIONS)
    return file


def read(file: Path) -> dict[str, bytes] | None:
    opened = open_container(file)
    if opened is None:
        return None
    try:
        return {name: bytes(opened.section(name)) for name in opened.names}
    except Damaged:
        return None


def test_what_was_written_is_read(tmp_path: Path) -> None:
    opened = open_container(write(tmp_path))
    assert isinstance(opened, Container)
    assert opened.meta == {"tip": "abc", "version": 3}
    assert list(opened.section("numbers")) == [1, 70_000]
    assert list(opened.section("wide")) == [1 << 40]
    assert bytes(opened.section("names")) == b"alpha\0beta"
    assert list(opened.section("none")) == []
    with pytest.raises(Damaged):
        opened.section("other")
    assert [file.name for file in tmp_path.iterdir()] == ["one"]


def test_cut_anywhere_is_seen(tmp_path: Path) -> None:
    file = write(tmp_path)
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert read(file) is None, length
    file.write_bytes(whole + b"\0")
    assert read(file) is None


def test_a_flipped_bit_anywhere_is_seen_or_lies_in_padding(tmp_path: Path) -> None:
    file = write(tmp_path)
    whole, sound = file.read_bytes(), read(file)
    for at in range(len(whole)):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << at % 8
        file.write_bytes(flipped)
        assert read(file) in (None, sound), at
        if at < 400:  # all of the header
            assert read(file) is None, at


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_other_file_is_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "file"
    file.write_bytes(content)
    assert open_container(file) is None
    file.write_bytes(b"ASBUILT\x01" + content)
    assert open_container(file) is None


def test_absent_and_unreadable(tmp_path: Path) -> None:
    assert open_container(tmp_path / "absent") is None
    assert open_container(tmp_path) is None


KILLED = """
    import sys
    from pathlib import Path
    from asbuilt.history.origins.container import write_container
    file = Path(sys.argv[1])
    print("ready", flush=True)
    while True:
        for fill in (b"a", b"b"):
            write_container(file, {"fill": fill.decode()}, {"body": ("b", fill * 3_000_000), "end": ("b", fill)})
"""


def test_killed_while_writing_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    file = tmp_path / "one"
    for wait in (0.0, 0.003, 0.007, 0.012, 0.02, 0.031):
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), str(file)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(wait)
            writer.send_signal(signal.SIGKILL)
        opened = open_container(file)
        if opened is not None:
            fill = str(opened.meta["fill"]).encode()
            assert bytes(opened.section("body")) == fill * 3_000_000
            assert bytes(opened.section("end")) == fill
        else:
            assert not file.exists()


def test_what_a_killed_writer_left_is_removed_later(tmp_path: Path) -> None:
    old, new = tmp_path / ".writing-old", tmp_path / ".writing-new"
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    clear_abandoned(tmp_path)
    assert not old.exists()
    assert new.exists()


def test_a_full_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    file = write(tmp_path)
    before = file.read_bytes()
    limited = textwrap.dedent("""
        import resource, signal, sys
        from pathlib import Path
        from asbuilt.history.origins.container import write_container
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        try:
            write_container(Path(sys.argv[1]), {}, {"body": ("b", b"x" * 50_000)})
        except OSError:
            print("refused")
    """)
    said = subprocess.run([sys.executable, "-c", limited, str(file)], capture_output=True, check=True).stdout
    assert said == b"refused\n"
    assert file.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["one"]
