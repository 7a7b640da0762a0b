"""A Spark session for the engine: on this machine, or on a cluster by its URL (the extra ``[spark]``)."""

import importlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asbuilt.engine.spark import SETTINGS
from asbuilt.model.errors import SourceError, UsageError

_URL = re.compile(r"spark://[^\s/:]+:\d+(?:,[^\s/:]+:\d+)*|local(?:\[(?:\d+|\*)\])?|k8s://\S+|yarn")

_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}


@contextmanager
def open_spark(url: str | None) -> Iterator[Any]:
    """A session that is stopped at the end; ``url`` names the master (None: this machine, two threads).

    Raises:
        UsageError: PySpark is not installed, or the URL is none.
        SourceError: the session cannot be started: no Java, no master there.
    """
    master = url or "local[2]"
    if not _URL.fullmatch(master):
        raise UsageError(
            f"{master!r} is no Spark master.", fix="Write spark://HOST:PORT, or nothing for this machine."
        )
    try:
        sql = importlib.import_module("pyspark.sql")
        refused = (
            importlib.import_module("pyspark.errors").PySparkException,
            importlib.import_module("py4j.protocol").Py4JError,
            OSError,
        )
    except ImportError as error:
        raise UsageError(
            "PySpark is not installed.", fix="Install it: pip install 'asbuilt[spark]'; it needs Java 17 or newer."
        ) from error
    builder = sql.SparkSession.builder.appName("asbuilt").master(master)
    for name, value in {
        **SETTINGS,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(name, value)
    if master.startswith(("local", "spark://127.0.0.1:", "spark://localhost:")):
        # Nothing outside this machine has to reach the driver.
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of PySpark's own imports
            session = builder.getOrCreate()
    except refused as error:
        raise SourceError(
            f"Spark could not be started on {master}.",
            why=str(error).split("\n", 1)[0][:300],
            fix="Install Java 17 or newer, and see that the master runs and has workers.",
        ) from error
    try:
        yield session
    finally:
        session.stop()
