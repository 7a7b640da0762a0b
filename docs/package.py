"""The page of the auditor's package: its files as its own first page lists them, its steps as its script states them."""

import re

from asbuilt.reports.package import verify
from asbuilt.reports.package.pages import CONTENTS


def package_page() -> str:
    """Every file of a package, and what is checked in which step."""
    rows = "".join(f"| `{name}` | {what} |\n" for name, what in CONTENTS)
    text = verify.__doc__ or ""
    steps = re.findall(r"^\d\. .*(?:\n(?!\d\. |\n).+)*", text, re.MULTILINE)
    listed = "\n".join(" ".join(step.split()) for step in steps)
    left = "\n".join(f"- {each}" for each in verify.LEFT)
    return (
        f"{_ABOUT}\n## What lies in it\n\n| file | what it is |\n|---|---|\n{rows}\n{_FILES}\n"
        f"## What is checked\n\n{listed}\n\n{_CHECKED}\n{left}\n\n{_KEY}"
    )


_ABOUT = """\
# The auditor's package

```text
asbuilt audit --type 2 --from 2026-01-01 --to 2026-07-01 --package audit.zip
asbuilt verify audit.zip --key FINGERPRINT      # with AsBuilt
python3 verify.py audit.zip FINGERPRINT         # without
```

One zip with everything about one audit, and with what proves that nothing in it was edited afterwards. It opens
without AsBuilt: pages without script, lists, raw records. The same audit of the same ledger gives the same bytes.

Writing it seals the ledger where the newest checkpoint does not seal exactly what was audited: that needs the signing
key. Records that come in meanwhile make it refuse (run it again). A zip is whole, or it is not there.
[How to read one](../how-to/read-a-package.md) is written for the auditor.
"""

_FILES = """\
`audit.pdf` is there where the extra `pdf` is installed; `attachments/` and `evidence/` where there is something to
hold; `one-change.html` where there is a change; `leaves.txt` for ledgers of at most 2,000,000 entries; `manifest.sig`
where the signing key is on the machine that writes it. A control has a page for each drawn item and for its first 200
deviations; `lists/deviations.csv` has all. A page shows at most 60 rows about one subject; the population has all.
Extracts whose file the ledger's folder lacks (often only its digest was recorded) are named in `manifest.json` under
`unbrought`, on the first page, and by the command.

| list | one row for each |
|---|---|
| `lists/controls.csv` | control: conclusion, counts, settings, digests, whether the population is complete |
| `lists/criteria.csv` | criterion: standing, and the controls behind it |
| `lists/control-matrix.csv` | control, with a column for each criterion |
| `lists/deviations.csv` | deviation: item, reason, what people noted, waiver |
| `lists/in-force.csv` | stretch of time of a state control: on, off or not visible |
| `lists/occurrences.csv` | occurrence that a cadence control expected |
| `lists/samples.csv` | drawn item: seed, method, place in the order, what it replaces |
| `lists/completeness.csv` | change, merged request, push or deployment: what it ties to on the other side, or why to nothing |
| `lists/parity.csv` | control and class of authorship: met, deviation, unknown |
| `lists/mending.csv` | class of authorship: findings known in the window, closed, open, days to the closing |

| draft | what it begins |
|---|---|
| `drafts/system-description.md` | the description of the system, by the nine description criteria |
| `drafts/management-assertion.md` | what management states |
| `drafts/customers-and-suppliers.md` | what customers and suppliers must do themselves; AI providers are among them |

A draft says where a fact is missing, and a person finishes it.
"""

_CHECKED = """\
`verify.py` needs Python 3.8 or newer and nothing else: SHA-256, the Merkle tree and Ed25519 are in it. It reads the
zip, or the folder that it was unpacked into; it unpacks and runs nothing. `asbuilt verify` takes the same steps with
the signatures checked by another library. Each prints one line a step: `holds`, `FAILS`, or `not checked here`.

| exit code | what it says |
|--:|---|
| 0 | everything that can be checked holds |
| 2 | it is no package, or was typed wrong |
| 4 | something does not hold; the line says what |

In step 1 up to 20 files are named; in the others the first thing that does not hold.

## What no file can prove about itself

- Whose key it is: see below.
"""

_KEY = """\
Nor does a package show that what a source told was true, or that a control fits the company's risks. It holds
management's own tests; an opinion on controls is a CPA firm's to give.

## Whose key it is

Anybody can make a ledger and a key. So the key in the package is worth as much as the way in which you learnt that it
is the company's. Have its fingerprint read out by a person whom you know, or take it from the contract or from an
older report, never from what came with the package:

    asbuilt verify audit.zip --key "fc7bce68 df2e7404 2698a7d6 0e2df8a5 2327d9f5 4ef72d40 d3e4f82a e1954f29"

The fingerprint is the SHA-256, in hex, of the one line of `key.vkey` without its line feed; spaces do not count:

    tr -d '\\n' < key.vkey | sha256sum

`--key` also takes the verifier key itself or, of `asbuilt verify`, a file that holds it. A ledger whose key was
rotated signs with the new one; the rotation is a record in it, signed by both ([ledger](ledger.md)).

## What is signed

`manifest.json` names the SHA-256 of every file besides itself and `manifest.sig`, and says ledger, size, root, window
and type. `manifest.sig` is a [signed note](https://c2sp.org/signed-note) of four lines: `asbuilt.package/v1`, the
ledger's name, `manifest.json`, and the SHA-256 of the manifest in base64. `checkpoint.txt` is a
[checkpoint](https://c2sp.org/tlog-checkpoint). Each line of `records.jsonl` has the `index` of an entry, its bytes
(`entry`, base64) and the hashes from its leaf to the root (`proof`). An entry is one line of header, then the payload
as it came.
"""
