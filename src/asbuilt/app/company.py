"""Where a company's configuration is found, for the commands that are about the company and not one revision."""

from pathlib import Path
from typing import NamedTuple

from asbuilt.app.config import OWN_FILE, SHARED_FILE, Config, read_config_file


class Company(NamedTuple):
    """The configuration, and the folder that its relative names start from."""

    config: Config
    base: Path


def read_company(named: Path | None, folder: Path) -> Company:
    """The configuration that was named, else the one in ``folder`` or the nearest folder above it, else none.

    Raises:
        ConfigError: it is malformed, or says something unknown; names file:line.
    """
    if named is not None:
        return Company(read_config_file(named), named.resolve().parent)
    for place in (folder.resolve(), *folder.resolve().parents):
        for name in (OWN_FILE, SHARED_FILE):
            if (place / name).is_file():
                config = read_config_file(place / name)
                if config.source is not None:
                    return Company(config, place)
        if (place / ".git").exists():  # what lies above is another project's
            break
    return Company(Config(), folder)
