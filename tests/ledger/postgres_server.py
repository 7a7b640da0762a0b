"""A PostgreSQL server of the tests' own, in a temporary folder, on a socket that is a file in it: no port, no network."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")


def find_binary(name: str) -> str | None:
    """A program of PostgreSQL, from the path or from where distributions put it."""
    found = shutil.which(name)
    return found or next((str(each) for place in _PLACES for each in Path(place).glob(f"*/bin/{name}")), None)


def _servant() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    users = {each.pw_name: each for each in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Run a server on the folder, which is made; gives the URL of its database. Stopped at the end."""
    initdb, pg_ctl = find_binary("initdb"), find_binary("pg_ctl")
    assert initdb is not None
    assert pg_ctl is not None
    folder.mkdir(mode=0o700)
    servant = _servant()
    if servant is not None:
        os.chown(folder, servant.pw_uid, servant.pw_gid)
        for above in folder.parents:  # the server must reach its folder
            if above.stat().st_uid == 0 and not above.stat().st_mode & 0o001:
                above.chmod(above.stat().st_mode | 0o001)

    def run(*words: str) -> None:
        user = None if servant is None else servant.pw_uid
        group = None if servant is None else servant.pw_gid
        subprocess.run(
            words,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user,
            group=group,
            extra_groups=None if servant is None else [],
            cwd=folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        )

    data, log = folder / "data", folder / "log"
    run(initdb, "-D", str(data), "-U", "asbuilt", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=40"
    run(pg_ctl, "-D", str(data), "-l", str(log), "-w", "-o", settings, "start")
    try:
        yield f"postgresql://asbuilt@/postgres?host={folder}"
    finally:
        run(pg_ctl, "-D", str(data), "-w", "-m", "immediate", "stop")
