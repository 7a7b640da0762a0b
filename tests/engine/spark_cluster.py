"""A Spark standalone cluster on loopback: one master and two workers, each a process that the test ends itself."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

WORKERS = 2
_LIMIT = 120  # seconds until everything must have registered


def needs_spark() -> None:
    """Skip where there is no Java or no PySpark."""
    pytest.importorskip("pyspark", reason="PySpark is not installed")
    if shutil.which("java") is None:
        pytest.skip("no Java is on the path")


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The URL of a running master with its workers registered."""
    home = Path(pytest.importorskip("pyspark").__file__).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *words: str) -> Path:
        log = folder / f"{name}.log"
        with log.open("wb") as out:
            started.append(
                subprocess.Popen(
                    [str(home / "bin" / "spark-class"), *words],
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    cwd=folder,
                    env=environment,
                )
            )
        return log

    try:
        own = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        master = start("master", "org.apache.spark.deploy.master.Master", *own)
        url = _awaited(master, r"(spark://127\.0\.0\.1:\d+)", 1)[0]
        for number in range(WORKERS):
            one = ("--cores", "1", "--memory", "1g", url)
            start(f"worker-{number}", "org.apache.spark.deploy.worker.Worker", *own, *one)
        _awaited(master, r"Registering worker ", WORKERS)
        yield url
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            if process.poll() is None:
                process.kill()
                process.wait()


def _awaited(log: Path, pattern: str, times: int) -> list[str]:
    until = time.monotonic() + _LIMIT
    while time.monotonic() < until:
        found = re.findall(pattern, log.read_text("utf-8", "replace"))
        if len(found) >= times:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{pattern!r} did not come {times} times:\n{log.read_text('utf-8', 'replace')}")
