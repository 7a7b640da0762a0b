"""What is known of weaknesses in use: CISA's catalogue of known exploited ones (KEV), and FIRST's EPSS.

KEV is read as its JSON or its CSV (cisa.gov/known-exploited-vulnerabilities-catalog), EPSS as its daily CSV, packed
or not, whose first line names model and day (first.org/epss). Each is taken whole or refused by line: half of a
list would leave a weakness below its class.
"""

import csv
import re
import zlib
from datetime import date, datetime
from typing import Final

import msgspec

from asbuilt.model.errors import SourceError

LARGEST: Final = 256 << 20  # bytes, unpacked; EPSS has some 10 MB, KEV 2 MB
_CVE: Final = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_HEAD: Final = re.compile(r"#model_version:([^,\s]{1,60}),score_date:([0-9]{4}-[0-9]{2}-[0-9]{2})\S*")


class Kev(msgspec.Struct, frozen=True):
    """The catalogue: ``as_of`` is its day (ISO), ``since`` the day on which each weakness was added.

    The CSV names no day of its own: then it is the newest of its entries, and ``version`` is empty.
    """

    as_of: str
    version: str
    since: dict[str, str]


class Epss(msgspec.Struct, frozen=True):
    """The scores of one day: ``model`` as it is named, each a probability from 0 to 1."""

    as_of: str
    model: str
    scores: dict[str, float]


class _Entry(msgspec.Struct):
    cve: str = msgspec.field(name="cveID")
    added: str = msgspec.field(name="dateAdded")


class _Catalogue(msgspec.Struct):
    released: datetime = msgspec.field(name="dateReleased")
    vulnerabilities: list[_Entry]
    version: str = msgspec.field(name="catalogVersion", default="")
    count: int | None = None


def read_kev(data: bytes, path: str) -> Kev:
    """The catalogue of known exploited weaknesses.

    Raises:
        SourceError: it is neither its JSON nor its CSV, or not whole.
    """
    plain = data.removeprefix(b"\xef\xbb\xbf")
    if len(plain) > LARGEST:
        raise _refused(path, f"it is larger than {LARGEST:,} bytes")
    if not plain.lstrip().startswith(b"{"):
        return _kev_csv(plain, path)
    try:
        told = msgspec.json.decode(plain, type=_Catalogue)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(path, str(error) or "it is nested too deeply") from error
    if told.count is not None and told.count != len(told.vulnerabilities):
        raise _refused(path, f"it says {told.count:,} entries and has {len(told.vulnerabilities):,}")
    since = _since([(each.cve, each.added, 0) for each in told.vulnerabilities], path)
    return Kev(told.released.date().isoformat(), told.version[:60], since)


def _kev_csv(data: bytes, path: str) -> Kev:
    rows = csv.DictReader(_text(data, path).splitlines())
    if not {"cveID", "dateAdded"} <= {*(rows.fieldnames or ())}:
        raise _refused(path, "it has no columns cveID and dateAdded")
    try:
        since = _since([(each["cveID"] or "", each["dateAdded"] or "", rows.line_num) for each in rows], path)
    except csv.Error as error:
        raise _refused(path, str(error), rows.line_num) from error
    return Kev(max(since.values()), "", since)


def _since(entries: list[tuple[str, str, int]], path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for cve, added, line in entries:
        if not _CVE.fullmatch(cve) or not _is_day(added):
            raise _refused(path, f"an entry is none: {cve[:40]!r}, added {added[:40]!r}", line)
        found[cve] = min(found.get(cve, added), added)
    if not found:
        raise _refused(path, "it has no entry")
    return found


def read_epss(data: bytes, path: str, *, most: int = LARGEST) -> Epss:
    """The scores of one day; ``most`` bounds its bytes, unpacked.

    Raises:
        SourceError: it is not FIRST's CSV with its first line, or a line is none.
    """
    lines = _text(_unpacked(data, path, most) if data.startswith(b"\x1f\x8b") else data, path).splitlines()
    head = _HEAD.fullmatch(lines[0].removeprefix("\ufeff").strip()) if lines else None
    if head is None or not _is_day(head[2]):
        raise _refused(path, "its first line names no model and day (#model_version:…,score_date:…)", 1)
    if not lines[1:] or not lines[1].startswith("cve,epss"):
        raise _refused(path, "its second line is not cve,epss,percentile", 2)
    scores: dict[str, float] = {}
    for number, line in enumerate(lines[2:], 3):
        cve, _, rest = line.partition(",")
        score = _probability(rest.partition(",")[0])
        if score is None or not _CVE.fullmatch(cve):
            if not line.strip():
                continue
            raise _refused(path, f"a line is no score: {line[:80]!r}", number)
        scores[cve] = score
    if not scores:
        raise _refused(path, "it has no score")
    return Epss(head[2], head[1], scores)


def _probability(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _unpacked(data: bytes, path: str, most: int) -> bytes:
    opened = zlib.decompressobj(31)
    try:
        plain = opened.decompress(data, most)
    except zlib.error as error:
        raise _refused(path, f"it cannot be unpacked: {error}") from error
    if opened.unconsumed_tail:
        raise _refused(path, f"it unpacks to more than {most:,} bytes")
    if not opened.eof:
        raise _refused(path, "it is cut short")
    return plain


def _text(data: bytes, path: str) -> str:
    if len(data) > LARGEST:
        raise _refused(path, f"it is larger than {LARGEST:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(path, "it is not UTF-8") from error


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-01-01") and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _refused(path: str, why: str, line: int = 0) -> SourceError:
    return SourceError(
        "The list of weaknesses in use cannot be read.",
        why=f"{why[:1].upper()}{why[1:]}.",
        fix="Fetch it again: KEV as JSON or CSV from cisa.gov, EPSS as CSV from first.org.",
        where=f"{path}:{line}" if line else path,
    )
