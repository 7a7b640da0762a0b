"""Hunks do not depend on whether libgit2 hashes what it compares."""

import json
import random
import subprocess
import sys

from asbuilt.history.origins.patches import compare_contents

# Another process: the switch is for all of one.
TRUSTING = """
import json, sys
from asbuilt.history.origins.patches import compare_contents, trust_ids
trust_ids()
pairs = json.load(sys.stdin)
json.dump([compare_contents(old.encode(), new.encode()) for old, new in pairs], sys.stdout)
"""


def test_the_same_with_and_without_hashes() -> None:
    dice = random.Random(3)
    pairs = [("", "a\n"), ("a", "a\n"), ("a\n", ""), ("a\n\0b\n", "\0\n")]
    for _ in range(300):
        old = [dice.choice("ab}\t") + "\n" for _ in range(dice.randrange(60))]
        new = list(old)
        for _ in range(dice.randint(1, 4)):
            at = dice.randint(0, len(new))
            new[at : at + dice.randrange(3)] = [dice.choice("abc ") + "\n"] * dice.randrange(3)
        pairs.append(("".join(old), "".join(new)))
    done = subprocess.run(
        [sys.executable, "-P", "-c", TRUSTING], input=json.dumps(pairs), capture_output=True, text=True, check=True
    )
    expected = [[list(hunk) for hunk in compare_contents(old.encode(), new.encode())] for old, new in pairs]
    assert json.loads(done.stdout) == expected
    assert sum(len(hunks) > 1 for hunks in expected) > 50
