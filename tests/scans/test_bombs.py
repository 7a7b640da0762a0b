"""Reports made to do harm: each is refused by name or read as far as it is one, and never held whole."""

import gzip
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.model.scan import ScanRun
from asbuilt.scans.pieces import WINDOW
from asbuilt.scans.reading import open_scan
from asbuilt.scans.stored import Filed
from tests.scans.samples import SALT, located, sarif

MANY = 2000  # results, so that no window holds them


def report(text: str = "x", **run: Any) -> bytes:
    results = [located("py/sql", f"{text}.py", number + 1, f"run({number})") for number in range(MANY)]
    return json.dumps(sarif(results, **run), ensure_ascii=False).encode()


def opened(data: bytes, place: Path) -> list[ScanRun]:
    place.write_bytes(data)
    with place.open("rb") as file:
        return list(open_scan(Filed(file), "r.sarif", salt=SALT).runs())


WHOLE = report()
MEMBER = b'{"version": "2.1.0", "padding": "%b", ' % (b" " * WINDOW)
REFUSED = {
    "deep": (MEMBER + b'"runs": %b1%b}' % (b"[" * 10_000, b"]" * 10_000), "nests too deep"),
    "deep objects": (MEMBER + b'"runs": %b1%b}' % (b'{"a":' * 10_000, b"}" * 10_000), "nests too deep"),
    "deep result": (WHOLE.replace(b'"message"', b'"x": %b1%b, "message"' % (b"[" * 10_000, b"]" * 10_000), 1), "nests too deep"),
    "deep elsewhere": (WHOLE.replace(b'"runs"', b'"properties": %b1%b, "runs"' % (b"[" * 10_000, b"]" * 10_000), 1), "nests too deep"),
    "gzip": (gzip.compress(WHOLE), "packed (gzip)"),
    "zip": (b"PK\x03\x04" + WHOLE, "packed (zip)"),
    "no UTF-8": (WHOLE.replace(b"run(7)", b"run(\xff)"), "no JSON"),
    "half a character": ("é".encode("utf-16")[:3] + b"\xd8", "UTF-16"),
    "NaN": (WHOLE.replace(b'"startLine": 7', b'"startLine": NaN', 1), "no JSON"),
    "long number": (WHOLE.replace(b'"startLine": 7', b'"startLine": %b' % (b"7" * 10_000_000), 1), "out of range"),
    "cut": (WHOLE[:-9], "no JSON"),
    "nothing": (b"\0" * (WINDOW + 1), "no JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_by_name(name: str, tmp_path: Path) -> None:
    data, why = REFUSED[name]
    with pytest.raises(SourceError) as caught:
        opened(data, tmp_path / "r")
    assert why in str(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_usual_encoding_of_a_large_report_is_read(encoding: str, tmp_path: Path) -> None:
    assert opened(report("é").decode().encode(encoding), tmp_path / "r") == opened(report("é"), tmp_path / "r")


def test_of_names_that_come_twice_the_last_counts(tmp_path: Path) -> None:
    first = json.dumps([located("r", "a", 1)] * 2 * MANY).encode()
    twice = WHOLE.replace(b'"results": [', b'"results": %b, "results": [' % first, 1)
    assert opened(twice, tmp_path / "r") == opened(WHOLE, tmp_path / "r")
    assert len(opened(twice.replace(b'"runs": [', b'"runs": [{"tool": 7}], "runs": [', 1), tmp_path / "r")) == 1


def test_a_sparse_file_of_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "r").open("wb") as file:
        file.truncate(2 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (tmp_path / "r").open("rb") as read, pytest.raises(SourceError, match="more than 256 MiB"):
        open_scan(Filed(read), "r.sarif", salt=SALT)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_a_document_of_too_many_values_that_must_be_read_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="8,000,000 values"):
        opened(b"[" + b"[]," * 4_100_000 + b"[]]", tmp_path / "r")
    with pytest.raises(SourceError, match="of SARIF alone more is read"):
        opened(b"[" + b" " * (65 << 20) + b"]", tmp_path / "r")


_GROWTH = """
import sys
from asbuilt.model.scan import ScanResult
from asbuilt.scans.identity import identified
from asbuilt.scans.reading import open_scan
from asbuilt.scans.spooled import Spooled
from asbuilt.scans.stored import Filed
gather = lambda results: Spooled(results, ScanResult)
with open(sys.argv[1], "rb") as file:
    for run in open_scan(Filed(file), "r", salt=b"s", gather=gather).runs():
        print(sum(1 for _ in identified(run.results)))
# Not ru_maxrss: it is handed down by the process that started this one.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_memory_does_not_follow_the_number_of_results(tmp_path: Path) -> None:
    peaks = []
    for count in (2_000, 40_000):
        results = [located("py/sql", f"{number}.py", 1, f"run({number})") for number in range(count)]
        (tmp_path / "r").write_bytes(json.dumps(sarif(results)).encode())
        told = subprocess.run(
            [sys.executable, "-c", _GROWTH, tmp_path / "r"], capture_output=True, check=True, text=True
        ).stdout.split()
        assert int(told[0]) == count
        peaks.append(int(told[1]) * 1024)
    assert (peaks[1] - peaks[0]) / 38_000 < 100  # bytes for each further result
