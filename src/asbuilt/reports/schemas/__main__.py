"""``python -m asbuilt.reports.schemas [FOLDER]`` writes the schema files; the default folder is this package's."""

import sys
from pathlib import Path

from asbuilt.reports.schemas import NAMES, schema_bytes

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
for name in NAMES:
    folder.joinpath(f"{name}.json").write_bytes(schema_bytes(name))
